/** For authors of layer plugins. Needs tfjs-layers. */
export {
  type ConfigFormat,
  defineLayer,
  type LayerDefinition,
  type LayerFactory,
  type LayerOptions,
  PluginLayer,
} from './defineLayer.ts';
export { forwardContext, randomSeed, resetClock, type Stochastic } from './forwardContext.ts';
export { isLayerPlugin, layerPlugin, layerPluginsOf } from './layerPlugins.ts';
export { type Layer, layerTree, type Place } from './layerTree.ts';
export { register } from './register.ts';
export {
  defineReparametrization,
  type Kernel,
  type OwnWeight,
  type ReparametrizationDefinition,
  type WrapperFactory,
  type WrapperLayer,
} from './reparametrize.ts';
export { FIRST_SAMPLE, type Sample, sampling } from './sampling.ts';
