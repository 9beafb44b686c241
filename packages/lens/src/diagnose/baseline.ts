/** The loss of a guess that ignores the input, the baseline for bias and variance. */
import type { FitOptions } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Data, openRows } from '../model/rows.ts';
import { rowsOf } from '../model/shape.ts';

const squared = ['meanSquaredError', 'mse', 'MSE'];

/**
 * The best constant guess: for cross-entropies the entropy of the labels' frequencies, for squared errors the variance of the labels. Null for other
 * losses, several outputs, and streamed data.
 */
export async function baselineOf(
  owner: string,
  model: LayersModel,
  data: unknown,
  loss: FitOptions['loss'],
): Promise<number | null> {
  const isArrays = typeof data === 'object' && data !== null && 'x' in data && 'y' in data;
  if (typeof loss !== 'string' || model.outputs.length > 1 || !isArrays) return null;
  const entropy = /crossentropy/i.test(loss);
  if (!entropy && !squared.includes(loss)) return null;
  const rows = await openRows(owner, model, data as Data, true);
  try {
    const labels = rows.labels as tf.Tensor;
    const result = tf.tidy(() => (entropy ? entropyOf(labels, loss, model) : varianceOf(labels)));
    const [value = Number.NaN] = await result.data();
    result.dispose();
    return value;
  } finally {
    rows.dispose();
  }
}

/** Mean over the columns. */
function varianceOf(labels: tf.Tensor): tf.Tensor {
  const y = tf.reshape(tf.cast(labels, 'float32'), [rowsOf(labels), -1]);
  return tf.mean(tf.moments(y, 0).variance);
}

function entropyOf(labels: tf.Tensor, loss: string, model: LayersModel): tf.Tensor {
  const classes = model.outputs[0]?.shape.at(-1) ?? 1;
  const sparse = /sparse/i.test(loss);
  const oneHot = sparse
    ? tf.oneHot(tf.cast(tf.reshape(labels, [-1]), 'int32'), classes)
    : tf.reshape(labels, [-1, classes]);
  const p = tf.mean(tf.cast(oneHot, 'float32'), 0);
  // 0 log 0 = 0
  const bits = (q: tf.Tensor): tf.Tensor => tf.neg(tf.mul(q, tf.log(tf.maximum(q, 1e-30))));
  return /binary|sigmoid/i.test(loss) ? tf.mean(tf.add(bits(p), bits(tf.sub(1, p)))) : tf.sum(bits(p));
}
