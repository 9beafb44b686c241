/** The dropout op alone: time of a forward pass and of forward with backward, and what it keeps on the tape. */
import { counterDropout } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';

let steps = 0;
export const ours = (x: tf.Tensor): tf.Tensor =>
  counterDropout(x, {
    keepProb: 0.5,
    noiseShape: x.shape,
    key: { seed: 1, step: steps++, site: 0, draw: 0 },
    rows: [0, x.shape[0] ?? 1],
  });
/** What `tf.layers.dropout` calls. */
export const stock = (x: tf.Tensor): tf.Tensor => tf.dropout(x, 0.5);

export const forward = (op: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) => (): void => {
  tf.tidy(() => void op(x).dataSync());
};
export const withBackward = (op: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) => (): void => {
  tf.tidy(
    () =>
      void tf
        .grad(t => tf.sum(op(t)))(x)
        .dataSync(),
  );
};

/** Bytes per element that are alive between forward and backward because of this op, its output included. */
export function tapeBytes(op: (x: tf.Tensor) => tf.Tensor, size = 100_000): number {
  const x = tf.variable(tf.ones([size]));
  let bytes = 0;
  const { value, grads } = tf.variableGrads(() => {
    const before = tf.memory().numBytes;
    const y = tf.tidy(() => op(x));
    bytes = (tf.memory().numBytes - before) / size;
    return tf.sum(y) as tf.Scalar;
  }, [x]);
  tf.dispose([x, value, ...Object.values(grads)]);
  return bytes;
}
