/** Applies the preprocessing of training data to other rows, and undoes label scaling in predictions. */
import { DataError } from '@keepprob/core';
import { isTable } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Shaped } from '../data/given.ts';
import { ownTensor } from '../data/ownTensor.ts';
import type { Scaling } from '../table/scale.ts';
import * as messages from './messages.ts';
import { type Preprocessing, preprocessingFrom } from './preprocessing.ts';
import { encodedRecords, type RowRecord } from './records.ts';

/**
 * Turns rows into the input of a model, preprocessed like the rows that it was trained on: words become inputs, gaps are filled, numbers are scaled, and each row
 * gets its shape.
 * @param model a model with preprocessing (from `loadModel`), or the preprocessing itself
 * @param rows records by column name, with null for a gap; or numbers [rows, …]: a tensor, nested lists, or a typed array with its shape
 * @returns a tensor [rows, …shape], which you dispose
 * @example
 * const preprocessing = { columns: ['sepal', 'petal'], scaling: { offset: [5, 1], divisor: [2, 2] }, shape: [2] };
 * const x = applyPreprocessing(preprocessing, [{ sepal: 7, petal: 2 }]);
 * x.arraySync(); // [[1, 0.5]]
 * @throws DataError for a model without preprocessing, for missing columns, and for values that the model was not trained on
 */
export function applyPreprocessing(
  model: LayersModel | Preprocessing,
  rows: readonly RowRecord[] | tf.Tensor | Shaped | tf.TensorLike,
): tf.Tensor {
  const known = preprocessingFrom(model);
  if (!known) throw new DataError(messages.noPreprocessing('applyPreprocessing', 'this model'));
  return tf.tidy(() => {
    const x = isRecords(rows) ? recordsOf(known, rows) : numbersOf(known, rows);
    const { scaling, shape } = known;
    const [count = 0, ...row] = x.shape;
    const size = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);
    if (x.rank === 0 || size(row) !== size(shape))
      throw DataError.of('applyPreprocessing: rows', `rows of shape [${shape}]`, `shape [${x.shape}]`);
    const values = tf.reshape(x, [count, size(row)]);
    const prepared = by(values, scaling, (v, offset, divisor) => tf.div(tf.sub(v, offset), divisor));
    return tf.reshape(prepared, [count, ...shape]);
  });
}

/**
 * Predictions in the units of the labels, for a model that was trained on scaled labels (`scaleLabel` of a config); other predictions are returned unchanged.
 * @returns a new tensor of the same shape, which you dispose
 * @example
 * const preprocessing = { labelScaling: { offset: [100], divisor: [20] }, shape: [3] };
 * undoLabelScaling(preprocessing, tf.tensor2d([[0], [1.5]])).arraySync(); // [[100], [130]]
 * @throws DataError for a model without preprocessing
 */
export function undoLabelScaling(model: LayersModel | Preprocessing, predictions: tf.Tensor): tf.Tensor {
  const known = preprocessingFrom(model);
  if (!known) throw new DataError(messages.noPreprocessing('undoLabelScaling', 'this model'));
  if (!(predictions instanceof tf.Tensor) || predictions.isDisposed)
    throw DataError.of(
      'undoLabelScaling: predictions',
      'a tensor [rows, labels]',
      predictions instanceof tf.Tensor ? 'a tensor that was disposed' : typeof predictions,
    );
  return tf.tidy(() =>
    by(predictions.clone(), known.labelScaling, (v, offset, divisor) => tf.add(tf.mul(v, divisor), offset)),
  );
}

type Formula = (values: tf.Tensor, offset: tf.Tensor, divisor: tf.Tensor) => tf.Tensor;

/** @throws DataError if the number of columns is not the one that was scaled */
function by(values: tf.Tensor, scaling: Scaling | undefined, f: Formula): tf.Tensor {
  if (!scaling) return values;
  const { offset, divisor } = scaling;
  const width = values.shape.at(-1) ?? 1;
  if (offset.length > 1 && offset.length !== width)
    throw DataError.of('preprocessing', `${offset.length} numbers in a row, as were scaled`, String(width));
  return f(values, tf.tensor1d([...offset]), tf.tensor1d([...divisor]));
}

type Rows = Parameters<typeof applyPreprocessing>[1];

const isRecords = (rows: Rows): rows is readonly RowRecord[] =>
  Array.isArray(rows) && rows.length > 0 && rows.every(row => isTable(row) && !(row instanceof tf.Tensor));

function recordsOf({ columns, encodings }: Preprocessing, rows: readonly RowRecord[]): tf.Tensor {
  const all = encodings ?? columns?.map(column => ({ column, type: 'number' as const }));
  if (all) return encodedRecords(all, rows);
  throw DataError.of(
    'applyPreprocessing: rows',
    'numbers, as the model was trained on arrays and knows no columns',
    'records',
  );
}

function numbersOf({ encodings }: Preprocessing, rows: Exclude<Rows, readonly RowRecord[]>): tf.Tensor {
  if (encodings)
    throw DataError.of(
      'applyPreprocessing: rows',
      'records by the names of the columns, as some hold words or gaps',
      'numbers',
    );
  try {
    return tf.cast(ownTensor('applyPreprocessing: rows', rows), 'float32');
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw DataError.of(
      'applyPreprocessing: rows',
      'records by the names of the columns, or numbers [rows, …]',
      error instanceof Error ? error.message : String(error),
    );
  }
}
