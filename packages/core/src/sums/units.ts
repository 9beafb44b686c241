/** Sums over the incoming weights of each unit. */
import * as tf from '@tensorflow/tfjs-core';
import { DOTS_KERNEL, runExtraKernel } from '../kernels.ts';
import { isTaped } from '../run/tape.ts';

/** Whether the axes of the units are the last ones, or there is one unit. */
const unitsAreLast = (axes: readonly number[]): boolean => axes.every((axis, i) => axis === i);

/**
 * Σ a b for each unit: summed over `axes`, which keep size 1, or over all axes if the list is empty. It takes one pass if the backend has a kernel for it.
 * @param a a tensor of the shape of b
 * @param axes the axes summed into a unit: `Weight.fanInAxes`
 * @example
 * unitDots(tf.tensor2d([[1, 2], [3, 4]]), tf.tensor2d([[1, 1], [1, 2]]), [0]); // [[4, 10]]
 */
export function unitDots(a: tf.Tensor, b: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const of = a.shape.map((size, axis) => (axes.length === 0 || axes.includes(axis) ? 1 : size));
  const isFast = a.dtype === 'float32' && b.dtype === 'float32' && unitsAreLast(axes) && !isTaped();
  const fast = isFast ? runExtraKernel(DOTS_KERNEL, { a, b }, { of }) : undefined;
  return fast ?? tf.tidy(() => tf.sum(tf.mul(a, b), axes.length > 0 ? [...axes] : undefined, true));
}

/**
 * ‖w‖₂ of each unit: over `axes`, which keep size 1, or over all axes if the list is empty.
 * @param axes the axes summed into a unit: `Weight.fanInAxes`
 * @example
 * unitNorms(tf.tensor2d([[3, 5], [4, 12]]), [0]); // [[5, 13]]
 */
export const unitNorms = (w: tf.Tensor, axes: readonly number[]): tf.Tensor =>
  tf.tidy(() => tf.sqrt(unitDots(w, w, axes)));

/**
 * x ≥ 0 as a divisor: 0 is replaced by 1, so that a unit of zeros stays zero.
 * @example
 * divisor(tf.tensor1d([0, 2])); // [1, 2]
 */
export const divisor = (x: tf.Tensor): tf.Tensor => tf.tidy(() => tf.add(x, tf.sub(1, tf.step(x))));
