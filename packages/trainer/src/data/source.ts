/** What `fit` trains on, and the order in which it comes. */
import { DataError, type Json, type Tensors } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { type ArrayData, disposeBatch, disposeGiven, type OwnedBatch, type StreamBatch, take } from './arrays.ts';
import { checkBatch } from './check.ts';
import { fingerprints } from './fingerprint.ts';
import type { Layout } from './layout.ts';
import { shuffled } from './shuffle.ts';

/** A `tf.data.Dataset`: whatever has `iterator()`. */
export interface Dataset {
  iterator(): Promise<{ next(): Promise<IteratorResult<unknown>> }>;
}
/** A function is called for each pass, with the number of the epoch: the same batches for the same epoch make a resumed run exact. */
export type TrainingData =
  | ArrayData
  | Dataset
  | AsyncIterable<StreamBatch>
  | ((epoch: number) => AsyncIterable<StreamBatch>);

export interface Source {
  /** Known for arrays only. */
  readonly rows?: number;
  /** What the data are like, in words that a checkpoint keeps: shapes and checksums of arrays. */
  describe(): Promise<Json>;
  /** Whether it can be gone through more than once. */
  readonly repeatable: boolean;
  batches(order: Order): AsyncIterable<OwnedBatch>;
  /** Leaves out whole passes, which a run has made before it goes on: a dataset that shuffles itself has another order in each. */
  leaveOut(passes: number): Promise<void>;
  dispose(): void;
}

export interface Order {
  readonly batchSize: number;
  /** The number of the epoch, which functions are told. */
  readonly epoch: number;
  /** Shuffles the rows of an array by this seed, anew in each epoch. */
  readonly shuffle?: { readonly seed: number };
  /** At most so many rows. */
  readonly limit?: number;
  /** At most so many batches. */
  readonly limitBatches?: number;
  /** Leaves out a last batch of fewer rows than the others. Arrays only. */
  readonly dropLast?: boolean;
  /** Leaves out so many batches at the beginning, which have been trained on. */
  readonly skip?: number;
  /** Ends the wait for a batch of a stream: one of no rows comes in its place, and is the last. */
  readonly until?: AbortSignal;
}

/** Batches of one pass, skipped ones included; undefined for streams, which do not know. */
export function stepsOf(
  { rows }: Source,
  { batchSize, limit = Infinity, limitBatches = Infinity, dropLast }: Omit<Order, 'epoch'>,
): number | undefined {
  if (rows === undefined) return undefined;
  const all = Math.min(rows, limit) / batchSize;
  return Math.min(limitBatches, dropLast ? Math.floor(all) : Math.ceil(all));
}

/** @throws DataError where an epoch would have no update */
export function checkOrder(source: Source, order: Omit<Order, 'epoch'>): void {
  if (stepsOf(source, order) !== 0) return;
  throw DataError.of('training data', `a batch of ${order.batchSize} rows, since dropLast is true`, `${source.rows}`);
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
  if (typeof data === 'function') {
    return streamSource(what, epoch => data(epoch)[Symbol.asyncIterator](), layout, { repeatable: true });
  }
  if (Symbol.asyncIterator in data) {
    const iterable = data as AsyncIterable<StreamBatch>;
    // generators, and the streams of Node and of the web
    const repeatable = !['next', 'read', 'getReader'].some(method => method in iterable);
    return streamSource(what, () => iterable[Symbol.asyncIterator](), layout, { repeatable });
  }
  if ('iterator' in data && typeof data.iterator === 'function') {
    const open = () => (data as Dataset).iterator() as Promise<AsyncIterator<StreamBatch>>;
    return streamSource(what, open, layout, { repeatable: true, ordersItself: true });
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
    leaveOut: async () => undefined,
    async *batches(order) {
      const { batchSize, epoch, shuffle, limit = rows, skip = 0 } = order;
      const rowsInOrder = shuffle && shuffled(rows, shuffle.seed, epoch);
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
  open: (epoch: number) => AsyncIterator<StreamBatch> | Promise<AsyncIterator<StreamBatch>>,
  layout: Layout,
  { repeatable, ordersItself = false }: { readonly repeatable: boolean; readonly ordersItself?: boolean },
): Promise<Source> {
  return {
    describe: async () => 'a stream',
    repeatable,
    async leaveOut(passes) {
      // TF.js draws the order of a pass when it opens it
      if (ordersItself) for (let pass = 0; pass < passes; pass++) await open(pass);
    },
    async *batches({ epoch, limit = Infinity, limitBatches = Infinity, skip = 0, until }) {
      const iterator = await open(epoch);
      let rows = 0;
      let left = false;
      try {
        for (let i = 0; rows < limit && i < limitBatches; i++) {
          const next = await unlessAborted(iterator.next(), until);
          if (!next) {
            left = true;
            yield { x: {}, y: {}, rows: 0 };
            return;
          }
          const { value, done } = next;
          if (done) break;
          const batch = await takeChecked(what, value, layout).finally(() => disposeGiven(value));
          rows += batch.rows;
          if (i < skip) disposeBatch(batch);
          else yield batch;
        }
      } finally {
        const closed = iterator.return?.();
        // a stream that gives nothing cannot be closed before it does
        if (!left) await closed;
        else closed?.catch(() => undefined);
      }
      if (rows === 0) throw DataError.of(what, 'at least one batch in every epoch', 'a stream that has ended');
    },
    dispose: () => undefined,
  };
}

/** What is promised, or undefined when the signal comes and the promise does not within the same turn. */
async function unlessAborted<T>(promised: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (!signal) return promised;
  let leave = (): void => undefined;
  const aborted = new Promise<undefined>(resolve => {
    leave = () => void setTimeout(resolve);
  });
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave);
  try {
    return await Promise.race([promised, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
