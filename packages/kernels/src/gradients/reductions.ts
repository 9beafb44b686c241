/** Sum and Mean. Stock makes a tensor of ones in JavaScript and multiplies it by the gradient; broadcasting the gradient is enough. */
import * as tf from '@tensorflow/tfjs-core';
import type { Gradient } from './gradient.ts';

/** dx[i] = dy[of the sum that i is in] × factor(number of elements summed). */
const repeated = (kernelName: string, scaled: (dy: tf.Tensor, n: number) => tf.Tensor): Gradient => ({
  kernelName,
  gradient(dy, [x], { axis }) {
    if (!x) return undefined;
    const axes = tf.util.parseAxisParam(axis, x.shape);
    const n = tf.util.sizeFromShape(axes.map(a => x.shape[a] ?? 1));
    const kept = x.shape.map((size, a) => (axes.includes(a) ? 1 : size));
    return {
      x() {
        if (x.size === 0) return tf.zerosLike(x);
        const each = tf.reshape(scaled(dy, n), kept);
        return each.size === x.size ? each : tf.broadcastTo(each, x.shape);
      },
    };
  },
});

export const sum = repeated(tf.Sum, dy => dy);
export const mean = repeated(tf.Mean, (dy, n) => tf.div(dy, n));
