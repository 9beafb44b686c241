/** From whatever was given to tensors of one's own, by the names of inputs and outputs. */
import { DataError, type Tensors } from '@keepprob/core';
import { nearest } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { Layout } from './layout.ts';

type TypedArray = Float32Array | Int32Array | Uint8Array;
/** A typed array with the shape that it has. */
export interface Shaped {
  readonly data: TypedArray;
  readonly shape: readonly number[];
}
/** One array: a tensor, nested lists of numbers, or a typed array with its shape. */
export type ArrayLike = tf.Tensor | Shaped | tf.TensorLike;
/** One array, a list in the order of inputs or outputs, or a record by their names. */
export type Arrays = ArrayLike | readonly tf.Tensor[] | Readonly<Record<string, ArrayLike>>;

export interface ArrayData {
  readonly x: Arrays;
  readonly y: Arrays;
  /** Weight of each row in the loss, shape [rows]; by output name where outputs differ. */
  readonly sampleWeight?: Arrays;
}
/** A batch of a stream: ours, or TF.js' { xs, ys }. `fit` disposes its tensors. */
export type StreamBatch = ArrayData | { readonly xs: Arrays; readonly ys: Arrays; readonly sampleWeight?: Arrays };

/** Batches whose tensors belong to whoever takes them. */
export interface OwnedBatch {
  readonly x: Tensors;
  readonly y: Tensors;
  readonly sampleWeight?: Tensors;
  readonly rows: number;
}

export const disposeBatch = ({ x, y, sampleWeight }: Pick<OwnedBatch, 'x' | 'y' | 'sampleWeight'>): void =>
  tf.dispose([...Object.values(x), ...Object.values(y), ...Object.values(sampleWeight ?? {})]);

const isShaped = (value: unknown): value is Shaped =>
  typeof value === 'object' && value !== null && 'data' in value && 'shape' in value && !(value instanceof tf.Tensor);

const isList = (value: unknown): value is readonly ArrayLike[] =>
  Array.isArray(value) && value.some(v => v instanceof tf.Tensor || isShaped(v));

const isBatch = (value: unknown): value is StreamBatch =>
  typeof value === 'object' && value !== null && (('x' in value && 'y' in value) || ('xs' in value && 'ys' in value));

const KEYS = ['x', 'y', 'xs', 'ys', 'sampleWeight'];

/** Weights under another name would be no weights. */
function checkKeys(what: string, data: StreamBatch): void {
  for (const key of Object.keys(data)) {
    if (!KEYS.includes(key)) throw DataError.of(what, `${nearest(key, KEYS) ?? 'x, y, sampleWeight'}`, `"${key}"`);
  }
}

/** Lets go of the tensors of a stream's batch, no deeper than one can hold them: batch, x, record, list, tensor. */
export function disposeGiven(value: unknown, depth = 4): void {
  if (value instanceof tf.Tensor) value.dispose();
  else if (depth && value && typeof value === 'object' && !ArrayBuffer.isView(value))
    for (const part of Object.values(value)) disposeGiven(part, depth - 1);
}

/** Tensors of one's own of whatever was given, by name. Typed arrays and tensors share their data, nothing is copied twice. */
export function take(what: string, data: unknown, layout: Layout): OwnedBatch {
  if (!isBatch(data)) {
    const received = data && typeof data === 'object' ? `an object with keys ${Object.keys(data)}` : String(data);
    throw DataError.of(what, '{ x, y } or { xs, ys }', received);
  }
  const { x, y, sampleWeight } = 'xs' in data ? { x: data.xs, y: data.ys, sampleWeight: data.sampleWeight } : data;
  checkKeys(what, data);
  const made: tf.Tensor[] = [];
  const own = (value: ArrayLike): tf.Tensor => {
    if (value instanceof tf.Tensor && value.isDisposed) {
      const expected = 'tensors in use; a stream must yield new tensors in every batch, as fit disposes them';
      throw DataError.of(what, expected, 'a tensor that was disposed');
    }
    if (isList(value)) throw DataError.of(what, 'one array for each name', `a list of ${value.length}`);
    const tensor =
      value instanceof tf.Tensor
        ? tf.clone(value)
        : isShaped(value)
          ? tf.tensor(value.data, [...value.shape])
          : tf.tensor(value as tf.TensorLike);
    made.push(tensor);
    return tensor;
  };
  try {
    const xs = asInputs(
      named(
        `${what}: x`,
        x,
        layout.inputs.map(i => i.name),
        own,
      ),
      layout,
      made,
    );
    const ys = named(
      `${what}: y`,
      y,
      layout.outputs.map(o => o.name),
      own,
    );
    const weights =
      sampleWeight === undefined ? undefined : everyOutput(`${what}: sampleWeight`, sampleWeight, layout, own);
    return { x: xs, y: ys, ...(weights && { sampleWeight: weights }), rows: Object.values(xs)[0]?.shape[0] ?? 0 };
  } catch (error) {
    tf.dispose(made);
    if (error instanceof DataError) throw error;
    throw DataError.of(what, 'tensors, nested arrays of numbers, or { data, shape }', (error as Error).message);
  }
}

/** Pixels as integers become the floats that the model computes with; [rows] stands for [rows, 1]. */
function asInputs(given: Tensors, layout: Layout, made: tf.Tensor[]): Tensors {
  const convert = ([name, tensor]: [string, tf.Tensor]): [string, tf.Tensor] => {
    const { dtype, shape } = layout.inputs.find(input => input.name === name) as Layout['inputs'][number];
    const column = tensor.rank === 1 && shape.length === 2 && shape[1] === 1;
    if ((tensor.dtype === dtype || tensor.dtype === 'string') && !column) return [name, tensor];
    const converted = tf.tidy(() => {
      const cast = tensor.dtype === 'string' ? tensor : tf.cast(tensor, dtype);
      return column ? tf.expandDims(cast, 1) : cast;
    });
    made.push(converted);
    tensor.dispose();
    return [name, converted];
  };
  return Object.fromEntries(Object.entries(given).map(convert));
}

function named(what: string, value: Arrays, names: readonly string[], own: (value: ArrayLike) => tf.Tensor): Tensors {
  if (value instanceof tf.Tensor || isShaped(value) || ArrayBuffer.isView(value))
    return single(what, value as ArrayLike, names, own);
  if (isList(value)) {
    if (value.length !== names.length)
      throw DataError.of(what, `arrays for ${names.join(', ')}`, `a list of ${value.length}`);
    return Object.fromEntries(names.map((name, i) => [name, own(value[i] as ArrayLike)]));
  }
  if (Array.isArray(value)) return single(what, value as tf.TensorLike, names, own);
  const given = Object.keys(value ?? {});
  const missing = names.filter(name => !given.includes(name));
  const unknown = given.filter(name => !names.includes(name));
  if (missing.length || unknown.length)
    throw DataError.of(what, `arrays for ${names.join(', ')}`, given.join(', ') || String(value));
  return Object.fromEntries(names.map(name => [name, own((value as Record<string, ArrayLike>)[name] as ArrayLike)]));
}

function single(
  what: string,
  value: ArrayLike,
  names: readonly string[],
  own: (value: ArrayLike) => tf.Tensor,
): Tensors {
  if (names.length !== 1) throw DataError.of(what, `arrays for ${names.join(', ')}`, 'one array');
  return { [names[0] as string]: own(value) };
}

/** One list of weights serves every output. */
function everyOutput(what: string, value: Arrays, layout: Layout, own: (value: ArrayLike) => tf.Tensor): Tensors {
  const names = layout.outputs.map(o => o.name);
  const isRecord =
    !(value instanceof tf.Tensor) && !Array.isArray(value) && !ArrayBuffer.isView(value) && !isShaped(value);
  if (isRecord || isList(value)) return named(what, value, names, own);
  return Object.fromEntries(names.map(name => [name, own(value as ArrayLike)]));
}
