/** Exports models to Python: as a Keras or PyTorch script, with the weights as safetensors. */
export { ConvertError, type ConvertProblem, type ConvertSubject } from './errors.ts';
export { exportKeras } from './keras/exportKeras.ts';
export type { Exported, ExportOptions } from './network/exported.ts';
export type { SafeDtype, SafeTensor } from './safetensors/dtypes.ts';
export { readSafetensors } from './safetensors/read.ts';
export { writeSafetensors } from './safetensors/write.ts';
export { exportTorch } from './torch/exportTorch.ts';
