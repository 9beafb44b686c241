/** The exports that need Node's file system: checkpoints in a directory, listeners that write files, and models in files. */
export { directoryStore } from './checkpoint/stores/directoryStore.ts';
export { storageError } from './checkpoint/stores/folder.ts';
export { csv } from './listeners/csv.ts';
export { type JsonLinesOptions, jsonLines, type Writable } from './listeners/jsonLines.ts';
export { type TensorBoardOptions, tensorBoard } from './listeners/tensorBoard.ts';
export { applyPreprocessing, undoLabelScaling } from './saved/apply.ts';
export { bytesOf, jsonOf, sizeOfFile } from './saved/node/files.ts';
export { loadModel } from './saved/node/loadModel.ts';
export { modelFiles } from './saved/node/modelFiles.ts';
export { type SaveModelOptions, saveModel } from './saved/node/saveModel.ts';
export { type Preprocessing, preprocessingOf } from './saved/preprocessing.ts';
export type { RowRecord } from './saved/records.ts';
