/**
 * The `Normalization` layer of Keras, which TensorFlow.js does not have: a fixed map of each feature, by a mean and a variance that were measured before
 * training.
 *
 *     y = (x − mean) / max(√variance, 10⁻⁷)        with `invert`: y = x max(√variance, 10⁻⁷) + mean
 */
import { OptionError, option } from '@keepprob/core';
import {
  defineLayer,
  type LayerDefinition,
  type LayerOptions,
  type PluginLayer,
  register as registerLayers,
} from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import * as messages from '../messages.ts';
import { alongInput, flat, type Numbers, positive, shapeOf, statisticsOf } from './statistics.ts';

const NAME = 'normalization';

/** `backend.epsilon()` of Keras. */
const EPSILON = 1e-7;

/** Options of `normalization`. */
export interface NormalizationOptions {
  /**
   * The axis, or the axes, along which each index has its own mean and variance; 0 is the batch. The default -1 is the feature axis. With an empty list there
   * is one mean and one variance for all values, as with `axis=None` in Keras.
   */
  readonly axis?: number | readonly number[];
  /** The mean, or the means along `axis`, as nested lists; null, the default, means 0. */
  readonly mean?: Numbers | null;
  /** The variance, ≥ 0, or the variances in lists like those of `mean`; null, the default, means 1. Give both or neither. */
  readonly variance?: Numbers | null;
  /** Whether it undoes the normalization: from y back to x. False by default. */
  readonly invert?: boolean;
}

const isAxis = (value: unknown): value is number => Number.isSafeInteger(value);
const isVariance = (value: Numbers): boolean => flat(value).every(one => one >= 0);

/** The part that is the same as in any layer plugin: options, arguments of every layer, saving and loading. */
const base = defineLayer<NormalizationOptions>({
  name: NAME,
  className: 'Normalization',
  options: {
    axis: option.custom<number | readonly number[]>(
      messages.axisExpected,
      value => isAxis(value) || (Array.isArray(value) && value.every(isAxis)),
      { fallback: -1 },
    ),
    mean: option.orNull(option.custom<Numbers>(messages.meanExpected, value => shapeOf(value) !== undefined)),
    variance: option.orNull(
      option.custom<Numbers>(
        messages.varianceExpected,
        value => shapeOf(value) !== undefined && isVariance(value as Numbers),
      ),
    ),
    invert: option.boolean({ fallback: false }),
  },
  checkShape,
  forward: x => x,
});

/** @throws OptionError for axes that an input does not have, and for numbers that do not fit them */
function checkShape(shape: readonly (number | null)[], options: Required<NormalizationOptions>): void {
  const rank = shape.length;
  const axes = [options.axis].flat();
  const kept = positive(axes, rank);
  if (kept.some((axis, i) => axis < 0 || axis >= rank || axis === kept[i - 1] || shape[axis] == null))
    throw OptionError.of(NAME, 'axis', messages.axesOf(shape), options.axis);
  const { mean, variance } = options;
  const own = shapeOf(mean ?? 0) ?? [];
  if ((mean === null) !== (variance === null) || own.join() !== shapeOf(variance ?? 0)?.join())
    throw OptionError.of(NAME, 'variance', messages.varianceLike, variance);
  const along = alongInput(own, axes, rank);
  const fits =
    along.length === rank && along.every((size, axis) => size === 1 || (kept.includes(axis) && size === shape[axis]));
  if (!fits) throw OptionError.of(NAME, 'mean', messages.meanAlong(kept.map(axis => shape[axis] ?? null)), mean);
}

type PluginPart = Pick<PluginLayer<NormalizationOptions>, 'options' | 'setOptions'>;
const Base = base.layerClass as unknown as (new (
  options: unknown,
) => layers.Layer & PluginPart) & { readonly className: string };

class Normalization extends Base {
  readonly isIdentity = false;
  #shape: readonly (number | null)[] | undefined;

  override build(shape: tf.Tensor['shape'] | tf.Tensor['shape'][]): void {
    super.build(shape);
    this.#shape = shape as tf.Tensor['shape'];
  }

  /** The number of means along each of `axis`; undefined before the layer is built. */
  get sizes(): readonly number[] | undefined {
    const shape = this.#shape;
    return shape && positive([this.options.axis].flat(), shape.length).map(axis => shape[axis] ?? 0);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = tf.cast((Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor, 'float32');
      const { shape, mean, variance } = statisticsOf(this.options, x.rank);
      const center = tf.tensor([...mean], [...shape], 'float32');
      const spread = variance.map(one => Math.max(Math.sqrt(one), EPSILON));
      const scale = tf.tensor(spread, [...shape], 'float32');
      return this.options.invert ? tf.add(tf.mul(x, scale), center) : tf.div(tf.sub(x, center), scale);
    });
  }
}

/** A layer that `normalization` makes. */
export type NormalizationLayer = layers.Layer & PluginPart & Pick<Normalization, 'sizes'>;

/**
 * The `Normalization` layer of Keras: shifts and scales features by a mean and a variance that training does not change. `loadKeras` uses it for such layers
 * in a file. Its numbers are part of its config, so they are saved with the model; call `register` before you load one.
 *
 *     y = (x − mean) / max(√variance, 10⁻⁷)        with `invert`: y = x max(√variance, 10⁻⁷) + mean
 *
 * The shape of the output is that of the input; integers become float32.
 * @example
 * const layer = normalization({ mean: [3, 20], variance: [4, 25] });
 * layer.apply(tf.tensor2d([[5, 10]])); // [[1, -2]]
 * const back = normalization({ mean: [3, 20], variance: [4, 25], invert: true });
 * back.apply(tf.tensor2d([[1, -2]])); // [[5, 10]]
 * @throws OptionError for numbers that are not finite, a variance below 0, or shapes that differ; and, once the input is known, for axes that it does not
 * have, and for means that do not fit them
 */
export const normalization: ((options?: LayerOptions<NormalizationOptions>) => NormalizationLayer) & {
  readonly layerClass: tf.serialization.SerializableConstructor<NormalizationLayer>;
  readonly definition: LayerDefinition<NormalizationOptions>;
} = Object.assign((options: LayerOptions<NormalizationOptions> = {}) => new Normalization(options), {
  layerClass: Normalization as unknown as tf.serialization.SerializableConstructor<NormalizationLayer>,
  definition: base.definition,
});

/** Whether a layer was made by `normalization`. */
export const isNormalization = (layer: unknown): layer is NormalizationLayer => layer instanceof Normalization;

/**
 * Registers `normalization`, so that saved models with it can be loaded; call it once before `tf.loadLayersModel`. `loadKeras`, and `loadModel` of
 * `@keepprob/trainer/node`, do this themselves.
 * @example
 * register(); // before tf.loadLayersModel
 */
export function register(): void {
  registerLayers(normalization);
}
