/** Converts one array to our own tensor, or throws an error that says why it cannot. */
import { DataError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import type { ArrayLike, Shaped } from './given.ts';

export const isShaped = (value: unknown): value is Shaped =>
  typeof value === 'object' && value !== null && 'data' in value && 'shape' in value && !(value instanceof tf.Tensor);

export const isList = (value: unknown): value is readonly ArrayLike[] =>
  Array.isArray(value) && value.some(v => v instanceof tf.Tensor || isShaped(v));

/**
 * A new tensor, which the caller disposes. Typed arrays and tensors share their data; nothing is copied twice.
 * @param inUse what the error says was expected instead of a disposed tensor
 * @throws DataError for a tensor that was disposed, a list of arrays, and lists of unequal lengths; TF.js' own error for anything that is not an array
 */
export function ownTensor(what: string, value: ArrayLike, inUse = 'a tensor in use'): tf.Tensor {
  if (value instanceof tf.Tensor && value.isDisposed) throw DataError.of(what, inUse, 'a tensor that was disposed');
  if (isList(value))
    throw DataError.of(what, 'one array; with several inputs, one for each name', `a list of ${value.length}`);
  if (value instanceof tf.Tensor) return tf.clone(value);
  const tensor = isShaped(value) ? tf.tensor(value.data, [...value.shape]) : tf.tensor(value);
  if (!Array.isArray(value) || isRegular(value, tensor.shape)) return tensor;
  tensor.dispose();
  const expected = `lists of equal lengths, shape [${tensor.shape}] as the first ones have`;
  throw DataError.of(what, expected, 'some of another length');
}

/** Whether nested lists have this shape throughout: TF.js looks only at the first of each, and accepts the others as they are. */
const isRegular = (value: unknown, [size, ...inner]: readonly number[]): boolean => {
  if (size === undefined) return typeof value !== 'object' || value === null;
  if (ArrayBuffer.isView(value)) return inner.length === 0 && 'length' in value && value.length === size;
  return Array.isArray(value) && value.length === size && value.every(part => isRegular(part, inner));
};
