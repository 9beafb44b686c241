/** The inputs of a model: tensors in order, checked before the model sees them. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { DataError } from '../options/errors.ts';
import { show } from '../options/show.ts';
import { inputNames } from './identity.ts';

/**
 * The tensors for these names, from a single tensor, a list in the order of the names, or a record by name.
 * @param what the name of the value, for errors
 * @example
 * tensorsInOrder('x', { pixels: x, labels: y }, ['labels', 'pixels']).map(({ shape }) => shape); // [[64, 2], [64, 4]]
 * @throws DataError for any other value, and for a disposed tensor
 */
export function tensorsInOrder(what: string, value: unknown, names: readonly string[]): tf.Tensor[] {
  const tensors = listed(value, names);
  const expected = `a tensor for each of ${names.join(', ')}`;
  if (!tensors?.every(tensor => tensor instanceof tf.Tensor) || tensors.length !== names.length)
    throw DataError.of(what, expected, Array.isArray(value) ? `${value.length} values, ${show(value)}` : show(value));
  if (tensors.some(tensor => tensor.isDisposed)) throw DataError.of(what, expected, 'a tensor that was disposed');
  return [...tensors];
}

/** The values in the order of the names; undefined if there is another number of names. */
function listed(value: unknown, names: readonly string[]): readonly unknown[] | undefined {
  if (value instanceof tf.Tensor) return [value];
  if (Array.isArray(value)) return value;
  const given = new Map<string, unknown>(Object.entries(Object(value)));
  return given.size === names.length ? names.map(name => given.get(name)) : undefined;
}

const written = (shape: readonly (number | null)[]): string =>
  `[${shape.map((size, axis) => (axis === 0 ? 'rows' : (size ?? 'any')))}]`;

/**
 * Checks the inputs that a model is to be called on.
 * @param inputs in the order of the model's inputs
 * @param what the name of the inputs, for errors
 * @example
 * await checkInputs('x', model, [x]); // 64
 * @returns the number of rows
 * @throws DataError for a shape that does not fit the model's input, no rows, different numbers of rows, NaN and Infinity, strings and complex numbers
 */
export async function checkInputs(what: string, model: LayersModel, inputs: readonly tf.Tensor[]): Promise<number> {
  const names = inputNames(model);
  const rows = inputs[0]?.shape[0] ?? 0;
  for (const [i, { shape, dtype }] of model.inputs.entries()) {
    const input = inputs[i] as tf.Tensor;
    const name = `${what}: input "${names[i]}"`;
    if ((input.dtype === 'string' && dtype !== 'string') || input.dtype === 'complex64')
      throw DataError.of(name, 'numbers', input.dtype === 'string' ? 'strings' : 'complex numbers');
    const fits =
      input.rank === shape.length && shape.every((n, axis) => axis === 0 || n === null || n === input.shape[axis]);
    if (!fits) throw DataError.of(name, `shape ${written(shape)}`, `[${input.shape}]`);
    if (input.shape[0] !== rows)
      throw DataError.of(name, `${rows} rows, as many as the first input has`, `${input.shape[0]}`);
    if (rows === 0) throw DataError.of(name, 'at least one row', 'none');
    await checkNumbers(name, input);
  }
  return rows;
}

/**
 * Checks that a tensor holds finite numbers.
 * @example
 * await checkNumbers('x', x);
 * @throws DataError for NaN and Infinity
 */
export async function checkNumbers(name: string, tensor: tf.Tensor): Promise<void> {
  if (tensor.dtype !== 'float32') return;
  const finite = tf.tidy(() => tf.all(tf.isFinite(tensor)));
  const [ok] = await finite.data();
  finite.dispose();
  if (!ok) throw DataError.of(name, 'finite numbers', 'NaN or Infinity among them');
}
