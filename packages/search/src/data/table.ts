/** The rows of a search as typed arrays, so that they can be split into folds, hashed and sent to other processes without a backend. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import type { ArrayData, StoredTensor } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { Table } from '../contract.ts';
import { columnOf, isOneArray } from './column.ts';

const PARTS = ['x', 'y', 'sampleWeight'];

/**
 * Reads `{ x, y, sampleWeight? }` as `fit` takes it.
 * @param owner the name of the caller in errors
 * @throws DataError for anything else, for no rows, columns of different lengths, NaN and Infinity
 */
export async function readTable(data: unknown, owner = 'search'): Promise<Table> {
  if (typeof data !== 'object' || data === null || !('x' in data && 'y' in data))
    throw DataError.of(`${owner}: data`, '{ x, y } with arrays in memory', show(data));
  const columns: [string, StoredTensor][] = [];
  for (const [part, value] of Object.entries(data)) {
    if (!PARTS.includes(part)) throw DataError.of(`${owner}: data`, PARTS.join(', '), `"${part}"`);
    if (value === undefined) continue;
    for (const [name, array] of named(owner, part, value))
      columns.push([name, await columnOf(`${owner}: ${name}`, array)]);
  }
  const count = columns[0]?.[1].shape[0] ?? 0;
  if (count === 0) throw DataError.of(`${owner}: data`, 'at least one row', 'none');
  for (const [name, { shape }] of columns) {
    if (shape[0] === count) continue;
    throw DataError.of(`${owner}: ${name}`, `${count} rows, as many as x has`, `${shape[0]}`);
  }
  return { count, columns: Object.fromEntries(columns) };
}

/** The arrays of a single array, a list or a record, each with its name in the table. */
function named(owner: string, part: string, value: unknown): [name: string, array: unknown][] {
  if (isOneArray(value)) return [[part, value]];
  if (Array.isArray(value)) return value.map((array, i) => [`${part}[${i}]`, array]);
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).map(([name, array]) => [`${part}.${name}`, array]);
  throw DataError.of(`${owner}: ${part}`, 'a tensor, nested arrays of numbers, or { data, shape }', show(value));
}

/** These rows of the table. */
export function rowsOf({ columns }: Table, rows: ArrayLike<number>): Table {
  const cut = Object.entries(columns).map(([name, { dtype, shape, data }]): [string, StoredTensor] => {
    const [count = 1, ...inner] = shape;
    const width = data.length / count;
    const part = data.slice(0, 0);
    const picked = new (part.constructor as new (length: number) => typeof part)(rows.length * width);
    for (let i = 0; i < rows.length; i++) {
      const from = (rows[i] ?? 0) * width;
      picked.set(data.subarray(from, from + width), i * width);
    }
    return [name, { dtype, shape: [rows.length, ...inner], data: picked }];
  });
  return { count: rows.length, columns: Object.fromEntries(cut) };
}

/** One tensor, a list in the order of inputs or outputs, or a record by their names. */
export type GivenTensors = tf.Tensor | tf.Tensor[] | { [name: string]: tf.Tensor };

/** Data as tensors, which `fit` accepts and `tf.dispose` disposes. */
export type TensorData = { x: GivenTensors; y: GivenTensors; sampleWeight?: GivenTensors };

/** The table as tensors, in the form in which they were given: one, a list, or a record. The caller disposes them. */
export function tensorsOf({ columns }: Table): TensorData {
  const part = (of: string): GivenTensors => {
    const own = Object.entries(columns).filter(([name]) => partOf(name) === of);
    const tensors = own.map(([name, { dtype, shape, data }]): [string, tf.Tensor] => [
      name.slice(of.length + 1),
      tf.tensor(data, [...shape], dtype === 'uint8' ? 'int32' : dtype),
    ]);
    const [[name, only] = ['', undefined]] = tensors;
    if (only && name === '') return only;
    return own[0]?.[0].startsWith('[', of.length) ? tensors.map(([, t]) => t) : Object.fromEntries(tensors);
  };
  const isWeighed = Object.keys(columns).some(name => partOf(name) === 'sampleWeight');
  return { x: part('x'), y: part('y'), ...(isWeighed && { sampleWeight: part('sampleWeight') }) };
}

const partOf = (name: string): string => /^[a-zA-Z]+/.exec(name)?.[0] ?? '';

/** Disposes what `tensorsOf` made. */
export const disposeArrays = ({ x, y, sampleWeight }: ArrayData): void =>
  tf.dispose([x, y, sampleWeight ?? []] as tf.TensorContainer);

/** The class of each row, if y holds classes: one-hot rows, or integers from 0 on. */
export function classesOf({ columns, count }: Table): Int32Array | undefined {
  const { y } = columns;
  if (!y) return undefined;
  const width = y.data.length / count;
  if (width === 1) return y.data.every(v => Number.isInteger(v) && v >= 0) ? Int32Array.from(y.data) : undefined;
  if (y.shape.length !== 2) return undefined;
  const classes = Int32Array.from({ length: count }, (_, row) => {
    const labels = y.data.subarray(row * width, (row + 1) * width);
    return labels.every(v => v === 0 || v === 1) && labels.indexOf(1) === labels.lastIndexOf(1)
      ? labels.indexOf(1)
      : -1;
  });
  return classes.includes(-1) ? undefined : classes;
}
