import type * as tf from '@tensorflow/tfjs-core';
import { checkDefinition } from '../options/definition.ts';
import type { OptionArguments } from '../options/options.ts';
import { DefinedLayer, type LayerDefinition } from './definedLayer.ts';
import type { LayerOptions, PluginLayer } from './pluginLayer.ts';

/** `Given` is what callers write, where `normalize` makes the options `O` of it. */
export interface LayerFactory<O extends object, Given = O> {
  /** Makes the layer. @throws OptionError for options that it does not take */
  (...options: OptionArguments<LayerOptions<Given>>): PluginLayer<O>;
  /** The class of its layers, as saved models name it. */
  readonly layerClass: tf.serialization.SerializableConstructor<PluginLayer<O>>;
  /** What the factory was made from. */
  readonly definition: LayerDefinition<O>;
}

/**
 * Makes a factory of layers from a class name, options and a forward pass. At inference its layers are the identity. Call `register` with the
 * factory before you load a saved model that has such a layer.
 * @example
 * const shiver = defineLayer({
 *   name: 'shiver',
 *   className: 'MyShiver',
 *   options: { stddev: option.number({ min: 0 }) },
 *   forward: (x, { stddev }, at) => tf.add(x, normalNoise(x.shape, at.key(), { scale: stddev })),
 * });
 * model.add(shiver({ stddev: 0.1, name: 'shaken' }));
 * @throws OptionError for a definition that lacks a name, the options or the forward pass
 */
export function defineLayer<O extends object, Given = O>(definition: LayerDefinition<O>): LayerFactory<O, Given> {
  checkDefinition('defineLayer', definition, { names: ['name', 'className'], functions: ['forward'] });
  const { className, config } = definition;

  class Defined extends DefinedLayer<O> {
    static readonly className = className;
    constructor(given?: unknown) {
      super(definition, given);
    }
    /** Loading adds `customObjects` to every config; an option it is not. */
    static override fromConfig<T extends tf.serialization.Serializable>(
      cls: tf.serialization.SerializableConstructor<T>,
      { customObjects: _, ...saved }: tf.serialization.ConfigDict,
    ): T {
      return new cls(config ? config.load(saved) : saved);
    }
  }

  const factory = (...[given]: OptionArguments<LayerOptions<Given>>): PluginLayer<O> => new Defined(given);
  return Object.assign(factory, { layerClass: Defined as LayerFactory<O>['layerClass'], definition });
}
