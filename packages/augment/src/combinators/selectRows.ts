import { type Batch, DataError, type Tensors } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Takes row i from `a` where chosen[i] is true, and from `b` elsewhere. If the dtypes differ, the result is float32.
 * @example
 * selectRows([true, false], tf.tensor1d([1, 2]), tf.tensor1d([3, 4])); // [1, 4]
 */
export function selectRows(chosen: readonly boolean[], a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const rows = chosen.length;
  if (a === b || rows === 0) return a;
  return tf.tidy(() => {
    const both = a.dtype === b.dtype ? [a, b] : [tf.cast(a, 'float32'), tf.cast(b, 'float32')];
    const from = Int32Array.from(chosen, (own, row) => (own ? row : rows + row));
    return tf.gather(tf.concat(both), tf.tensor1d(from, 'int32'));
  });
}

/** The same for all tensors of two batches made from one. */
export function selectBatches(owner: string, chosen: readonly boolean[], a: Batch, b: Batch): Batch {
  const select = (one: Tensors, other: Tensors): Tensors =>
    Object.fromEntries(
      Object.entries(one).map(([name, t]) => {
        const u = other[name];
        if (u && tf.util.arraysEqual(t.shape, u.shape)) return [name, selectRows(chosen, t, u)];
        const expected = `shape [${t.shape}] from each plugin, since samples choose one by one`;
        throw DataError.of(`${owner}, "${name}"`, expected, u ? `[${u.shape}]` : 'none');
      }),
    );
  const { sampleWeight, metricY } = a;
  return {
    x: select(a.x, b.x),
    y: select(a.y, b.y),
    ...(sampleWeight && { sampleWeight: select(sampleWeight, b.sampleWeight ?? {}) }),
    ...((metricY || b.metricY) && { metricY: select(metricY ?? a.y, b.metricY ?? b.y) }),
  };
}
