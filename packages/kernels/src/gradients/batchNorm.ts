/**
 * FusedBatchNorm in closed form: y = γ (x − μ) r + β with r = 1 / √(σ² + ε), where γ, β, μ and σ² have one shape and are broadcast to that of x. With
 * x̂ = (x − μ) r and sums over the broadcast axes,
 *
 *     dx = dy γ r     dβ = Σ dy     dγ = Σ dy x̂     dμ = −γ r Σ dy     dσ² = −½ γ r² Σ dy x̂
 *
 * Ioffe & Szegedy, "Batch normalization" (ICML 2015), §3. Stock computes each of them separately, over tensors of the size of x.
 */
import * as tf from '@tensorflow/tfjs-core';
import { standardized } from './channels.ts';
import { type Gradient, sumTo } from './gradient.ts';

export const batchNorm: Gradient = {
  kernelName: tf.FusedBatchNorm,
  gradient(dy, [x, mean, variance, scale], { varianceEpsilon }) {
    if (!x || !mean || !variance || !scale) return undefined;
    if (![variance, scale].every(t => tf.util.arraysEqual(t.shape, mean.shape))) return undefined;
    const { shape } = mean;
    const standard = { mean, variance, epsilon: varianceEpsilon };
    // they are usually requested together, and small
    const sums = tf.tidy(() => sumTo(dy, shape));
    const products = tf.tidy(() => sumTo(tf.mul(dy, standardized(x, standard)), shape));
    const gain = (): tf.Tensor => tf.mul(scale, tf.rsqrt(tf.add(variance, varianceEpsilon)));
    return {
      x: () => standardized(dy, { ...standard, mean: tf.zerosLike(mean) }, scale),
      offset: () => tf.clone(sums),
      scale: () => tf.clone(products),
      mean: () => tf.neg(tf.mul(gain(), sums)),
      variance: () => tf.mul(tf.div(tf.mul(scale, -0.5), tf.add(variance, varianceEpsilon)), products),
    };
  },
};
