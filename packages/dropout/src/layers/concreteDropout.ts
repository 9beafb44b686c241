/**
 * Concrete dropout: the rate is learned, together with the weights. Gal, Hron & Kendall, "Concrete dropout", NIPS 2017.
 *
 *     y = x (1 − z) / (1 − r)        z = σ((logit r + logit u) / t)        u uniform in (0, 1), r the learned rate
 *     J gains weightRegularizer ‖W‖² / (1 − r) + dropoutRegularizer D (r log r + (1 − r) log(1 − r))
 */
import {
  type DescribesWeights,
  type ForwardMoment,
  OptionError,
  option,
  PluginError,
  type Schedule,
  valueAt,
} from '@keepprob/core';
import {
  type DescribesNoise,
  defineLayer,
  forwardContext,
  type LayerDefinition,
  type LayerOptions,
  type layerPlugin,
  type Noise,
  type NoiseShape,
  type PluginLayer,
} from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayerVariable, type layers } from '@tensorflow/tfjs-layers';
import { checkNoiseShape, drawFor, noiseShapeOption } from '../options/noiseShape.ts';
import { dropping } from '../options/rate.ts';
import { concreteForward, penaltyOf, scaleOf } from './concreteForm.ts';
import { dropoutForward } from './dropout.ts';
import { kernelsBehind } from './kernelsBehind.ts';

const NAME = 'concreteDropout';

/** Options of `concreteDropout`. The learned rate is a weight, not an option. */
export interface ConcreteDropoutOptions {
  /** Rate to start from, in (0, 1); 0.1 by default. */
  readonly initialRate?: number;
  /** t. The smaller it is, the nearer z is to 0 or 1, and the noisier the gradient of the rate. 0.1 by default. */
  readonly temperature?: number;
  /**
   * Factor of ‖W‖² / (1 − r): l²/(2N) for a mean cross-entropy, l²/(τN) for a mean squared error, with l the length scale of the prior; 1e-6 by default.
   */
  readonly weightRegularizer?: number;
  /** Factor of the negative entropy of D masks: 1/N for a mean cross-entropy, 2/(τN) for a mean squared error; 1e-5 by default. */
  readonly dropoutRegularizer?: number;
  /** As for `dropout`: `[null, 1, 1, null]` drops whole channels; by default each element has its own draw. D is the number of draws for each row. */
  readonly noiseShape?: NoiseShape;
  /** Replaces the learned rate, as `setKeepProb` does: plain dropout, with nothing learned. With null, the default, the rate is learned. */
  readonly fixedKeepProb?: number | Schedule | null;
  /** A seed for this layer alone; by default it follows the run's. */
  readonly seed?: number | null;
}

type PluginPart = Pick<PluginLayer<ConcreteDropoutOptions>, 'options' | 'setOptions' | 'reset' | typeof layerPlugin> &
  DescribesNoise;

/** A layer that `concreteDropout` makes. */
export type ConcreteDropoutLayer = layers.Layer &
  PluginPart & {
    /** 1 − the learned rate, as it is now. */
    keepProb(): number;
  };

const keepProb = option.keepProbSchedule();

/**
 * (1 − z) / (1 − r) with z = σ((logit r + logit u) / t): what an activation is multiplied by.
 * @param rateLogit logit r = ln(r / (1 − r)), rank 0
 * @param noise logit u for u uniform in (0, 1), one for each draw
 * @param temperature t
 * @example
 * concreteScale(tf.scalar(0), tf.scalar(Math.log(0.4 / 0.6)), 0.1); // 1.9659
 */
export const concreteScale = (rateLogit: tf.Tensor, noise: tf.Tensor, temperature: number): tf.Tensor =>
  scaleOf(rateLogit, noise, temperature);

/**
 * weightRegularizer Σ ‖W‖² / (1 − r) + dropoutRegularizer D (r ln r + (1 − r) ln(1 − r)), rank 0. It is finite for every logit r.
 * @param rateLogit logit r, rank 0
 * @param features D, the draws for each row
 * @example
 * concretePenalty(tf.scalar(0), [tf.ones([4, 2])], 4, { weightRegularizer: 0.1, dropoutRegularizer: 1 }); // -1.1726
 */
export const concretePenalty = (
  rateLogit: tf.Tensor,
  kernels: readonly tf.Tensor[],
  features: number,
  options: { readonly weightRegularizer: number; readonly dropoutRegularizer: number },
): tf.Scalar => penaltyOf(rateLogit, kernels, features, options);

/** Options, arguments of every layer, saving and loading are those of any layer plugin. */
const base = defineLayer<ConcreteDropoutOptions>({
  name: NAME,
  className: 'KeepprobConcreteDropout',
  options: {
    initialRate: option.number({ above: 0, below: 1, fallback: 0.1 }),
    temperature: option.number({ above: 0, fallback: 0.1 }),
    weightRegularizer: option.number({ min: 0, fallback: 1e-6 }),
    dropoutRegularizer: option.number({ min: 0, fallback: 1e-5 }),
    noiseShape: noiseShapeOption,
    fixedKeepProb: option.orNull(keepProb),
    seed: option.seed(),
  },
  noise: { fixedKeepProb: { ...dropping, noiseShape: (_, { noiseShape }) => noiseShape } },
  checkShape: (shape, { noiseShape }) => checkNoiseShape(NAME, shape, noiseShape),
  forward: x => x,
});
const Base = base.layerClass as unknown as (new (
  options: unknown,
) => layers.Layer & PluginPart) & { readonly className: string };

class ConcreteDropout extends Base implements DescribesWeights {
  #rateLogit: LayerVariable | undefined;

  override build(shape: Parameters<PluginLayer['build']>[0]): void {
    const { initialRate } = this.options;
    const initializer = initializers.constant({ value: Math.log(initialRate / (1 - initialRate)) });
    this.#rateLogit = this.addWeight('p_logit', [1], 'float32', initializer);
    super.build(shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
      const at = forwardContext(this, kwargs, { seed: this.options.seed });
      if (!at) return x;
      const { fixedKeepProb: fixed, noiseShape } = this.options;
      checkNoiseShape(NAME, x.shape, noiseShape);
      if (fixed !== null) return dropoutForward(x, valueAt(fixed, at), noiseShape, at);
      const kernels = this.#kernels();
      try {
        return this.#dropped(x, kernels, at);
      } catch (error) {
        throw PluginError.from(error, this.name, 'forward');
      }
    });
  }

  #dropped(x: tf.Tensor, kernels: readonly tf.Tensor[], at: ForwardMoment): tf.Tensor {
    const { temperature, weightRegularizer, dropoutRegularizer } = this.options;
    const rateLogit = this.#rateLogit!.read();
    const { noiseShape, key, rows } = drawFor(x.shape, 1, this.options.noiseShape, at);
    const features = noiseShape.slice(1).reduce((a, b) => a * b, 1);
    // a layer that is used twice in a pass is one layer
    if (key.draw === 0 && weightRegularizer + dropoutRegularizer > 0)
      at.addPenalty(penaltyOf(rateLogit, kernels, features, this.options));
    return concreteForward(x, rateLogit, { noiseShape, key, first: rows[0] * features, temperature });
  }

  /** @throws OptionError where there is none to regularize */
  #kernels(): tf.Tensor[] {
    if (this.options.weightRegularizer === 0) return [];
    const kernels = kernelsBehind(this);
    if (kernels.length) return kernels.map(kernel => kernel.read());
    throw OptionError.of(
      NAME,
      'weightRegularizer',
      `0, or a layer with a kernel (dense, a convolution, …) after "${this.name}" in the same model`,
      this.options.weightRegularizer,
    );
  }

  keepProb(): number {
    const logit = this.#rateLogit?.read().dataSync()[0];
    return logit === undefined ? 1 - this.options.initialRate : 1 / (1 + Math.exp(logit));
  }

  /** With a fixed keepProb it is plain dropout. */
  override describeNoise(): readonly Noise[] {
    const fixed = super.describeNoise();
    if (this.options.fixedKeepProb !== null) return fixed;
    const keepProb = (): number => this.keepProb();
    return fixed.map(({ noiseShape: _, ...noise }) => ({
      ...noise,
      unlike: 'its mask is soft, and its rate is learned',
      // read only where it is asked for, since a weight may be on another device
      get value() {
        return keepProb();
      },
    }));
  }

  /** Its own role keeps L2, decay and norms from the rate. */
  describeWeights(): ReturnType<DescribesWeights['describeWeights']> {
    return { p_logit: { role: 'other', fanInAxes: [] } };
  }
}

/**
 * Concrete dropout (Gal, Hron & Kendall 2017): dropout that learns its rate r, which falls with more data and rises with less. Put it
 * where you would put dropout, before the layer whose kernel W it regularizes: the next layer that has a kernel. At inference it is
 * the identity. Train with `attach` or `fit`, which collect its penalty. Unlike with `dropout`, the mask stays on the tape.
 *
 *     y = x (1 − z) / (1 − r)        z = σ((logit r + logit u) / t)        u uniform in (0, 1)
 *     J gains weightRegularizer ‖W‖² / (1 − r) + dropoutRegularizer D (r ln r + (1 − r) ln(1 − r))
 * @example
 * const rows = 64;
 * const layer = concreteDropout({ inputShape: [4], weightRegularizer: 1e-4 / rows, dropoutRegularizer: 2 / rows });
 * const net = tf.sequential({ layers: [layer, tf.layers.dense({ units: 2, activation: 'softmax' })] });
 * layer.keepProb(); // 0.9
 * @throws OptionError for a value out of range, and in training if no layer with a kernel follows
 */
export const concreteDropout: ((options?: LayerOptions<ConcreteDropoutOptions>) => ConcreteDropoutLayer) & {
  readonly layerClass: tf.serialization.SerializableConstructor<ConcreteDropoutLayer>;
  readonly definition: LayerDefinition<ConcreteDropoutOptions>;
} = Object.assign((options: LayerOptions<ConcreteDropoutOptions> = {}) => new ConcreteDropout(options), {
  layerClass: ConcreteDropout as unknown as tf.serialization.SerializableConstructor<ConcreteDropoutLayer>,
  definition: base.definition,
});
