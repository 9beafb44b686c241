/** Converts one array of the data to a typed array with its shape. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import type { Dtype, StoredTensor } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';

type Numbers = StoredTensor['data'];

const isNumbers = (value: unknown): value is Numbers =>
  value instanceof Float32Array || value instanceof Int32Array || value instanceof Uint8Array;

const isShaped = (value: unknown): value is { readonly data: unknown; readonly shape: unknown } =>
  typeof value === 'object' && value !== null && !(value instanceof tf.Tensor) && 'data' in value && 'shape' in value;

/** Whether this is an array of the data; otherwise it is a list or a record of them. */
export const isOneArray = (value: unknown): boolean =>
  value instanceof tf.Tensor ||
  isShaped(value) ||
  ArrayBuffer.isView(value) ||
  (Array.isArray(value) && !value.some(v => v instanceof tf.Tensor || isShaped(v)));

/** @throws DataError for strings, ragged lists, NaN and Infinity, a disposed tensor, or a shape that does not match the number of values */
export async function columnOf(what: string, value: unknown): Promise<StoredTensor> {
  const column = value instanceof tf.Tensor ? await ofTensor(what, value) : ofArray(what, value);
  if (column.shape.length === 0) throw DataError.of(what, 'rows', 'a single number');
  if (column.data instanceof Float32Array && !column.data.every(Number.isFinite))
    throw DataError.of(what, 'finite numbers', 'NaN or Infinity among them');
  return column;
}

async function ofTensor(what: string, tensor: tf.Tensor): Promise<StoredTensor> {
  if (tensor.isDisposed) throw DataError.of(what, 'tensors in use', 'a tensor that was disposed');
  const { dtype, shape } = tensor;
  if (dtype === 'string' || dtype === 'complex64')
    throw DataError.of(what, 'numbers', dtype === 'string' ? 'strings' : 'complex numbers');
  const data = await tensor.data();
  return { dtype, shape: [...shape], data };
}

function ofArray(what: string, value: unknown): StoredTensor {
  if (isShaped(value)) return ofShaped(what, value.data, value.shape);
  if (isNumbers(value)) return { dtype: dtypeOf(value), shape: [value.length], data: value };
  const shape = shapeOf(value);
  const numbers: number[] = [];
  collect(what, value, shape, numbers);
  return { dtype: 'float32', shape, data: Float32Array.from(numbers) };
}

const dtypeOf = (numbers: Numbers): Dtype => {
  if (numbers instanceof Float32Array) return 'float32';
  return numbers instanceof Int32Array ? 'int32' : 'uint8';
};

function ofShaped(what: string, data: unknown, shape: unknown): StoredTensor {
  const isShape = Array.isArray(shape) && shape.every(n => Number.isSafeInteger(n) && n >= 0);
  if (!isShape || !isNumbers(data))
    throw DataError.of(
      what,
      '{ data: Float32Array, Int32Array or Uint8Array, shape: [rows, …] }',
      show({ data, shape }),
    );
  const size = shape.reduce((product: number, n: number) => product * n, 1);
  if (size !== data.length) throw DataError.of(what, `${size} numbers for shape [${shape}]`, `${data.length}`);
  return { dtype: dtypeOf(data), shape, data };
}

const listLike = (value: unknown): ArrayLike<unknown> | undefined =>
  Array.isArray(value) || isNumbers(value) ? value : undefined;

/** The shape according to the first element of each list; `collect` checks the others. */
function shapeOf(value: unknown): number[] {
  const list = listLike(value);
  return list ? [list.length, ...shapeOf(list[0])] : [];
}

function collect(what: string, value: unknown, [size, ...inner]: readonly number[], into: number[]): void {
  if (size === undefined) {
    if (typeof value !== 'number' && typeof value !== 'boolean') throw DataError.of(what, 'numbers', show(value));
    into.push(Number(value));
    return;
  }
  const list = listLike(value);
  if (list?.length !== size) throw DataError.of(what, `lists of equal lengths, ${size} here`, show(value));
  for (let i = 0; i < size; i++) collect(what, list[i], inner, into);
}
