/**
 * x̂ = (x − μ) / √(σ² + ε), and x · scale + offset. If channels are the last axis, FusedBatchNorm computes either in one pass, on every backend; elementwise
 * kernels that broadcast one of their inputs take several times as long on wasm and on cpu.
 */

import { isTaped } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';

/** Whether tensors of this shape have one number per channel of x: cpu and wasm only broadcast along the last axis. */
export const isByChannel = (x: tf.Tensor, shape: readonly number[]): boolean =>
  x.rank > 1 && shape.length === 1 && shape[0] === x.shape.at(-1);

/** The inputs of x̂: tensors of one shape, which is broadcast to that of x. */
export interface Standard {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly epsilon: number;
}

/** x̂, times scale plus offset if they are given. */
export function standardized(
  x: tf.Tensor,
  { mean, variance, epsilon }: Standard,
  scale?: tf.Tensor,
  offset?: tf.Tensor,
): tf.Tensor {
  if (isByChannel(x, mean.shape)) {
    // TF.js cannot record a batch norm without one of them
    const all = isTaped() ? { scale: tf.onesLike(mean), offset: tf.zerosLike(mean) } : {};
    const inputs = { x, mean, variance, ...all, ...(scale && { scale }), ...(offset && { offset }) };
    return tf.engine().runKernel<tf.Tensor>(tf.FusedBatchNorm, inputs, { varianceEpsilon: epsilon });
  }
  const r = tf.rsqrt(tf.add(variance, epsilon));
  const y = tf.mul(tf.sub(x, mean), scale ? tf.mul(scale, r) : r);
  return offset ? tf.add(y, offset) : y;
}

/** x · scale + offset, where scale and offset have one shape, which is broadcast to that of x. */
export function scaled(x: tf.Tensor, scale: tf.Tensor, offset?: tf.Tensor): tf.Tensor {
  if (isByChannel(x, scale.shape) && ['cpu', 'wasm'].includes(tf.getBackend())) {
    const standard = { mean: tf.zeros(scale.shape), variance: tf.ones(scale.shape), epsilon: 0 };
    return standardized(x, standard, scale, offset);
  }
  const y = tf.mul(x, scale);
  return offset ? tf.add(y, offset) : y;
}
