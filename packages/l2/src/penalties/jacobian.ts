import { definePlugin, option, PluginError, type RandomKey, type Varying, valueAt } from '@keepprob/core';
import { normalNoise } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import * as messages from '../messages.ts';

/** Options of `jacobian`. */
export interface JacobianOptions {
  /** λ ≥ 0; 0.01 is usual for logits. May be a schedule or a function. */
  readonly strength: Varying;
  /** Random directions per sample and output. Each takes one more forward pass and two more backward passes; 1, the default, is enough in practice. */
  readonly projections?: number;
}

/**
 * One direction per row, uniform on the unit sphere of [classes…]: normal numbers by their index in the whole batch, over their length.
 * @example
 * directions([2, 3], at.key(), 0).shape; // [2, 3]
 */
export function directions(shape: readonly number[], key: RandomKey, firstRow: number): tf.Tensor {
  const [rowCount = 1, ...classes] = shape;
  const size = classes.reduce((a, b) => a * b, 1);
  const rows = normalNoise([rowCount, size], key, { first: firstRow * size });
  return tf.reshape(tf.div(rows, tf.norm(rows, 2, 1, true)), [...shape]);
}

const rowsOf = ({ shape: [rows = 1] }: tf.Tensor): number => rows;

/**
 * Σ over inputs of ‖∂(v · f) / ∂x‖², the mean over rows, times the number of elements of f per row: for v uniform on the sphere its expectation is
 * E ‖∂f/∂x‖²_F, the squared Frobenius norm of the Jacobian (Hoffman, Roberts & Yaida 2019, eq. 9).
 * @example
 * projectedNorm(([x]) => tf.mul(x, 2), [tf.ones([1, 1])], shape => tf.ones(shape)); // 4
 */
export function projectedNorm(
  f: (x: readonly tf.Tensor[]) => tf.Tensor,
  x: readonly tf.Tensor[],
  direction: (shape: readonly number[]) => tf.Tensor,
): tf.Tensor {
  let elements = 0;
  const projected = (...inputs: tf.Tensor[]): tf.Tensor => {
    const y = f(inputs);
    elements = y.size / rowsOf(y);
    return tf.sum(tf.mul(y, direction(y.shape)));
  };
  const squares = tf
    .grads(projected)([...x])
    .map(g => tf.sum(tf.square(g)));
  return tf.mul(
    squares.reduce((sum, s) => tf.add(sum, s)),
    elements / Math.max(...x.map(rowsOf)),
  );
}

/**
 * Jacobian regularization (Hoffman, Roberts & Yaida 2019): J gains λ/2 · E ‖∂f/∂x‖²_F, the mean over the batch and the sum over the outputs f, estimated without
 * bias along random directions. Predictions then change little when the input does. It works in `fit` only. Inputs are float32; an embedding has no derivative with respect to its input.
 *
 * Use it on nets that end in logits: after a softmax the derivative vanishes where the net is confident. Each projection costs about one more training step,
 * since the gradient of a gradient is taken. Pooling has no second derivative in TensorFlow.js, so use strides instead.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [jacobian(0.01)] });
 * jacobian({ strength: 0.01, projections: 3 });
 * @throws OptionError for a negative λ; PluginError for an input that is not float32 or a layer without a second derivative
 */
export const jacobian = definePlugin<JacobianOptions, 'strength'>({
  name: 'jacobian',
  shorthand: 'strength',
  options: {
    strength: option.varying({ min: 0 }),
    projections: option.number({ min: 1, integer: true, fallback: 1 }),
  },
  setup: ({ strength, projections }) => ({
    step(inner, batch) {
      try {
        return inner(batch);
      } catch (error) {
        // TF.js finds out only on the way back, after the loss
        const kernel = /gradient function not found for (\w+)/.exec((error as Error).message)?.[1];
        throw kernel ? new PluginError(messages.noSecondDerivative('jacobian', kernel)) : error;
      }
    },
    loss(loss, { batch, predictions, predict, addPenalty }, at) {
      const inputs = Object.keys(batch.x);
      const x = Object.values(batch.x);
      const norms = Object.entries(predictions).flatMap(([name, output]) =>
        Array.from({ length: projections }, () => {
          const key = at.key();
          const f = (ts: readonly tf.Tensor[]): tf.Tensor =>
            predict(Object.fromEntries(ts.map((t, i) => [inputs[i], t])))[name] ?? output;
          return projectedNorm(f, x, shape => directions(shape, key, at.rows[0]));
        }),
      );
      const mean = tf.div(
        norms.reduce((sum, n) => tf.add(sum, n)),
        projections,
      );
      addPenalty(tf.mul(mean, valueAt(strength, at) / 2));
      return loss;
    },
  }),
});
