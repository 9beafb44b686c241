/** For authors of training loops: the building blocks of `attach` and `fit`. */

export {
  distinct,
  type Graph,
  graphsOf,
  inputNames,
  type NamedPlace,
  namedPlaces,
  outputNames,
  type PlacedCall,
} from './model/identity.ts';
export { layerNamed, placeNamed } from './model/layerNamed.ts';
export { checkModel } from './model/layerTree.ts';
export { checkInputs, checkNumbers, tensorsInOrder } from './model/modelInputs.ts';
export { regularizersOf } from './model/regularizers.ts';
export { type Call, callAgain, callsIn, isModel } from './model/topology.ts';
export { hasPrivateFields, unsavedFields } from './optimizer/optimizerMemory.ts';
export { optimizerState, restoreOptimizer } from './optimizer/optimizerState.ts';
export { checkOptimizer, learningRateOf, setLearningRate } from './optimizer/optimizers.ts';
export { duration } from './options/duration.ts';
export * as messages from './options/messages.ts';
export { checkArgument, checkOptions, nearest } from './options/options.ts';
export { ownValue } from './options/ownValue.ts';
export { show } from './options/show.ts';
export { isTable } from './options/table.ts';
export { checkLog, checkMonitors, type Monitored } from './plugin/monitor.ts';
export { FIT_ONLY } from './plugin/setUp.ts';
export { mapStep, stepTensors, tidyStep } from './plugin/stepResult.ts';
export { withKey } from './random/site.ts';
export { breathe } from './run/breathe.ts';
export type { Computation, Cost, CostAndGradients, RowsPass, TakePass } from './run/cost.ts';
export { checkFinite } from './run/finite.ts';
export { readInto } from './run/readInto.ts';
export { addSteps, batchTensors, cuts, meanOfParts, sliceBatch, weighPart } from './run/rows.ts';
export { openRun, type Run, type RunOptions, type Where } from './run/run.ts';
