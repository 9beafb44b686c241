/**
 * Reparametrizations: wrappers around a layer whose kernels are functions of their variables. While the inner layer is called it reads
 * f(kernel) in place of the kernel; the gradient flows through f to the variable, which is what is trained and saved.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Layer } from '../model/layerTree.ts';
import type { OptionArguments } from '../options/options.ts';
import { ambiguousOption, type LayerOptions, type PluginLayer, split } from './defineLayer.ts';
import type { ReparametrizationDefinition } from './reparametrization.ts';
import { Reparametrized } from './reparametrized.ts';

/** A layer around another one, as in `tf.layers.timeDistributed`. */
export interface WrapperLayer<O extends object> extends PluginLayer<O> {
  readonly layer: Layer;
}

/** `Given` is what callers write, where `normalize` makes the options `O` of it. */
export interface WrapperFactory<O extends object, Given = O> {
  (layer: Layer, ...options: OptionArguments<LayerOptions<Given>>): WrapperLayer<O>;
  readonly layerClass: tf.serialization.SerializableConstructor<WrapperLayer<O>>;
  readonly definition: ReparametrizationDefinition<O>;
}

/**
 * A factory of wrappers from a function of a kernel. It wraps any layer with kernels: dense, convolutions, recurrent layers, embeddings,
 * Bidirectional, TimeDistributed, whole models; the wrapper goes where a layer goes. Its weights are those of the inner layer and then its
 * own. Can be saved once `register`ed.
 */
export function defineReparametrization<O extends object, Given = O>(
  definition: ReparametrizationDefinition<O>,
): WrapperFactory<O, Given> {
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
