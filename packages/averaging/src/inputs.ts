/** What a model is called on, without labels: whole tensors, or a stream of batches. */
import { DataError } from '@keepprob/core';
import { checkInputs, inputNames, show, tensorsInOrder } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** What one call of the model takes: a tensor, a list of them, or a record by input name. */
export type Inputs = tf.Tensor | readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>>;
/** A batch of a stream: inputs, or inputs with labels, as `fit` and `fitDataset` take them. */
export type InputBatch = Inputs | { readonly x: Inputs } | { readonly xs: Inputs };
/** Batches one after the other: an iterable, an async iterable, or a `tf.data.Dataset`. */
export type InputStream =
  | Iterable<InputBatch>
  | AsyncIterable<InputBatch>
  | { iterator(): Promise<{ next(): Promise<IteratorResult<InputBatch>> }> };

const OWNER = 'data of updateBatchNorm';

export const noRows = (): DataError => DataError.of(OWNER, 'at least one row', 'none');
const isTensor = (value: unknown): value is tf.Tensor =>
  typeof value === 'object' && value !== null && 'dataId' in value;

/** The batches of a stream, or slices of whole tensors. */
export async function* batchesOf(
  model: LayersModel,
  data: InputBatch | InputStream,
  batchSize: number,
): AsyncGenerator<InputBatch, void> {
  if (typeof data !== 'object' || data === null) throw DataError.of(OWNER, 'tensors, or a stream of them', show(data));
  if ('iterator' in data && typeof data.iterator === 'function') {
    const iterator = await data.iterator();
    for (let item = await iterator.next(); !item.done; item = await iterator.next()) yield item.value;
  } else if (!isTensor(data) && !Array.isArray(data) && (Symbol.asyncIterator in data || Symbol.iterator in data)) {
    yield* data as AsyncIterable<InputBatch>;
  } else {
    const { inputs, rows } = await checkedInputs(model, data as InputBatch);
    for (let from = 0; from < rows; from += batchSize) {
      yield inputs.map(t => tf.slice(t, [from], [Math.min(batchSize, rows - from)]));
    }
  }
}

/** Inputs without the labels that may come with them. */
function withoutLabels(batch: InputBatch, names: readonly string[]): unknown {
  if (isTensor(batch) || Array.isArray(batch)) return batch;
  const given = Object(batch) as Record<string, unknown>;
  return names.every(name => Object.hasOwn(given, name)) ? given : (given.xs ?? given.x ?? given);
}

/**
 * The tensors of a batch in the order of the model's inputs, and how many rows they have.
 * @throws DataError for a batch that the model cannot be called on
 */
export async function checkedInputs(
  model: LayersModel,
  batch: InputBatch,
): Promise<{ readonly inputs: readonly tf.Tensor[]; readonly rows: number }> {
  const names = inputNames(model);
  const inputs = tensorsInOrder(OWNER, withoutLabels(batch, names), names);
  return { inputs, rows: await checkInputs(OWNER, model, inputs) };
}
