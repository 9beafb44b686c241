/** Plugins in a training loop of your own. */
export { type TrainingLoop, type TrainingLoopOptions, trainingLoop } from './loop/trainingLoop.ts';
export type { Variables } from './model/variables.ts';
export type { Trained } from './run/known.ts';
