/**
 * The losses `categoricalCrossentropy` and `sparseCategoricalCrossentropy` of tfjs-layers as one operation: one kernel forward and one backward, instead of
 * some thirty.
 *
 *     −Σ t ln clip(p / Σ p, ε, 1 − ε), over the last axis
 */

import { isTaped } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { CROSS_ENTROPY, CROSS_ENTROPY_GRAD, has, run } from '../../gradients/fused.ts';
import { toFloat } from '../../gradients/gradient.ts';
import { runOperation } from '../operation.ts';

export type Loss = (target: tf.Tensor, output: tf.Tensor, ...more: unknown[]) => tf.Tensor;

const isCovered = (target: tf.Tensor, output: tf.Tensor, more: readonly unknown[]): boolean =>
  more.length === 0 &&
  output.dtype === 'float32' &&
  output.rank > 0 &&
  output.size > 0 &&
  has(CROSS_ENTROPY) &&
  target.dtype !== 'string';

/** −ln clip(p / Σ p, ε, 1 − ε): the loss of a single class, which is the gradient with respect to its target. */
const byTarget = (output: tf.Tensor, { clipFirst, epsilon }: { clipFirst: boolean; epsilon: number }): tf.Tensor => {
  const p = clipFirst ? tf.clipByValue(output, epsilon, 1 - epsilon) : output;
  return tf.neg(tf.log(tf.clipByValue(tf.div(p, tf.sum(p, -1, true)), epsilon, 1 - epsilon)));
};

/** @param stock the loss by operations, in case the gradient is differentiated again */
function crossEntropy(target: tf.Tensor, output: tf.Tensor, clipFirst: boolean, stock: Loss): tf.Tensor {
  const attrs = { clipFirst, epsilon: tf.backend().epsilon() };
  const [loss] = runOperation({
    inputs: { target, output },
    forwardFunc(_, save) {
      save([target, output]);
      return [run(CROSS_ENTROPY, { target, output }, attrs)];
    },
    backwardsFunc(dys, [target, output]) {
      const [dy] = [dys].flat();
      if (!dy || !target || !output) throw new TypeError('A loss keeps its inputs.');
      return {
        target: () => tf.tidy(() => tf.mul(tf.expandDims(dy, -1), byTarget(output, attrs))),
        output: () =>
          isTaped()
            ? tf.grad(p => tf.sum(tf.mul(stock(target, p), dy)))(output)
            : run(CROSS_ENTROPY_GRAD, { dy, target, output }, attrs),
      };
    },
  });
  if (!loss) throw new TypeError('A loss has a value.');
  return loss;
}

export const categoricalCrossentropy =
  (stock: Loss): Loss =>
  (target, output, ...more) => {
    if (!isCovered(target, output, more) || !tf.util.arraysEqual(target.shape, output.shape))
      return stock(target, output, ...more);
    return tf.tidy(() => crossEntropy(toFloat(target), output, false, stock));
  };

/** One-hot vectors of classes in any shape; fractions are rounded down, like in TF.js. Stock wasm has no `oneHot` for floats. */
const oneHot = (classes: tf.Tensor, { shape }: tf.Tensor): tf.Tensor => {
  const whole = tf.cast(tf.floor(tf.reshape(classes, [-1])), 'int32') as tf.Tensor1D;
  return tf.cast(tf.reshape(tf.oneHot(whole, shape.at(-1) ?? 1), [...shape]), 'float32');
};

export const sparseCategoricalCrossentropy =
  (stock: Loss): Loss =>
  (target, output, ...more) => {
    const rows = output.size / (output.shape.at(-1) ?? 1);
    if (!isCovered(target, output, more) || target.size !== rows) return stock(target, output, ...more);
    return tf.tidy(() => crossEntropy(oneHot(target, output), output, true, (_, p) => stock(target, p)));
  };
