/** The gradient of Tile. Stock slices dy once for each repetition and adds the slices up; this is one sum. */
import * as tf from '@tensorflow/tfjs-core';
import type { Gradient } from './gradient.ts';

export const tile: Gradient = {
  kernelName: tf.Tile,
  gradient(dy, [x], { reps }) {
    if (!x) return undefined;
    return { x: () => (dy.size === 0 ? tf.zerosLike(x) : sumOfTiles(dy, x.shape, reps)) };
  },
};

/** dx[i] = Σ over the repetitions r of dy[r · size + i]: every repeated axis becomes a pair [repetitions, size], summed over the first. */
function sumOfTiles(dy: tf.Tensor, shape: readonly number[], reps: readonly number[]): tf.Tensor {
  const pairs: number[] = [];
  const repeated: number[] = [];
  for (const [axis, size] of shape.entries()) {
    const times = reps[axis] ?? 1;
    if (times > 1) repeated.push(pairs.length);
    // an axis of size 1 consists only of its repetitions
    pairs.push(...(times > 1 ? [times] : []), ...(times > 1 && size === 1 ? [] : [size]));
  }
  const split = tf.reshape(dy, pairs);
  return tf.reshape(repeated.length > 0 ? tf.sum(split, repeated) : split, [...shape]);
}
