/** A layer made from a pure function: dropout and noise, which are the identity at inference. */
import * as tf from '@tensorflow/tfjs-core';
import type { ForwardMoment } from '../contract.ts';
import type { Noise } from '../noise/noise.ts';
import { OptionError, PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { forwardContext, seedOf } from './forwardContext.ts';
import { changeOptions, noisesBy, type OptionsDefinition, ownOptions } from './ownOptions.ts';
import { type LayerArguments, PluginLayer, savedOptions } from './pluginLayer.ts';

/** Translates a config to and from that of another library, such as Keras, whose class name the layer has. `load` undoes `save`. */
export interface ConfigFormat {
  /** From the layer's own config to that of the other library. */
  save(config: tf.serialization.ConfigDict): tf.serialization.ConfigDict;
  /** From the config of the other library to the layer's own. */
  load(config: tf.serialization.ConfigDict): tf.serialization.ConfigDict;
}

/** What `defineLayer` makes a factory from. */
export interface LayerDefinition<O extends object> extends OptionsDefinition<O> {
  /** How a saved model holds the layer's config, including the arguments of every layer; by default as it is. */
  readonly config?: ConfigFormat;
  /** Checks the options against the shape of the input, batch axis included: when the layer is built, and at each training call. */
  checkShape?(shape: readonly (number | null)[], options: Required<O>): void;
  /** The forward pass in training, a pure function of its arguments; at inference the layer is the identity. */
  forward(x: tf.Tensor, options: Required<O>, at: ForwardMoment): tf.Tensor;
}

export abstract class DefinedLayer<O extends object> extends PluginLayer<O> {
  readonly isIdentity = true;
  options: Required<O>;
  readonly #definition: LayerDefinition<O>;

  constructor(definition: LayerDefinition<O>, given: unknown = {}) {
    const { options, base } = ownOptions(definition, given);
    super(base as LayerArguments);
    this.#definition = definition;
    this.options = options;
    this.supportsMasking = true;
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

  override getConfig(): tf.serialization.ConfigDict {
    const { name, config } = this.#definition;
    const whole = { ...super.getConfig(), ...savedOptions(name, this.options) };
    return config ? config.save(whole) : whole;
  }

  describeNoise(): readonly Noise[] {
    return noisesBy<O>(this, this.#definition);
  }

  setOptions(patch: Partial<O>): () => void {
    return changeOptions<O>(this, this.#definition, patch);
  }
}
