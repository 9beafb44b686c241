/** Data that are read in passes, and the order of a pass. */
import { DataError, type Json } from '@keepprob/core';
import type { OwnedBatch } from './arrays.ts';

export interface Source {
  /** Known for arrays only. */
  readonly rows?: number;
  /** Whether rows have weights; known for arrays only. */
  readonly isWeighed?: boolean;
  /** A description of the data for the checkpoint: shapes and checksums of arrays. */
  describe(): Promise<Json>;
  /** Whether it can be read more than once. */
  readonly repeatable: boolean;
  batches(order: Order): AsyncIterable<OwnedBatch>;
  /** Splits arrays into the rows before this one and the rows from it on. They still belong to this source. */
  split?(row: number): readonly [Source, Source];
  /** Skips whole passes that a run had made before it was resumed: a dataset that shuffles itself has a different order in each. */
  leaveOut(passes: number): Promise<void>;
  dispose(): void;
}

export interface Order {
  readonly batchSize: number;
  /** The number of the epoch, which is passed to functions. */
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
  /** Ends the wait for a batch of a stream: an empty batch takes its place and is the last. */
  readonly until?: AbortSignal;
}

/** The number of batches in one pass, including skipped ones; undefined for streams, where it is unknown. */
export function stepsOf(source: Pick<Source, 'rows'>, order: Omit<Order, 'epoch'>): number | undefined {
  return source.rows === undefined ? undefined : stepsIn(source.rows, order);
}

/** The number of batches in one pass over this number of rows. */
export function stepsIn(
  rows: number,
  { batchSize, limit = Infinity, limitBatches = Infinity, dropLast }: Omit<Order, 'epoch'>,
): number {
  const all = Math.min(rows, limit) / batchSize;
  return Math.min(limitBatches, dropLast ? Math.floor(all) : Math.ceil(all));
}

/** @throws DataError if an epoch would have no update, or a batch would not have the size that the model takes */
export function checkOrder(what: string, source: Source, order: Omit<Order, 'epoch'>, fixed: number | undefined): void {
  const { rows } = source;
  if (stepsOf(source, order) === 0)
    throw DataError.of(what, `a batch of ${order.batchSize} rows, since dropLast is true`, `${rows}`);
  if (rows === undefined || fixed === undefined || order.dropLast || Math.min(rows, order.limit ?? rows) % fixed === 0)
    return;
  const expected = `a multiple of ${fixed} rows, since the model takes batches of ${fixed} (batchInputShape)`;
  throw DataError.of(what, `${expected}; dropLast leaves out the rest of training data`, `${rows}`);
}

/** A description of the training and validation data for the checkpoint. */
export const describe = async (train: Source, validation: Source | null): Promise<Readonly<Record<string, Json>>> => ({
  training: await train.describe(),
  validation: validation === train ? 'the training data' : ((await validation?.describe()) ?? null),
});
