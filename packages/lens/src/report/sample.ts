/** A random sample of the data, so that sections about activations take seconds whatever the size of the data. */
import { inputNames } from '@keepprob/core/driver';
import { permutation } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { openRows } from '../model/rows.ts';
import { zip } from '../statistics/vectors.ts';

export interface Sample {
  readonly x: Readonly<Record<string, tf.Tensor>>;
  /** Only for models with one output. */
  readonly y?: tf.Tensor;
  readonly rows: number;
  /** Number of rows in the data. */
  readonly of: number;
  dispose(): void;
}

/**
 * Draws at most `most` rows without replacement, in random order if some are left out, since data may be sorted.
 * @throws DataError for no rows, a shape that does not match the model's, NaN or Infinity
 */
export async function openSample(
  model: LayersModel,
  data: { x: unknown; y?: unknown },
  most: number,
  seed: number,
): Promise<Sample> {
  const labels = data.y !== undefined && model.outputs.length === 1;
  const rows = await openRows('report', model, labels ? data : { x: data.x }, labels);
  try {
    const size = Math.min(most, rows.count);
    const order = permutation({ seed, step: 0, site: 0, draw: 0 }, rows.count).slice(0, size);
    const { x, y } = tf.tidy(() => {
      const drawn = (t: tf.Tensor): tf.Tensor =>
        size === rows.count ? tf.clone(t) : tf.gather(t, tf.tensor1d(order, 'int32'));
      return { x: rows.inputs.map(drawn), y: rows.labels ? drawn(rows.labels) : undefined };
    });
    return {
      x: Object.fromEntries(zip(inputNames(model), x, (name, tensor) => [name, tensor])),
      ...(y && { y }),
      ...{ rows: size, of: rows.count },
      dispose: () => tf.dispose([...x, ...(y ? [y] : [])]),
    };
  } finally {
    rows.dispose();
  }
}
