import * as tf from '@tensorflow/tfjs-core';

/** A weight as a matrix, [fan-in, units]: the axes summed into a unit in front. */
export function columns(w: tf.Tensor, axes: readonly number[]): tf.Tensor2D {
  const units = w.shape.map((_, axis) => axis).filter(axis => !axes.includes(axis));
  const fanIn = axes.reduce((n, axis) => n * (w.shape[axis] ?? 1), 1);
  const inFront = axes.every((axis, i) => axis === i);
  return tf.reshape(inFront ? w : tf.transpose(w, [...axes, ...units]), [fanIn, w.size / fanIn]);
}
