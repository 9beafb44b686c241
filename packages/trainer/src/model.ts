/** Saved models, in a page and anywhere else: load them, and do to new rows what was done to those that they were trained on. */
export { applyPreprocessing, undoLabelScaling } from './saved/apply.ts';
export { loadModel } from './saved/loadModel.ts';
export { type Preprocessing, preprocessingOf } from './saved/preprocessing.ts';
export type { RowRecord } from './saved/records.ts';
