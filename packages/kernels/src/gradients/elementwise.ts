/** Elementwise kernels, without the casts from float32 to float32 that stock applies to each saved tensor. */

import { isTaped } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { has, RELU_GRAD, run, SOFTMAX_GRAD } from './fused.ts';
import { type Gradient, sumTo, toFloat } from './gradient.ts';

export const multiply: Gradient = {
  kernelName: tf.Multiply,
  gradient(dy, [a, b]) {
    if (!a || !b) return undefined;
    return {
      a: () => summed(tf.mul(dy, toFloat(b)), a.shape),
      b: () => summed(tf.mul(dy, toFloat(a)), b.shape),
    };
  },
};

export const square: Gradient = {
  kernelName: tf.Square,
  gradient(dy, [x]) {
    if (!x) return undefined;
    return { x: () => tf.mul(dy, tf.mul(toFloat(x), 2)) };
  },
};

/** Stock returns a gradient of the wrong shape if one of the inputs is broadcast. */
export const squaredDifference: Gradient = {
  kernelName: tf.SquaredDifference,
  gradient(dy, [a, b]) {
    if (!a || !b) return undefined;
    const twice = (): tf.Tensor => tf.mul(dy, tf.mul(tf.sub(toFloat(a), toFloat(b)), 2));
    return {
      a: () => summed(twice(), a.shape),
      b: () => tf.neg(summed(twice(), b.shape)),
    };
  },
};

export const relu: Gradient = {
  kernelName: tf.Relu,
  gradient(dy, [x]) {
    if (!x) return undefined;
    return {
      x: () =>
        x.dtype === 'float32' && has(RELU_GRAD) && !isTaped()
          ? run(RELU_GRAD, { dy, x })
          : tf.mul(dy, toFloat(tf.step(x))),
    };
  },
};

export const softmax: Gradient = {
  kernelName: tf.Softmax,
  gradient(dy, [y], { dim }) {
    if (!y || dim !== y.rank - 1 || y.dtype !== 'float32' || !has(SOFTMAX_GRAD) || isTaped()) return undefined;
    return { logits: () => run(SOFTMAX_GRAD, { dy, y }) };
  },
};

/** If min ≤ x ≤ max, the value is x itself: one comparison of equal shapes, instead of two comparisons with numbers and a conjunction. */
export const clipByValue: Gradient = {
  kernelName: tf.ClipByValue,
  gradient(dy, [x], { clipValueMin, clipValueMax }) {
    if (!x) return undefined;
    // comparisons have no gradient, which is 0
    const isInside = tf.customGrad((...args) => ({
      value: tf.equal(tf.clipByValue(args[0] as tf.Tensor, clipValueMin, clipValueMax), x),
      gradFunc: () => tf.zerosLike(x),
    }));
    return { x: () => tf.where(isInside(x), dy, tf.zerosLike(dy)) };
  },
};

const summed = (t: tf.Tensor, shape: readonly number[]): tf.Tensor =>
  tf.util.arraysEqual(t.shape, [...shape]) ? t : sumTo(t, shape);
