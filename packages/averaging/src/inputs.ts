/** What a model is called on, without labels: whole tensors, or a stream of batches. */
import { DataError } from '@keepprob/core';
import { inputNames } from '@keepprob/core/driver';
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
  if (typeof data !== 'object' || data === null) throw DataError.of(OWNER, 'tensors, or a stream of them', `${data}`);
  if ('iterator' in data && typeof data.iterator === 'function') {
    const iterator = await data.iterator();
    for (let item = await iterator.next(); !item.done; item = await iterator.next()) yield item.value;
  } else if (!isTensor(data) && !Array.isArray(data) && (Symbol.asyncIterator in data || Symbol.iterator in data)) {
    yield* data as AsyncIterable<InputBatch>;
  } else {
    const inputs = inputsOf(model, data as InputBatch);
    const rows = rowsOf(inputs);
    for (let from = 0; from < rows; from += batchSize) {
      yield inputs.map(t => tf.slice(t, [from], [Math.min(batchSize, rows - from)]));
    }
  }
}

/** Inputs without the labels that may come with them. */
function withoutLabels(batch: InputBatch, names: readonly string[]): unknown {
  if (isTensor(batch) || Array.isArray(batch)) return batch;
  const given = Object(batch) as Record<string, unknown>;
  return names.every(name => name in given) ? given : (given.xs ?? given.x ?? given);
}

/** The tensors of a batch in the order of the model's inputs. */
export function inputsOf(model: LayersModel, batch: InputBatch): readonly tf.Tensor[] {
  const names = inputNames(model);
  const x = withoutLabels(batch, names);
  const inputs = isTensor(x)
    ? [x]
    : Array.isArray(x)
      ? x
      : names.map(name => (Object(x) as Record<string, unknown>)[name]);
  if (inputs.length !== names.length || !inputs.every(isTensor)) {
    throw DataError.of(OWNER, `a tensor for each of the inputs (${names.join(', ')})`, describeInputs(x));
  }
  return inputs;
}

const describeInputs = (x: unknown): string =>
  Array.isArray(x) ? `${x.length} of them` : typeof x === 'object' && x !== null ? `keys ${Object.keys(x)}` : `${x}`;

export function rowsOf(inputs: readonly tf.Tensor[]): number {
  const [first = 0, ...others] = inputs.map(({ shape }) => shape[0] ?? 0);
  if (others.every(rows => rows === first)) return first;
  throw DataError.of(OWNER, 'inputs with the same number of rows', [first, ...others].join(', '));
}
