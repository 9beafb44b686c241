/** A layer made from a pure function: dropout and noise, which are the identity at inference. */
import * as tf from '@tensorflow/tfjs-core';
import type { ForwardMoment } from '../contract.ts';
import { type Noise, type NoiseDefinitions, noisesFrom } from '../noise/noise.ts';
import { OptionError, PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { checkOptions, type OptionSpecs } from '../options/options.ts';
import { forwardContext, seedOf } from './forwardContext.ts';
import { ambiguousOption, type LayerArguments, PluginLayer, savedOptions, split } from './pluginLayer.ts';

/** A config in the words of another library, such as Keras, whose class name the layer carries: `load` undoes `save`. */
export interface ConfigFormat {
  /** From the layer's own config to that of the other library. */
  save(config: tf.serialization.ConfigDict): tf.serialization.ConfigDict;
  /** From the config of the other library to the layer's own. */
  load(config: tf.serialization.ConfigDict): tf.serialization.ConfigDict;
}

/** What `defineLayer` makes a factory from. */
export interface LayerDefinition<O extends object> {
  /** Registered under this name; a legal tensor name, such as `KeepprobDropout`. */
  readonly className: string;
  /** How errors call it; the factory's name. */
  readonly name: string;
  /** What each option takes. */
  readonly options: OptionSpecs<O>;
  /**
   * What is random about it, by the option that sets how strong it is: what `setKeepProb` sets, `noiseOff` turns off and the lens explains. Leave it
   * out for a layer that is not random.
   */
  readonly noise?: NoiseDefinitions<O>;
  /** Names of random streams next to the default one. */
  readonly streams?: readonly string[];
  /** Rewrites what was given before it is checked: aliases, rules between options. */
  normalize?(given: object): object;
  /** How a saved model holds the layer's config, the arguments of every layer included; as it is, if left out. */
  readonly config?: ConfigFormat;
  /** Checks the options against the shape of the input, batch axis included: when the layer is built, and at each training call. */
  checkShape?(shape: readonly (number | null)[], options: Required<O>): void;
  /** The forward pass in training, a pure function of its arguments; at inference the layer is the identity. */
  forward(x: tf.Tensor, options: Required<O>, at: ForwardMoment): tf.Tensor;
}

const same = (given: object): object => given;

export abstract class DefinedLayer<O extends object> extends PluginLayer<O> {
  readonly isIdentity = true;
  options: Required<O>;
  readonly #definition: LayerDefinition<O>;

  constructor(definition: LayerDefinition<O>, given: unknown = {}) {
    const { name, options: specs, noise = {}, normalize = same } = definition;
    const { own, base } = split(given, name, ambiguousOption(specs, noise));
    const options = checkOptions<O>(name, specs, normalize(own));
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
    return noisesFrom<O>(this, this.#definition.noise ?? {}, seedOf(this.options));
  }

  setOptions(patch: Partial<O>): () => void {
    const { name, options: specs, normalize = same } = this.#definition;
    const before = this.options;
    this.options = checkOptions<O>(name, specs, { ...before, ...normalize(patch) });
    return () => {
      this.options = before;
    };
  }
}
