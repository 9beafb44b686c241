/**
 * Batch norm and layer norm as one operation, including their statistics: y = γ x̂ + β, x̂ = (x − μ) r, r = 1 / √(σ² + ε), with μ and σ² of x over some axes.
 * With means over these axes, and g = γ dy,
 *
 *     dx = r (g − mean(g) − x̂ mean(g x̂))     dγ = Σ dy x̂     dβ = Σ dy
 *
 * Ioffe & Szegedy, "Batch normalization" (ICML 2015), §3; Ba, Kiros & Hinton, "Layer normalization" (2016), §3.
 */

import { isTaped } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { type Standard, scaled, standardized } from './channels.ts';
import { has, NORMALIZE, NORMALIZE_GRAD, type NormAttrs, type NormGradAttrs, run } from './fused.ts';
import { sumTo } from './gradient.ts';
import { formOf, type NormForm } from './normForm.ts';

export interface Norm {
  /** float32. */
  readonly x: tf.Tensor;
  /** γ and β, in shapes that are broadcast to that of x; if both are given, they have the same shape. */
  readonly gain: tf.Tensor | undefined;
  readonly bias: tf.Tensor | undefined;
  /** The axes over which the statistics are taken. */
  readonly axes: readonly number[];
  /** ε */
  readonly epsilon: number;
  /** Called with the statistics, which it must not keep. */
  readonly onStatistics?: (statistics: Statistics) => void;
}
export type Statistics = Pick<Standard, 'mean' | 'variance'>;

/** Whether statistics are taken over all axes but the last, and have one number per channel; otherwise the axes they are taken over have size 1. */
const isOfChannels = (x: tf.Tensor, axes: readonly number[]): boolean =>
  axes.length === x.rank - 1 && !axes.includes(x.rank - 1);

function statisticsOf(x: tf.Tensor, axes: readonly number[]): Statistics {
  const keepDims = !isOfChannels(x, axes);
  const average = (t: tf.Tensor): tf.Tensor => tf.mean(t, [...axes], keepDims);
  const mean = average(x);
  return { mean, variance: average(tf.squaredDifference(x, mean)) };
}

/** y, with its gradients with respect to x, γ and β. Only x, γ, μ and σ² are kept between the passes. */
export function normalize(norm: Norm): tf.Tensor {
  const { x, gain, bias, axes, epsilon, onStatistics } = norm;
  const weights = [gain, bias].filter(t => t !== undefined);
  const shapes = weights.map(({ shape }) => shape);
  const form = has(NORMALIZE) && x.size > 0 ? formOf(x.shape, axes, shapes) : undefined;
  const op = tf.customGrad((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc;
    const { value, ...statistics } = form ? asOne(norm, form) : byOps(norm);
    onStatistics?.(statistics);
    save([x, statistics.mean, statistics.variance, ...(gain ? [gain] : [])]);
    return {
      value,
      gradFunc: (dy, saved) =>
        form && !isTaped()
          ? gradients(dy, saved, { ...form, epsilon, biasShape: bias?.shape })
          : backward(dy, saved, axes, epsilon, bias?.shape),
    };
  });
  return op(x, ...weights);
}

interface Results extends Statistics {
  readonly value: tf.Tensor;
}

function byOps({ x, axes, epsilon, gain, bias }: Norm): Results {
  const statistics = statisticsOf(x, axes);
  return { value: forward(x, { ...statistics, epsilon }, gain, bias), ...statistics };
}

function asOne({ x, axes, epsilon, gain, bias }: Norm, form: NormForm): Results {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const of = isOfChannels(x, axes) ? kept.slice(-1) : kept;
  const attrs: NormAttrs = { ...form, epsilon, of };
  const [value, mean, variance] = run<tf.Tensor[]>(NORMALIZE, { x, gain, bias }, attrs);
  if (!value || !mean || !variance) throw new TypeError('A norm has a value, a mean and a variance.');
  return { value, mean, variance };
}

function gradients(dy: tf.Tensor, [x, mean, variance, gain]: readonly tf.Tensor[], attrs: NormGradAttrs): tf.Tensor[] {
  return run<tf.Tensor[]>(NORMALIZE_GRAD, { dy, x, mean, variance, gain }, attrs);
}

const sameShape = (a: tf.Tensor, b: tf.Tensor): boolean => tf.util.arraysEqual(a.shape, b.shape);

function forward(x: tf.Tensor, standard: Standard, gain?: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  const areAlike = [gain, bias].every(t => !t || sameShape(t, standard.mean));
  if (areAlike) return standardized(x, standard, gain, bias);
  const normed = standardized(x, standard);
  if (gain) return scaled(normed, gain, bias);
  return bias ? tf.add(normed, bias) : normed;
}

/** The gradients with respect to x, and to γ and β if they exist. If this is differentiated again, the statistics are recomputed from x. */
function backward(
  dy: tf.Tensor,
  [x, mean, variance, gain]: readonly tf.Tensor[],
  axes: readonly number[],
  epsilon: number,
  biasShape: readonly number[] | undefined,
): tf.Tensor[] {
  if (!x || !mean || !variance) throw new TypeError('A norm keeps x and its statistics.');
  return tf.tidy(() => {
    const standard: Standard = { ...(isTaped() ? statisticsOf(x, axes) : { mean, variance }), epsilon };
    const dBias = biasShape && sumTo(dy, biasShape);
    const isAlike = !gain || sameShape(gain, mean);
    const [dx, dGain] = isAlike ? byStatistic(dy, x, standard, gain) : byElement(dy, x, standard, gain);
    return [dx, dGain, dBias].filter(t => t !== undefined);
  });
}

/** One γ for each statistic, as in batch norm: it can be factored out of the means. */
function byStatistic(
  dy: tf.Tensor,
  x: tf.Tensor,
  standard: Standard,
  gain: tf.Tensor | undefined,
): [tf.Tensor, tf.Tensor | undefined] {
  const { shape, size } = standard.mean;
  const products = tf.tidy(() => sumTo(tf.mul(dy, standardized(x, standard)), shape));
  const dx = tf.tidy(() => {
    const [mean, along] = [sumTo(dy, shape), products].map(sum => tf.div(sum, x.size / size)) as [tf.Tensor, tf.Tensor];
    const rest = tf.sub(dy, standardized(x, standard, along));
    return standardized(rest, { ...standard, mean }, gain);
  });
  return [dx, gain && products];
}

/** γ that varies among the elements of a statistic, as in layer norm. */
function byElement(dy: tf.Tensor, x: tf.Tensor, standard: Standard, gain: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const { shape, size } = standard.mean;
  const mean = (t: tf.Tensor): tf.Tensor => tf.div(sumTo(t, shape), x.size / size);
  const normed = standardized(x, standard);
  const [dGain, along] = tf.tidy(() => {
    const moved = tf.mul(dy, normed);
    return [sumTo(moved, gain.shape), mean(scaled(moved, gain))] as const;
  });
  const dx = tf.tidy(() => {
    const g = scaled(dy, gain);
    const rest = tf.sub(g, tf.mul(normed, along));
    return standardized(rest, { ...standard, mean: mean(g) });
  });
  return [dx, dGain];
}
