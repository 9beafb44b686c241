/** The rows of a fold in the form that `fit` takes. */
import { DataError, OptionError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import type { ArrayData } from '@keepprob/trainer';
import type { Rows, ScaleKind, Table } from '../contract.ts';
import { classesOf, readTable, rowsOf, type TensorData, tensorsOf } from '../data/table.ts';
import { scaleOption } from '../parts.ts';
import { type Affine, fitted, isScaled, type Scaling, scaledBy } from './scaling.ts';

/** Both sides of a split, as tensors that belong to the caller: `tf.dispose(fold)` disposes them. */
export type Fold = {
  /** The training rows. */
  train: TensorData;
  /** The validation rows. */
  validation: TensorData;
};

/** A fold whose inputs are scaled. */
export interface ScaledFold extends Fold {
  /** The numbers measured on the training rows. Save them with the model, for `rescaled`. */
  readonly scaling: Scaling;
}

/** A `Split`, or lists of row numbers. */
export interface Sides {
  /** Numbers of the rows to train on. */
  readonly train: ArrayLike<number>;
  /** Numbers of the rows to validate on. */
  readonly validation: ArrayLike<number>;
}

/**
 * Counts the rows of data, and finds the class of each if y tells it (one-hot rows, or integers from 0 on): what a splitter needs.
 * @param data `{ x, y }` as `fit` takes it, in memory
 * @example
 * const { count, classes } = await rowsIn({ x, y });
 * const splits = kFold({ k: 4, stratify: true }).split({ count, classes }, 7);
 * [count, splits.length]; // [64, 4]
 * @throws DataError if `data` is not `{ x, y }` with arrays of the same length, and for NaN and Infinity
 */
export async function rowsIn(data: ArrayData): Promise<Rows> {
  const table = await readTable(data, 'rowsIn');
  const classes = classesOf(table);
  return { count: table.count, ...(classes && { classes }) };
}

/**
 * The training and the validation rows of a split, each in the form that `fit` takes: a tensor, a list or a record of them, as they were given.
 * @param data `{ x, y, sampleWeight? }` as `fit` takes it, in memory
 * @example
 * const [split] = holdOut({ fraction: 0.25 }).split({ count: 64 }, 7);
 * const fold = await takeFold({ x, y }, split);
 * fold.validation.x.shape; // [16, 4]
 * await fit(model, fold.train, { ...options, validation: fold.validation });
 * tf.dispose(fold);
 * @throws DataError if `data` is not `{ x, y }` with arrays of the same length, for NaN and Infinity, and for rows that the data do not have
 */
export async function takeFold(data: ArrayData, split: Sides): Promise<Fold> {
  const { train, validation } = cut('takeFold', await readTable(data, 'takeFold'), split);
  return { train: tensorsOf(train), validation: tensorsOf(validation) };
}

/**
 * Like `takeFold`, with scaled inputs: (x − mean) / √variance or (x − min) / (max − min) for each feature, measured on the training rows alone, so that
 * validation rows, like future rows, have no influence. Features with a single value in the training rows are only shifted to 0; int32 inputs, such as
 * words, are not scaled.
 * @param data `{ x, y, sampleWeight? }` as `fit` takes it, in memory
 * @param kind 'standardize' for mean 0 and variance 1, 'unit' for the range from 0 to 1 (validation rows may lie outside)
 * @example
 * const data = { x: tf.tensor2d([[1, 5], [3, 5], [100, 6]]), y: tf.tensor1d([0, 1, 0]) };
 * const { train, validation, scaling } = await scaled(data, { train: [0, 1], validation: [2] });
 * scaling; // { x: { offset: [2, 5], divisor: [1, 1] } }
 * train.x; // [[-1, 0], [1, 0]]
 * validation.x; // [[98, 1]]
 * @throws DataError as `takeFold` does, and for no training rows; OptionError for an unknown kind
 */
export async function scaled(data: ArrayData, split: Sides, kind: ScaleKind = 'standardize'): Promise<ScaledFold> {
  if (!scaleOption.accepts(kind)) throw OptionError.of('scaled', 'kind', scaleOption.expected, kind);
  const fold = cut('scaled', await readTable(data, 'scaled'), split);
  if (fold.train.count === 0) throw DataError.of('scaled: split', 'rows to train on', 'none');
  const { train, validation, scaling } = fitted(kind, fold);
  return { train: tensorsOf(train), validation: tensorsOf(validation), scaling };
}

/**
 * Scales data by previously measured numbers, as needed by a model that was trained on a scaled fold.
 * @param scaling the `scaling` of `scaled`, or the same read from JSON
 * @example
 * const data = { x: tf.tensor2d([[4, 6]]), y: tf.tensor1d([1]) };
 * (await rescaled(data, { x: { offset: [2, 5], divisor: [4, 1] } })).x; // [[0.5, 1]]
 * @throws DataError as `takeFold` does, and for arrays or features that differ from those of the scaling
 */
export async function rescaled(data: ArrayData, scaling: Scaling): Promise<TensorData> {
  const table = await readTable(data, 'rescaled');
  checkScaling(table, scaling);
  return tensorsOf(scaledBy(table, scaling));
}

function cut(
  owner: string,
  table: Table,
  { train, validation }: Sides,
): { readonly train: Table; readonly validation: Table } {
  for (const [side, rows] of Object.entries({ train, validation })) {
    const bad = Array.from(rows).find(row => !Number.isInteger(row) || row < 0 || row >= table.count);
    if (bad !== undefined)
      throw DataError.of(`${owner}: split.${side}`, `row numbers from 0 to ${table.count - 1}`, show(bad));
  }
  return { train: rowsOf(table, train), validation: rowsOf(table, validation) };
}

function checkScaling({ columns, count }: Table, scaling: Scaling): void {
  const given = Object.entries(columns).filter(([name, column]) => isScaled(name, column));
  const names = given.map(([name]) => name);
  const others = Object.keys(scaling).filter(name => !names.includes(name));
  if (others.length || names.length !== Object.keys(scaling).length)
    throw DataError.of(
      'rescaled: scaling',
      `numbers for ${names.join(', ')}`,
      Object.keys(scaling).join(', ') || 'none',
    );
  for (const [name, { data }] of given) {
    const width = data.length / count;
    const { offset, divisor }: Partial<Affine> = scaling[name] ?? {};
    if (isNumbers(offset, width) && isNumbers(divisor, width)) continue;
    throw DataError.of(
      `rescaled: scaling.${name}`,
      `${width} finite numbers each in offset and divisor`,
      show(scaling[name]),
    );
  }
}

const isNumbers = (list: unknown, length: number): boolean =>
  Array.isArray(list) && list.length === length && list.every(Number.isFinite);
