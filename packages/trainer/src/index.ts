export { type EarlyStoppingOptions, earlyStopping } from '@keepprob/stopping';
export type { ArrayData, Arrays, Shaped, StreamBatch } from './arrays.ts';
export { type Checkpoint, decodeCheckpoint, encodeCheckpoint, type Manifest } from './checkpoint/checkpoint.ts';
export { type Checkpoints, type CheckpointsOptions, checkpoints } from './checkpoint/checkpoints.ts';
export { CheckpointError, type CheckpointProblem } from './checkpoint/errors.ts';
export { indexedDBStore } from './checkpoint/indexedDBStore.ts';
export { restoreWeights } from './checkpoint/restoreWeights.ts';
export {
  type Dtype,
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type StoredTensor,
} from './checkpoint/safetensors.ts';
export { type CheckpointStore, memoryStore } from './checkpoint/store.ts';
export type { Dataset, TrainingData } from './data.ts';
export { type EvaluateRowsOptions, evaluateRows, type RowEvaluation } from './evaluateRows.ts';
export { type FittedRun, fit } from './fit.ts';
export type { RunEvent, RunListener } from './listeners/listener.ts';
export type { FitOptions } from './options.ts';
export type { FitEvent, Listener, Progress } from './progress.ts';
