/** A factory of layers, with the class that saved models refer to. */
import type * as tf from '@tensorflow/tfjs-core';
import type { OptionArguments } from '../options/options.ts';
import type { OptionsLayer, SavedDefinition } from './optionsLayer.ts';
import type { LayerOptions, PluginLayer } from './pluginLayer.ts';

/** `Given` is the type that callers pass, if `normalize` turns it into the options `O`. */
export interface Factory<O extends object, Given, Definition> {
  /** Makes the layer. @throws OptionError for invalid options */
  (...options: OptionArguments<LayerOptions<Given>>): PluginLayer<O>;
  /** The class of its layers, to which saved models refer. */
  readonly layerClass: tf.serialization.SerializableConstructor<PluginLayer<O>>;
  /** The definition of the factory. */
  readonly definition: Definition;
}

/** A factory of layers that `Base` makes from this definition. */
export function factoryOf<O extends object, Given, Definition extends SavedDefinition<O>>(
  definition: Definition,
  Base: new (definition: Definition, given?: unknown) => OptionsLayer<O>,
): Factory<O, Given, Definition> {
  const { className, config } = definition;

  class Defined extends Base {
    static readonly className = className;
    constructor(given?: unknown) {
      super(definition, given);
    }
    /** Loading adds `customObjects` to every config; it is not an option. */
    static fromConfig<T extends tf.serialization.Serializable>(
      cls: tf.serialization.SerializableConstructor<T>,
      { customObjects: _, ...saved }: tf.serialization.ConfigDict,
    ): T {
      return new cls(config ? config.load(saved) : saved);
    }
  }

  const factory = (...[given]: OptionArguments<LayerOptions<Given>>): PluginLayer<O> => new Defined(given);
  const layerClass = Defined as tf.serialization.SerializableConstructor<PluginLayer<O>>;
  return Object.assign(factory, { layerClass, definition });
}
