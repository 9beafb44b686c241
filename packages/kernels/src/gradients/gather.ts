/** The gradient of GatherV2, as in embeddings: pieces of the gradient are added up at their indices. */
import * as tf from '@tensorflow/tfjs-core';
import type { Gradient } from './gradient.ts';

export const gather: Gradient = {
  kernelName: tf.GatherV2,
  gradient(dy, [x, indices], { axis, batchDims }) {
    if (!x || !indices || batchDims) return undefined;
    const [along = 0] = tf.util.parseAxisParam(axis, x.shape);
    return { x: () => addedUp(dy, indices, x.shape, along), indices: () => indices };
  },
};

/** dx[…, i, …] = Σ of dy[…, j, …] over the j whose index is i. Stock transposes dy and dx even for axis 0. */
function addedUp(dy: tf.Tensor, indices: tf.Tensor, shape: readonly number[], axis: number): tf.Tensor {
  const [outer, rows = 0, inner] = [shape.slice(0, axis), shape[axis], shape.slice(axis + 1)];
  const pieces = tf.reshape(dy, [...outer, indices.size, ...inner]);
  const flat = tf.reshape(indices, [indices.size]);
  if (axis === 0) return rowsAddedUp(pieces, flat, rows);
  const axes = shape.map((_, i) => i);
  const first = [axis, ...axes.filter(i => i !== axis)];
  const sums = rowsAddedUp(tf.transpose(pieces, first), flat, rows);
  return tf.transpose(
    sums,
    axes.map(i => first.indexOf(i)),
  );
}

function rowsAddedUp(updates: tf.Tensor, indices: tf.Tensor, rows: number): tf.Tensor {
  const shape = [rows, ...updates.shape.slice(1)];
  if (updates.size === 0) return tf.zeros(shape);
  if (!scatters()) return tf.unsortedSegmentSum(updates, indices as tf.Tensor1D, rows);
  // ScatterNd has no gradient: sums are linear, so each term gets the gradient of its sum
  const op = tf.customGrad((...args) => ({
    value: tf.scatterND(tf.reshape(indices, [indices.size, 1]), args[0] as tf.Tensor, shape),
    gradFunc: dy => tf.gather(dy, indices as tf.Tensor1D),
  }));
  return op(updates);
}

/** Whether to use ScatterNd: on cpu, UnsortedSegmentSum passes over all of dy once for each row of x, and stock wasm does not have it. */
function scatters(): boolean {
  const backend = tf.getBackend();
  return backend === 'cpu' || !tf.getKernel(tf.UnsortedSegmentSum, backend);
}
