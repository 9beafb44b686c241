/** Opens the data that `fit` trains on. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import { arraySource } from './arraySource.ts';
import { disposeBatch, type OwnedBatch, take } from './arrays.ts';
import { checkBatch } from './check.ts';
import type { ArrayData, TrainingData } from './given.ts';
import type { Layout } from './layout.ts';
import { openingOf } from './opening.ts';
import type { Source } from './order.ts';
import { streamSource } from './streamSource.ts';

const EXPECTED =
  '{ x, y }, a tf.data dataset, an async iterable or a generator of batches, or a function that returns one';

/** @throws DataError for anything that is not data, before anything else is checked */
export function checkKind(what: string, data: unknown): asserts data is TrainingData {
  const given = Array.isArray(data) ? data : [data];
  if (given.some(entry => entry instanceof tf.Tensor))
    throw DataError.of(what, `${EXPECTED}; (x, y) of model.fit are one object here: { x, y }`, show(data));
  if (typeof data === 'function' || openingOf(what, data) || isArrays(data)) return;
  const isObject = typeof data === 'object' && data !== null && !Array.isArray(data);
  throw DataError.of(what, EXPECTED, isObject ? `an object with keys ${Object.keys(data)}` : show(data));
}

const isArrays = (data: unknown): data is ArrayData =>
  typeof data === 'object' && data !== null && 'x' in data && 'y' in data;

/** @throws DataError for data that cannot be trained on: arrays are checked at once, streams batch by batch. */
export async function openSource(what: string, data: TrainingData, layout: Layout): Promise<Source> {
  checkKind(what, data);
  const opening = openingOf(what, data);
  if (!opening) return arraySource(await takeChecked(what, data, layout));
  return streamSource(what, opening, async given => {
    const batch = await takeChecked(what, given, layout);
    if (layout.batchSize === undefined || batch.rows === layout.batchSize) return batch;
    disposeBatch(batch);
    throw DataError.of(what, `batches of ${layout.batchSize} rows (batchInputShape of the model)`, `${batch.rows}`);
  });
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
