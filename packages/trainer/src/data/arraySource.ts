import type { Tensors } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { disposeBatch, type OwnedBatch } from './arrays.ts';
import { fingerprints } from './fingerprint.ts';
import { type Source, stepsIn } from './order.ts';
import { shuffled } from './shuffle.ts';

/** Rows `first` … `last` − 1 of the arrays, all of them by default. The source owns the arrays. */
export function arraySource(arrays: OwnedBatch, [first, last] = [0, arrays.rows]): Source {
  const { x, y, sampleWeight } = arrays;
  const rows = last - first;
  return {
    rows,
    isWeighed: sampleWeight !== undefined,
    async describe() {
      const part = rows === arrays.rows ? {} : { rows: [first, last] };
      return {
        x: await fingerprints(x),
        y: await fingerprints(y),
        sampleWeight: await fingerprints(sampleWeight),
        ...part,
      };
    },
    repeatable: true,
    split: row => [arraySource(arrays, [first, first + row]), arraySource(arrays, [first + row, last])],
    leaveOut: async () => undefined,
    async *batches(order) {
      const { batchSize, epoch, shuffle, limit = rows, skip = 0 } = order;
      const rowsInOrder = shuffle && shuffled(rows, shuffle.seed, epoch).map(row => row + first);
      const end = Math.min(rows, limit, stepsIn(rows, order) * batchSize);
      for (let from = skip * batchSize; from < end; from += batchSize) {
        const size = Math.min(batchSize, end - from);
        const index = rowsInOrder?.subarray(from, from + size);
        const part = (tensors: Tensors): Tensors => rowsOf(tensors, index, first + from, size);
        yield { x: part(x), y: part(y), ...(sampleWeight && { sampleWeight: part(sampleWeight) }), rows: size };
      }
    },
    dispose: () => disposeBatch(arrays),
  };
}

/** The given rows, or `size` rows starting at `from`. */
const rowsOf = (tensors: Tensors, rows: Int32Array | undefined, from: number, size: number): Tensors =>
  tf.tidy(() => {
    const index = rows && tf.tensor1d(rows, 'int32');
    const part = (t: tf.Tensor): tf.Tensor => (index ? tf.gather(t, index) : tf.slice(t, [from], [size]));
    return Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, part(t)]));
  });
