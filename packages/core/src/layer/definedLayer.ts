/** A layer made from a pure function, such as dropout or noise, which is the identity at inference. */
import * as tf from '@tensorflow/tfjs-core';
import type { ForwardMoment } from '../contract.ts';
import { OptionError, PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { forwardContext, seedOf } from './forwardContext.ts';
import { OptionsLayer, type SavedDefinition } from './optionsLayer.ts';

/** The argument of `defineLayer`. */
export interface LayerDefinition<O extends object> extends SavedDefinition<O> {
  /** Checks the options against the shape of the input, including the batch axis: when the layer is built, and at each training call. */
  checkShape?(shape: readonly (number | null)[], options: Required<O>): void;
  /** The forward pass in training, a pure function of its arguments; at inference the layer is the identity. */
  forward(x: tf.Tensor, options: Required<O>, at: ForwardMoment): tf.Tensor;
}

export class DefinedLayer<O extends object> extends OptionsLayer<O> {
  readonly #definition: LayerDefinition<O>;

  constructor(definition: LayerDefinition<O>, given?: unknown) {
    super(definition, given);
    this.#definition = definition;
  }

  override build(shape: tf.Tensor['shape'] | tf.Tensor['shape'][]): void {
    const { name, checkShape } = this.#definition;
    if (shape.length > 1 && Array.isArray(shape[0])) throw new OptionError(messages.oneInput(name, shape.length));
    checkShape?.(shape as number[], this.options);
    super.build(shape);
  }

  override computeOutputShape<S>(shape: S): S {
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    const { streams = [], checkShape, forward } = this.#definition;
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
      const at = forwardContext(this, kwargs, { seed: seedOf(this.options), streams });
      if (!at) return x;
      checkShape?.(x.shape, this.options);
      try {
        return forward(x, this.options, at);
      } catch (error) {
        throw PluginError.from(error, this.name, 'forward');
      }
    });
  }
}
