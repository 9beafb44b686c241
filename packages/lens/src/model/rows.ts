/** The rows of the data, checked and copied into new tensors. */
import { DataError } from '@keepprob/core';
import { inputNames, outputNames, show } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { zip } from '../statistics/vectors.ts';

/** A tensor, nested lists of numbers, or a typed array with its shape. */
export type Values =
  | tf.Tensor
  | tf.TensorLike
  | { readonly data: Float32Array | Int32Array | Uint8Array; readonly shape: readonly number[] };

/** For models with several inputs or outputs: a list in the model's order, or a record by their names. */
type ByName = Values | readonly Values[] | Readonly<Record<string, Values>>;

/** Rows in, labels out, as `fit` takes them. */
export interface Data {
  /** The inputs. */
  readonly x: ByName;
  /** The labels. */
  readonly y?: ByName;
}

export interface Rows {
  /** Tensors in the order of the model's inputs. */
  readonly inputs: readonly tf.Tensor[];
  readonly labels: tf.Tensor | undefined;
  readonly count: number;
  dispose(): void;
}

/**
 * @param labels whether y is required
 * @throws DataError for no rows, a shape that does not match the model's, NaN or Infinity, missing labels, or labels of a different length
 */
export async function openRows(owner: string, model: LayersModel, data: unknown, labels: boolean): Promise<Rows> {
  const { x, y } = given(owner, data, labels);
  const made: tf.Tensor[] = [];
  const dispose = (): void => tf.dispose(made);
  try {
    const names = inputNames(model);
    const inputs = zip(model.inputs, valuesOf(`${owner}: x`, x, names), ({ shape, dtype }, value, i) => {
      const tensor = own(`${owner}: x`, value, made, dtype, shape);
      const fits =
        tensor.rank === shape.length && shape.every((n, axis) => axis === 0 || n === null || n === tensor.shape[axis]);
      if (!fits) throw DataError.of(`${owner}: x "${names[i]}"`, `shape ${written(shape)}`, `[${tensor.shape}]`);
      return tensor;
    });
    const [labelsGiven] = y === undefined ? [] : valuesOf(`${owner}: y`, y, outputNames(model));
    const target = labelsGiven === undefined ? undefined : own(`${owner}: y`, labelsGiven, made);
    const count = inputs[0]?.shape[0] ?? 0;
    if (count === 0) throw DataError.of(`${owner}: x`, 'at least one row', 'none');
    for (const tensor of [...inputs, ...(target ? [target] : [])]) {
      if (tensor.shape[0] !== count)
        throw DataError.of(owner, `${count} rows everywhere`, `${tensor.shape[0] ?? 0} rows`);
      await checkFinite(owner, tensor);
    }
    return { inputs, labels: target, count, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

function given(owner: string, data: unknown, labels: boolean): Data {
  const expected = labels ? '{ x, y }' : '{ x }, or { x, y }';
  if (typeof data !== 'object' || data === null) throw DataError.of(owner, expected, show(data));
  const { x, y } = data as Partial<Data>;
  if (x === undefined || x === null || y === null || (labels && y === undefined)) {
    const empty = x === null ? ', of which x is null' : y === null ? ', of which y is null' : '';
    throw DataError.of(owner, expected, `an object with keys ${Object.keys(data).join(', ') || '(none)'}${empty}`);
  }
  return data as Data;
}

const isShaped = (value: unknown): value is { data: tf.TensorLike; shape: number[] } =>
  typeof value === 'object' && value !== null && 'data' in value && 'shape' in value && !(value instanceof tf.Tensor);

/** One array per name. */
function valuesOf(what: string, value: ByName, names: readonly string[]): readonly Values[] {
  const expected = `an array for each of ${names.join(', ')}`;
  if (isOne(value)) {
    if (names.length > 1) throw DataError.of(what, expected, 'one array');
    return [value];
  }
  if (isList(value)) {
    if (value.length !== names.length) throw DataError.of(what, expected, `a list of ${value.length}`);
    return value;
  }
  const given = new Map(Object.entries(value));
  return names.map(name => {
    const array = given.get(name);
    if (array === undefined || given.size !== names.length)
      throw DataError.of(what, `a record with ${expected}`, [...given.keys()].join(', '));
    return array;
  });
}

/** As in `fit`: a list that contains a tensor, or data with a shape, is a list of arrays; any other list is one array. */
const isList = (value: ByName): value is readonly Values[] =>
  Array.isArray(value) && value.some(v => v instanceof tf.Tensor || isShaped(v));

const isOne = (value: ByName): value is Values =>
  typeof value !== 'object' ||
  value instanceof tf.Tensor ||
  ArrayBuffer.isView(value) ||
  isShaped(value) ||
  (Array.isArray(value) && !isList(value));

/** A new tensor; [rows] is accepted in place of [rows, 1]. */
function own(
  what: string,
  value: Values,
  made: tf.Tensor[],
  dtype?: tf.DataType,
  shape: readonly (number | null)[] = [],
): tf.Tensor {
  try {
    if (value instanceof tf.Tensor && value.isDisposed) throw new Error('a tensor that was disposed');
    if (value instanceof tf.Tensor && ['string', 'complex64'].includes(value.dtype) && dtype !== value.dtype)
      throw new Error(`a tensor of dtype ${value.dtype}`);
    const tensor = tf.tidy(() => {
      const given =
        value instanceof tf.Tensor
          ? tf.clone(value)
          : isShaped(value)
            ? tf.tensor(value.data, value.shape)
            : tf.tensor(value as tf.TensorLike);
      const t = given.rank === 1 && shape.length === 2 && shape[1] === 1 ? tf.expandDims(given, 1) : given;
      return dtype === undefined || dtype === t.dtype ? t : tf.cast(t, dtype);
    });
    made.push(tensor);
    return tensor;
  } catch (error) {
    throw DataError.of(what, 'a tensor, nested arrays of numbers, or { data, shape }', (error as Error).message);
  }
}

async function checkFinite(owner: string, tensor: tf.Tensor): Promise<void> {
  if (tensor.dtype !== 'float32') return;
  const finite = tf.tidy(() => tf.all(tf.isFinite(tensor)));
  const [ok] = await finite.data();
  finite.dispose();
  if (!ok) throw DataError.of(owner, 'finite numbers', 'NaN or Infinity among them');
}

const written = (shape: readonly (number | null)[]): string =>
  `[${shape.map((size, axis) => (axis === 0 ? 'rows' : (size ?? 'any')))}]`;

/** Rows per pass, so that the activations of a forward pass fit into 16 MB. */
export function rowsPerPass(model: LayersModel): number {
  const perRow = model.layers
    .flatMap(layer => layer.inboundNodes[0]?.outputTensors ?? [])
    .reduce((sum, { shape }) => sum + shape.slice(1).reduce<number>((a, b) => a * (b ?? 32), 1), 1);
  return Math.max(1, Math.min(512, Math.floor(4e6 / perRow)));
}
