export { decodeCheckpoint, encodeCheckpoint } from './checkpoint/checkpoint.ts';
export { CheckpointError, type CheckpointProblem } from './checkpoint/errors.ts';
export type { Checkpoint, Manifest } from './checkpoint/parts.ts';
export { restoreWeights } from './checkpoint/restoreWeights.ts';
export { type Checkpoints, type CheckpointsOptions, checkpoints } from './checkpoint/retention.ts';
export {
  type Dtype,
  decodeSafetensors,
  encodeSafetensors,
  type Safetensors,
  type StoredTensor,
} from './checkpoint/safetensors.ts';
export { indexedDBStore } from './checkpoint/stores/indexedDBStore.ts';
export { type CheckpointStore, memoryStore } from './checkpoint/stores/store.ts';
export type { ArrayData, Arrays, Dataset, Shaped, StreamBatch, TrainingData } from './data/given.ts';
export type { RunEvent, RunListener } from './listeners/listener.ts';
export type { FitEvent, Listener, Progress } from './listeners/progress.ts';
export { BackendError } from './loop/backendWatch.ts';
export { type FittedRun, fit } from './loop/fit.ts';
export { type EvaluateRowsOptions, evaluateRows, type RowEvaluation } from './objective/evaluateRows.ts';
export { lossNames, metricNames } from './objective/known.ts';
export type { FitOptions } from './options.ts';
