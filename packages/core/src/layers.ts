/** For authors of layer plugins. Needs tfjs-layers. */

export { type Core, thisCore } from './copies.ts';
export type { LayerDefinition } from './layer/definedLayer.ts';
export { defineLayer, type LayerFactory } from './layer/defineLayer.ts';
export { defineMergeLayer, type MergeLayerFactory } from './layer/defineMergeLayer.ts';
export { forwardContext, randomSeed, resetClock, type Stochastic } from './layer/forwardContext.ts';
export { atInference, batchNormsOf, isFrozen } from './layer/frozen.ts';
export type { MergeLayerDefinition } from './layer/mergeLayer.ts';
export type { ConfigFormat } from './layer/optionsLayer.ts';
export type { OptionsDefinition } from './layer/ownOptions.ts';
export { type LayerOptions, PluginLayer } from './layer/pluginLayer.ts';
export { register } from './layer/register.ts';
export type { Kernel, OwnWeight, ReparametrizationDefinition } from './layer/reparametrization.ts';
export { defineReparametrization, type WrapperFactory, type WrapperLayer } from './layer/reparametrize.ts';
export { FIRST_SAMPLE, type Sample, sampling } from './layer/sampling.ts';
export { type Loader, teachLoader } from './layer/teachLoader.ts';
export { withCalls } from './layer/withCalls.ts';
export { isLayerPlugin, layerPlugin, layerPluginsOf } from './model/layerPlugins.ts';
export { type Layer, layerTree, type Place } from './model/layerTree.ts';
export { type DescribedWeight, weightsIn } from './model/weights.ts';
export {
  type DescribesNoise,
  hasKeepProb,
  keepProbAt,
  type Noise,
  type NoiseDefinition,
  type NoiseDefinitions,
  type NoiseShape,
  noisesFrom,
  type StrengthKind,
  setKeepProbOf,
  sizesOf,
  turnOff,
  unlikeDropout,
} from './noise/noise.ts';
export { isIdentityAtInference, keepProbNoisesOf, noiseOf, noisesOf, type PlacedNoise } from './noise/noiseOf.ts';
