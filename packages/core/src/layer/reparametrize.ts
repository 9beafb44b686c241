/**
 * Reparametrizations: wrappers around a layer whose kernels are functions of their variables. While the inner layer is called, it reads
 * f(kernel) in place of the kernel; the gradient flows through f to the variable, which is trained and saved.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Layer } from '../model/layerTree.ts';
import { checkDefinition } from '../options/definition.ts';
import type { OptionArguments } from '../options/options.ts';
import { ambiguousOption, type LayerOptions, type PluginLayer, split } from './pluginLayer.ts';
import type { ReparametrizationDefinition } from './reparametrization.ts';
import { Reparametrized } from './reparametrized.ts';

/** A layer around another one, as in `tf.layers.timeDistributed`. */
export interface WrapperLayer<O extends object> extends PluginLayer<O> {
  /** The layer inside. */
  readonly layer: Layer;
}

/** `Given` is the type that callers pass, if `normalize` turns it into the options `O`. */
export interface WrapperFactory<O extends object, Given = O> {
  /** Wraps a layer. @throws OptionError for invalid options */
  (layer: Layer, ...options: OptionArguments<LayerOptions<Given>>): WrapperLayer<O>;
  /** The class of its layers, to which saved models refer. */
  readonly layerClass: tf.serialization.SerializableConstructor<WrapperLayer<O>>;
  /** The definition of the factory. */
  readonly definition: ReparametrizationDefinition<O>;
}

/**
 * Makes a factory of wrappers from a function of a kernel. A wrapper takes any layer with kernels: dense, convolutions, recurrent layers, embeddings,
 * Bidirectional, TimeDistributed, or a whole model. Use it wherever a layer goes. Its weights are those of the inner layer, followed by its own. Call
 * `register` with the factory before you load a saved model that has such a layer.
 * @example
 * const squashed = defineReparametrization({
 *   name: 'squashed',
 *   className: 'MySquashed',
 *   options: {},
 *   kernel: value => tf.tanh(value),
 * });
 * model.add(squashed(tf.layers.dense({ units: 2 })));
 * @throws OptionError, when the wrapper is built, for a layer without such weights
 */
export function defineReparametrization<O extends object, Given = O>(
  definition: ReparametrizationDefinition<O>,
): WrapperFactory<O, Given> {
  checkDefinition('defineReparametrization', definition, { names: ['name', 'className'], functions: ['kernel'] });
  class Wrapper extends Reparametrized<O> {
    static readonly className = definition.className;
    constructor(given: { readonly layer: Layer }) {
      super(definition, given);
    }
  }
  const factory = (layer: Layer, ...[given]: OptionArguments<LayerOptions<Given>>): WrapperLayer<O> => {
    const { own, base } = split(
      given ?? {},
      definition.name,
      ambiguousOption(definition.options, definition.noise ?? {}),
    );
    return new Wrapper({ ...own, ...base, layer });
  };
  return Object.assign(factory, { layerClass: Wrapper as WrapperFactory<O>['layerClass'], definition });
}
