import * as tf from '@tensorflow/tfjs-core';

/** The values of scalars, all read at once; disposes the scalars. */
export async function readScalars(scalars: tf.NamedTensorMap): Promise<Record<string, number>> {
  const all = tf.tidy(() => tf.stack(Object.values(scalars)));
  tf.dispose(scalars);
  try {
    const values = await all.data();
    return Object.fromEntries(Object.keys(scalars).map((name, i) => [name, values[i] ?? Number.NaN]));
  } finally {
    all.dispose();
  }
}
