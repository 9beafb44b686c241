/**
 * x̂ = (x − μ) / √(σ² + ε), and x · scale + offset. Where channels are the last axis FusedBatchNorm does either in one pass, on every backend; elementwise kernels
 * that repeat one of their inputs take several times as long on wasm and on cpu.
 */

import { isTaped } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';

/** Whether tensors of this shape have a number for each channel of x: cpu and wasm repeat over the last axis alone. */
export const isByChannel = (x: tf.Tensor, shape: readonly number[]): boolean =>
  x.rank > 1 && shape.length === 1 && shape[0] === x.shape.at(-1);

/** What x̂ is computed from: tensors of one shape, which is repeated to that of x. */
export interface Standard {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly epsilon: number;
}

/** x̂, times scale plus offset where they are given. */
export function standardized(
  x: tf.Tensor,
  { mean, variance, epsilon }: Standard,
  scale?: tf.Tensor,
  offset?: tf.Tensor,
): tf.Tensor {
  if (isByChannel(x, mean.shape)) {
    // TF.js cannot record a batch norm that lacks one of them
    const all = isTaped() ? { scale: tf.onesLike(mean), offset: tf.zerosLike(mean) } : {};
    const inputs = { x, mean, variance, ...all, ...(scale && { scale }), ...(offset && { offset }) };
    return tf.engine().runKernel<tf.Tensor>(tf.FusedBatchNorm, inputs, { varianceEpsilon: epsilon });
  }
  const r = tf.rsqrt(tf.add(variance, epsilon));
  const y = tf.mul(tf.sub(x, mean), scale ? tf.mul(scale, r) : r);
  return offset ? tf.add(y, offset) : y;
}

/** x · scale + offset, of one shape, which is repeated to that of x. */
export function scaled(x: tf.Tensor, scale: tf.Tensor, offset?: tf.Tensor): tf.Tensor {
  if (isByChannel(x, scale.shape) && ['cpu', 'wasm'].includes(tf.getBackend())) {
    const standard = { mean: tf.zeros(scale.shape), variance: tf.ones(scale.shape), epsilon: 0 };
    return standardized(x, standard, scale, offset);
  }
  const y = tf.mul(x, scale);
  return offset ? tf.add(y, offset) : y;
}
