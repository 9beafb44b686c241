/** Saved models, in browsers and elsewhere: load them, and preprocess new rows as the training rows were preprocessed. */
export { applyPreprocessing, undoLabelScaling } from './saved/apply.ts';
export { loadModel } from './saved/loadModel.ts';
export { type Preprocessing, preprocessingOf } from './saved/preprocessing.ts';
export type { RowRecord } from './saved/records.ts';
