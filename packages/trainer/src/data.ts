/** What `fit` trains on, and the order in which it comes. */
import { DataError, type Json, type Tensors } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { type ArrayData, disposeBatch, disposeGiven, type OwnedBatch, type StreamBatch, take } from './arrays.ts';
import { checkBatch, type Layout } from './check.ts';
import { fingerprints } from './checkpoint/fingerprint.ts';
import { shuffled } from './shuffle.ts';

/** A `tf.data.Dataset`: whatever has `iterator()`. */
export interface Dataset {
  iterator(): Promise<{ next(): Promise<IteratorResult<unknown>> }>;
}
export type TrainingData = ArrayData | Dataset | AsyncIterable<StreamBatch> | (() => AsyncIterable<StreamBatch>);

export interface Source {
  /** Known for arrays only. */
  readonly rows?: number;
  /** What the data are like, in words that a checkpoint keeps: shapes and checksums of arrays. */
  describe(): Promise<Json>;
  /** Whether it can be gone through more than once. */
  readonly repeatable: boolean;
  batches(order: Order): AsyncIterable<OwnedBatch>;
  dispose(): void;
}

export interface Order {
  readonly batchSize: number;
  /** Shuffles the rows of an array by this seed, anew in each epoch. */
  readonly shuffle?: { readonly seed: number; readonly epoch: number };
  /** At most so many rows. */
  readonly limit?: number;
  /** At most so many batches. */
  readonly limitBatches?: number;
  /** Leaves out a last batch of fewer rows than the others. Arrays only. */
  readonly dropLast?: boolean;
  /** Leaves out so many batches at the beginning, which have been trained on. */
  readonly skip?: number;
}

/** Batches of one pass, skipped ones included; undefined for streams, which do not know. */
export function stepsOf(
  { rows }: Source,
  { batchSize, limit = Infinity, limitBatches = Infinity, dropLast }: Order,
): number | undefined {
  if (rows === undefined) return undefined;
  const all = Math.min(rows, limit) / batchSize;
  return Math.min(limitBatches, dropLast ? Math.floor(all) : Math.ceil(all));
}

/** Training and dev data in words that a checkpoint keeps. */
export const describe = async (train: Source, dev: Source | null): Promise<Readonly<Record<string, Json>>> => ({
  training: await train.describe(),
  validation: dev === train ? 'the training data' : ((await dev?.describe()) ?? null),
});

/** @throws DataError for data that cannot be trained on: arrays are checked whole, streams batch by batch. */
export async function openSource(what: string, data: TrainingData, layout: Layout): Promise<Source> {
  const expected = '{ x, y }, a tf.data dataset, or an async iterable of batches';
  if (!data || !['object', 'function'].includes(typeof data)) throw DataError.of(what, expected, String(data));
  if (typeof data === 'function') return streamSource(what, () => data()[Symbol.asyncIterator](), layout, true);
  if (Symbol.asyncIterator in data) {
    const iterable = data as AsyncIterable<StreamBatch>;
    const repeatable = !('next' in iterable);
    return streamSource(what, () => iterable[Symbol.asyncIterator](), layout, repeatable);
  }
  if ('iterator' in data && typeof data.iterator === 'function') {
    return streamSource(what, () => (data as Dataset).iterator() as Promise<AsyncIterator<StreamBatch>>, layout, true);
  }
  if (!('x' in data && 'y' in data)) {
    throw DataError.of(what, expected, `an object with keys ${Object.keys(data)}`);
  }
  return arraySource(what, data, layout);
}

async function takeChecked(what: string, data: unknown, layout: Layout): Promise<OwnedBatch> {
  const batch = take(what, data, layout);
  try {
    await checkBatch(what, batch, layout);
    return batch;
  } catch (error) {
    disposeBatch(batch);
    throw error;
  }
}

async function arraySource(what: string, data: ArrayData, layout: Layout): Promise<Source> {
  const arrays = await takeChecked(what, data, layout);
  const { rows } = arrays;
  const slice = (tensors: Tensors, index: tf.Tensor1D | undefined, from: number, size: number): Tensors =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, t]) => [name, index ? tf.gather(t, index) : tf.slice(t, [from], [size])]),
    );
  const source: Source = {
    rows,
    async describe() {
      const { x, y, sampleWeight } = arrays;
      return { x: await fingerprints(x), y: await fingerprints(y), sampleWeight: await fingerprints(sampleWeight) };
    },
    repeatable: true,
    async *batches(order) {
      const { batchSize, shuffle, limit = rows, skip = 0 } = order;
      const rowsInOrder = shuffle && shuffled(rows, shuffle.seed, shuffle.epoch);
      const end = Math.min(rows, limit, (stepsOf(source, order) as number) * batchSize);
      for (let from = skip * batchSize; from < end; from += batchSize) {
        const size = Math.min(batchSize, end - from);
        yield tf.tidy(() => {
          const index = rowsInOrder && tf.tensor1d(rowsInOrder.subarray(from, from + size), 'int32');
          const part = (tensors: Tensors): Tensors => slice(tensors, index, from, size);
          const { x, y, sampleWeight } = arrays;
          return {
            x: part(x),
            y: part(y),
            ...(sampleWeight && { sampleWeight: part(sampleWeight) }),
            rows: size,
          } as never;
        }) as OwnedBatch;
      }
    },
    dispose: () => disposeBatch(arrays),
  };
  return source;
}

async function streamSource(
  what: string,
  open: () => AsyncIterator<StreamBatch> | Promise<AsyncIterator<StreamBatch>>,
  layout: Layout,
  repeatable: boolean,
): Promise<Source> {
  return {
    describe: async () => 'a stream',
    repeatable,
    async *batches({ limit = Infinity, limitBatches = Infinity, skip = 0 }) {
      const iterator = await open();
      let rows = 0;
      try {
        for (let i = 0; rows < limit && i < limitBatches; i++) {
          const { value, done } = await iterator.next();
          if (done) break;
          const batch = await takeChecked(what, value, layout).finally(() => disposeGiven(value));
          rows += batch.rows;
          if (i < skip) disposeBatch(batch);
          else yield batch;
        }
      } finally {
        await iterator.return?.();
      }
      if (rows === 0) throw DataError.of(what, 'at least one batch in every epoch', 'a stream that has ended');
    },
    dispose: () => undefined,
  };
}
