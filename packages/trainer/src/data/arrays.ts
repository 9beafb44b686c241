/** Converts the given data to our own tensors, by the names of inputs and outputs. */

import { DataError, PluginError, type Tensors } from '@keepprob/core';
import { nearest, ownValue, show } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import * as messages from '../messages.ts';
import type { ArrayLike, Arrays, StreamBatch } from './given.ts';
import type { Layout, Slot } from './layout.ts';
import { isList, isShaped, ownTensor } from './ownTensor.ts';

/** A batch whose tensors belong to the caller. */
export interface OwnedBatch {
  readonly x: Tensors;
  readonly y: Tensors;
  readonly sampleWeight?: Tensors;
  readonly rows: number;
}

export const disposeBatch = ({ x, y, sampleWeight }: Pick<OwnedBatch, 'x' | 'y' | 'sampleWeight'>): void =>
  tf.dispose([...Object.values(x), ...Object.values(y), ...Object.values(sampleWeight ?? {})]);

const isBatch = (value: unknown): value is StreamBatch =>
  typeof value === 'object' && value !== null && (('x' in value && 'y' in value) || ('xs' in value && 'ys' in value));

const IN_USE = 'tensors in use; a stream must yield new tensors in every batch, as fit disposes them';
const KEYS = ['x', 'y', 'xs', 'ys', 'sampleWeight'];

/** Rejects unknown keys: weights under another name would be ignored. */
function checkKeys(what: string, data: StreamBatch): void {
  for (const key of Object.keys(data)) {
    if (!KEYS.includes(key)) throw DataError.of(what, `${nearest(key, KEYS) ?? 'x, y, sampleWeight'}`, `"${key}"`);
  }
}

/** Disposes the tensors of a stream's batch, as deep as they can be nested: batch, x, record, list, tensor. */
export function disposeGiven(value: unknown, depth = 4): void {
  if (value instanceof tf.Tensor) value.dispose();
  else if (depth && value && typeof value === 'object' && !ArrayBuffer.isView(value))
    for (const part of Object.values(value)) disposeGiven(part, depth - 1);
}

/**
 * A tensor of a batch.
 * @throws PluginError if it is missing, since a plugin may have removed it
 */
export function tensorOf(tensors: Tensors, name: string): tf.Tensor {
  const tensor = ownValue(tensors, name);
  if (!tensor) throw new PluginError(messages.tensorMissing(name, Object.keys(tensors)));
  return tensor;
}

/** Copies of the given values as our own tensors, by name. */
export function take(what: string, data: unknown, layout: Layout): OwnedBatch {
  const made: tf.Tensor[] = [];
  const own = (value: ArrayLike): tf.Tensor => {
    const tensor = ownTensor(what, value, IN_USE);
    made.push(tensor);
    return tensor;
  };
  try {
    if (!isBatch(data)) {
      const received = data && typeof data === 'object' ? `an object with keys ${Object.keys(data)}` : show(data);
      throw DataError.of(what, '{ x, y } or { xs, ys }', received);
    }
    const { x, y, sampleWeight } = 'xs' in data ? { x: data.xs, y: data.ys, sampleWeight: data.sampleWeight } : data;
    checkKeys(what, data);
    const names = (slots: readonly Slot[]): readonly string[] => slots.map(slot => slot.name);
    const xs = asInputs(named(`${what}: x`, x, names(layout.inputs), own), layout, made);
    const ys = named(`${what}: y`, y, names(layout.outputs), own);
    const weights =
      sampleWeight === undefined ? undefined : everyOutput(`${what}: sampleWeight`, sampleWeight, layout, own);
    return { x: xs, y: ys, ...(weights && { sampleWeight: weights }), rows: Object.values(xs)[0]?.shape[0] ?? 0 };
  } catch (error) {
    tf.dispose(made);
    if (error instanceof DataError) throw error;
    const reason = error instanceof Error ? error.message : show(error);
    throw DataError.of(what, 'tensors, nested arrays of numbers, or { data, shape }', reason);
  }
}

/** Casts inputs to the dtypes of the model, such as integer pixels to floats, and turns [rows] into [rows, 1]. */
function asInputs(given: Tensors, { inputs }: Layout, made: tf.Tensor[]): Tensors {
  const converted = ({ name, dtype, shape }: Slot): readonly [string, tf.Tensor] => {
    const tensor = tensorOf(given, name);
    const isColumn = tensor.rank === 1 && shape.length === 2 && shape[1] === 1;
    const isOther = tensor.dtype !== dtype && tensor.dtype !== 'string' && tensor.dtype !== 'complex64';
    if (!isOther && !isColumn) return [name, tensor];
    const as = tf.tidy(() => {
      const cast = isOther ? tf.cast(tensor, dtype) : tensor;
      return isColumn ? tf.expandDims(cast, 1) : cast;
    });
    made.push(as);
    tensor.dispose();
    return [name, as];
  };
  return Object.fromEntries(inputs.map(converted));
}

function present(what: string, value: ArrayLike | null | undefined): ArrayLike {
  if (value === null || value === undefined) throw DataError.of(what, 'an array for each name', show(value));
  return value;
}

function named(what: string, value: Arrays, names: readonly string[], own: (value: ArrayLike) => tf.Tensor): Tensors {
  if (value instanceof tf.Tensor || isShaped(value) || ArrayBuffer.isView(value))
    return single(what, value as ArrayLike, names, own);
  if (isList(value)) {
    if (value.length !== names.length)
      throw DataError.of(what, `arrays for ${names.join(', ')}`, `a list of ${value.length}`);
    return Object.fromEntries(names.map((name, i) => [name, own(present(what, value[i]))]));
  }
  if (Array.isArray(value)) return single(what, value as tf.TensorLike, names, own);
  const given = Object.keys(value ?? {});
  const missing = names.filter(name => !given.includes(name));
  const unknown = given.filter(name => !names.includes(name));
  if (missing.length || unknown.length)
    throw DataError.of(what, `arrays for ${names.join(', ')}`, given.join(', ') || show(value));
  const arrays = new Map<string, ArrayLike>(Object.entries(value));
  return Object.fromEntries(names.map(name => [name, own(present(what, arrays.get(name)))]));
}

function single(
  what: string,
  value: ArrayLike,
  names: readonly string[],
  own: (value: ArrayLike) => tf.Tensor,
): Tensors {
  const [name, ...others] = names;
  if (name === undefined || others.length) throw DataError.of(what, `arrays for ${names.join(', ')}`, 'one array');
  return { [name]: own(value) };
}

/** A single array of weights applies to every output. */
function everyOutput(what: string, value: Arrays, layout: Layout, own: (value: ArrayLike) => tf.Tensor): Tensors {
  const names = layout.outputs.map(o => o.name);
  const isRecord =
    !(value instanceof tf.Tensor) && !Array.isArray(value) && !ArrayBuffer.isView(value) && !isShaped(value);
  if (isRecord || isList(value)) return named(what, value, names, own);
  return Object.fromEntries(names.map(name => [name, own(value as ArrayLike)]));
}
