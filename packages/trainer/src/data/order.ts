/** Data that are gone through in passes, and the order of a pass. */
import { DataError, type Json } from '@keepprob/core';
import type { OwnedBatch } from './arrays.ts';

export interface Source {
  /** Known for arrays only. */
  readonly rows?: number;
  /** Whether rows have weights; known for arrays only. */
  readonly isWeighed?: boolean;
  /** What the data are like, in words that a checkpoint keeps: shapes and checksums of arrays. */
  describe(): Promise<Json>;
  /** Whether it can be gone through more than once. */
  readonly repeatable: boolean;
  batches(order: Order): AsyncIterable<OwnedBatch>;
  /** The rows before this one and the rows from it on, of arrays; they belong to this source. */
  split?(row: number): readonly [Source, Source];
  /** Leaves out whole passes, which a run has made before it goes on: a dataset that shuffles itself has another order in each. */
  leaveOut(passes: number): Promise<void>;
  dispose(): void;
}

export interface Order {
  readonly batchSize: number;
  /** The number of the epoch, which functions are told. */
  readonly epoch: number;
  /** Shuffles the rows of an array by this seed, again in each epoch. */
  readonly shuffle?: { readonly seed: number };
  /** At most n rows. */
  readonly limit?: number;
  /** At most n batches. */
  readonly limitBatches?: number;
  /** Leaves out a last batch of fewer rows than the others. Arrays only. */
  readonly dropLast?: boolean;
  /** Skips this number of batches at the beginning, which have been trained on. */
  readonly skip?: number;
  /** Ends the wait for a batch of a stream: one of no rows comes in its place, and is the last. */
  readonly until?: AbortSignal;
}

/** Batches of one pass, skipped ones included; undefined for streams, which do not know. */
export function stepsOf(source: Pick<Source, 'rows'>, order: Omit<Order, 'epoch'>): number | undefined {
  return source.rows === undefined ? undefined : stepsIn(source.rows, order);
}

/** The batches of one pass over this number of rows. */
export function stepsIn(
  rows: number,
  { batchSize, limit = Infinity, limitBatches = Infinity, dropLast }: Omit<Order, 'epoch'>,
): number {
  const all = Math.min(rows, limit) / batchSize;
  return Math.min(limitBatches, dropLast ? Math.floor(all) : Math.ceil(all));
}

/** @throws DataError where an epoch would have no update, or a batch another size than the model takes */
export function checkOrder(what: string, source: Source, order: Omit<Order, 'epoch'>, fixed: number | undefined): void {
  const { rows } = source;
  if (stepsOf(source, order) === 0)
    throw DataError.of(what, `a batch of ${order.batchSize} rows, since dropLast is true`, `${rows}`);
  if (rows === undefined || fixed === undefined || order.dropLast || Math.min(rows, order.limit ?? rows) % fixed === 0)
    return;
  const expected = `a multiple of ${fixed} rows, since the model takes batches of ${fixed} (batchInputShape)`;
  throw DataError.of(what, `${expected}; dropLast leaves out the rest of training data`, `${rows}`);
}

/** Training and validation data in words that a checkpoint keeps. */
export const describe = async (train: Source, validation: Source | null): Promise<Readonly<Record<string, Json>>> => ({
  training: await train.describe(),
  validation: validation === train ? 'the training data' : ((await validation?.describe()) ?? null),
});
