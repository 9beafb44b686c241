import * as tf from '@tensorflow/tfjs-core';

/** x ≥ 0 to divide by: 1 in place of 0, so that a unit of zeros stays one. */
export const divisor = (x: tf.Tensor): tf.Tensor => tf.add(x, tf.sub(1, tf.step(x)));
