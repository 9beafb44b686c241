/** What needs Node's file system: checkpoints in a directory, and listeners that write files. */
export { directoryStore } from './checkpoint/stores/directoryStore.ts';
export { storageError } from './checkpoint/stores/folder.ts';
export { csv } from './listeners/csv.ts';
export { type JsonLinesOptions, jsonLines, type Writable } from './listeners/jsonLines.ts';
export { type TensorBoardOptions, tensorBoard } from './listeners/tensorBoard.ts';
