/** Random numbers of a key as tensors: from the backend's own kernel if it has one, otherwise made in JavaScript and uploaded. */
import * as tf from '@tensorflow/tfjs-core';
import type { RandomKey } from '../contract.ts';
import {
  ADD_NOISE_KERNEL,
  keyAttrs,
  MULTIPLY_NOISE_KERNEL,
  NOISE_KERNEL,
  type NoiseKernelAttrs,
  runExtraKernel,
  type WithNoiseKernelAttrs,
} from '../kernels.ts';
import { normals, uniforms } from './random.ts';

/** Options of `normalNoise` and `logisticNoise`. */
export interface NoiseOptions {
  /** Added to every number; 0 by default. */
  readonly mean?: number;
  /** Factor for every number, applied before the mean is added; 1 by default. */
  readonly scale?: number;
  /** Index of the first number in the global batch; 0 by default. See `firstElement`. */
  readonly first?: number;
}

/** ln(u / (1 − u)) for u = (word + ½) / 2³², which is never 0 or 1. */
function logistics(key: RandomKey, count: number, first: number): Float64Array {
  return uniforms(key, count, first).map(u => Math.log((u + 2 ** -33) / (1 - u - 2 ** -33)));
}

const numbers = { normal: normals, logistic: logistics } as const;

function noise(
  distribution: NoiseKernelAttrs['distribution'],
  shape: readonly number[],
  key: RandomKey,
  { mean = 0, scale = 1, first = 0 }: NoiseOptions,
): tf.Tensor {
  const size = tf.util.sizeFromShape([...shape]);
  if (size === 0) return tf.zeros([...shape]);
  const attrs: NoiseKernelAttrs = { distribution, shape, mean, scale, first, ...keyAttrs(key) };
  const drawn = runExtraKernel(NOISE_KERNEL, {}, attrs);
  if (drawn) return drawn;
  const values = new Float32Array(numbers[distribution](key, size, first).map(z => mean + scale * z));
  return tf.tensor(values, [...shape], 'float32');
}

/**
 * Numbers from N(mean, scale²), by index: those of `normals` in float32. The kernel of a backend may be off by a few units in the last place (3 for `@keepprob/kernels`).
 * @example
 * normalNoise([2, 2], { seed: 7, step: 0, site: 0, draw: 0 }, { mean: 1, scale: 0.1 }).shape; // [2, 2]
 */
export const normalNoise = (shape: readonly number[], key: RandomKey, options: NoiseOptions = {}): tf.Tensor =>
  noise('normal', shape, key, options);

/**
 * Numbers mean + scale · ln(u / (1 − u)) with u from U(0, 1), by index: the noise of a relaxed Bernoulli variable.
 * @example
 * logisticNoise([2, 2], { seed: 7, step: 0, site: 0, draw: 0 }, { scale: 0.1 }).shape; // [2, 2]
 */
export const logisticNoise = (shape: readonly number[], key: RandomKey, options: NoiseOptions = {}): tf.Tensor =>
  noise('logistic', shape, key, options);

/** Takes one pass, without a tensor of noise, if the backend has a kernel for it. */
function withNoise(
  kernel: string,
  join: (x: tf.Tensor, noise: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  key: RandomKey,
  options: NoiseOptions,
): tf.Tensor {
  const { mean = 0, scale = 1, first = 0 } = options;
  const attrs: WithNoiseKernelAttrs = { mean, scale, first, ...keyAttrs(key) };
  const fast = x.dtype === 'float32' && x.size > 0 ? runExtraKernel(kernel, { x }, attrs) : undefined;
  return fast ?? tf.tidy(() => join(x, normalNoise(x.shape, key, options)));
}

/**
 * x plus the numbers of `normalNoise`. Do not use it on a tape: it has no gradient if the backend has a kernel for it.
 * @example
 * addNormalNoise(tf.zeros([2, 2]), { seed: 7, step: 0, site: 0, draw: 0 }, { scale: 0.1 }).shape; // [2, 2]
 */
export const addNormalNoise = (x: tf.Tensor, key: RandomKey, options: NoiseOptions = {}): tf.Tensor =>
  withNoise(ADD_NOISE_KERNEL, tf.add, x, key, options);

/**
 * x times the numbers of `normalNoise`. Do not use it on a tape: it has no gradient if the backend has a kernel for it.
 * @example
 * multiplyNormalNoise(tf.ones([2, 2]), { seed: 7, step: 0, site: 0, draw: 0 }, { mean: 1, scale: 0.1 }).shape; // [2, 2]
 */
export const multiplyNormalNoise = (x: tf.Tensor, key: RandomKey, options: NoiseOptions = {}): tf.Tensor =>
  withNoise(MULTIPLY_NOISE_KERNEL, tf.mul, x, key, options);
