/** For authors of training loops: what `attach` and `fit` are built on. */

export { breathe } from './breathe.ts';
export { checkModel } from './layerTree.ts';
export { messages } from './messages.ts';
export { optimizerState, restoreOptimizer } from './optimizerState.ts';
export { checkOptimizer, learningRateOf, setLearningRate } from './optimizers.ts';
export { checkOptions, nearest } from './options.ts';
export { readInto } from './readInto.ts';
export { type CostAndGradients, openRun, type Run, type RunOptions, type Where } from './run.ts';
export { FIT_ONLY } from './setUp.ts';
export { type Computation, type RowsPass, type TakePass, takeStep } from './step.ts';
