/** What `fit` trains on, and how it becomes batches. */
import { DataError, type Tensors } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layout } from './check.ts';
import { checkBatch } from './check.ts';
import { shuffled } from './shuffle.ts';

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
export type StreamBatch = ArrayData | { readonly xs: Arrays; readonly ys: Arrays };
/** A `tf.data.Dataset`: whatever has `iterator()`. */
export interface Dataset {
  iterator(): Promise<{ next(): Promise<IteratorResult<unknown>> }>;
}
export type TrainingData = ArrayData | Dataset | AsyncIterable<StreamBatch> | (() => AsyncIterable<StreamBatch>);

/** Batches whose tensors belong to whoever takes them. */
export interface OwnedBatch {
  readonly x: Tensors;
  readonly y: Tensors;
  readonly sampleWeight?: Tensors;
  readonly rows: number;
}

export interface Source {
  /** Known for arrays only. */
  readonly stepsPerEpoch?: number;
  /** Whether it can be gone through more than once. */
  readonly repeatable: boolean;
  batches(order: Order): AsyncIterable<OwnedBatch>;
  dispose(): void;
}

export interface Order {
  readonly batchSize: number;
  /** Shuffles the rows of an array by this seed, anew in each epoch. */
  readonly shuffle?: { readonly seed: number; readonly epoch: number };
  /** At most so many rows. */
  readonly limit?: number;
}

export const disposeBatch = ({ x, y, sampleWeight }: Pick<OwnedBatch, 'x' | 'y' | 'sampleWeight'>): void =>
  tf.dispose([...Object.values(x), ...Object.values(y), ...Object.values(sampleWeight ?? {})]);

/** @throws DataError for data that cannot be trained on: arrays are checked whole, streams batch by batch. */
export async function openSource(what: string, data: TrainingData, layout: Layout, batchSize: number): Promise<Source> {
  if (typeof data === 'function') return streamSource(what, () => data()[Symbol.asyncIterator](), layout, true);
  if (Symbol.asyncIterator in data) {
    const iterable = data as AsyncIterable<StreamBatch>;
    const repeatable = !('next' in iterable);
    return streamSource(what, () => iterable[Symbol.asyncIterator](), layout, repeatable);
  }
  if ('iterator' in data && typeof data.iterator === 'function') {
    return streamSource(what, () => (data as Dataset).iterator() as Promise<AsyncIterator<StreamBatch>>, layout, true);
  }
  if (!('x' in data && 'y' in data)) {
    throw DataError.of(
      what,
      '{ x, y }, a tf.data dataset, or an async iterable of batches',
      `an object with keys ${Object.keys(data)}`,
    );
  }
  return arraySource(what, data, layout, batchSize);
}

async function arraySource(what: string, data: ArrayData, layout: Layout, batchSize: number): Promise<Source> {
  const arrays = take(what, data, layout);
  try {
    await checkBatch(what, arrays, layout);
  } catch (error) {
    disposeBatch(arrays);
    throw error;
  }
  const { rows } = arrays;
  const slice = (tensors: Tensors, index: tf.Tensor1D | undefined, from: number, size: number): Tensors =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, t]) => [name, index ? tf.gather(t, index) : tf.slice(t, [from], [size])]),
    );
  return {
    stepsPerEpoch: Math.ceil(rows / batchSize),
    repeatable: true,
    async *batches({ batchSize, shuffle, limit = rows }) {
      const order = shuffle && shuffled(rows, shuffle.seed, shuffle.epoch);
      const end = Math.min(rows, limit);
      for (let from = 0; from < end; from += batchSize) {
        const size = Math.min(batchSize, end - from);
        yield tf.tidy(() => {
          const index = order && tf.tensor1d(order.subarray(from, from + size), 'int32');
          const part = (tensors: Tensors): Tensors => slice(tensors, index, from, size);
          const { x, y, sampleWeight } = arrays;
          return {
            x: part(x),
            y: part(y),
            ...(sampleWeight && { sampleWeight: part(sampleWeight) }),
            rows: size,
          } as never;
        }) as OwnedBatch;
      }
    },
    dispose: () => disposeBatch(arrays),
  };
}

async function streamSource(
  what: string,
  open: () => AsyncIterator<StreamBatch> | Promise<AsyncIterator<StreamBatch>>,
  layout: Layout,
  repeatable: boolean,
): Promise<Source> {
  return {
    repeatable,
    async *batches({ limit = Number.POSITIVE_INFINITY }) {
      const iterator = await open();
      let rows = 0;
      try {
        while (rows < limit) {
          const { value, done } = await iterator.next();
          if (done) break;
          const batch = take(what, value, layout);
          disposeGiven(value);
          try {
            await checkBatch(what, batch, layout);
          } catch (error) {
            disposeBatch(batch);
            throw error;
          }
          rows += batch.rows;
          yield batch;
        }
      } finally {
        await iterator.return?.();
      }
      if (rows === 0) throw DataError.of(what, 'at least one batch in every epoch', 'a stream that has ended');
    },
    dispose: () => undefined,
  };
}

const isShaped = (value: unknown): value is Shaped =>
  typeof value === 'object' && value !== null && 'data' in value && 'shape' in value && !(value instanceof tf.Tensor);

function disposeGiven(value: unknown): void {
  if (value instanceof tf.Tensor) value.dispose();
  else if (value && typeof value === 'object' && !ArrayBuffer.isView(value)) Object.values(value).forEach(disposeGiven);
}

/** Tensors of one's own of whatever was given, by name. Typed arrays and tensors share their data, nothing is copied twice. */
function take(what: string, data: StreamBatch, layout: Layout): OwnedBatch {
  const { x, y, sampleWeight } = 'xs' in data ? { x: data.xs, y: data.ys, sampleWeight: undefined } : data;
  const made: tf.Tensor[] = [];
  const own = (value: ArrayLike): tf.Tensor => {
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
    const weights = sampleWeight === undefined ? undefined : everyOutput(sampleWeight, layout, own);
    return { x: xs, y: ys, ...(weights && { sampleWeight: weights }), rows: Object.values(xs)[0]?.shape[0] ?? 0 };
  } catch (error) {
    tf.dispose(made);
    if (error instanceof DataError) throw error;
    throw DataError.of(what, 'tensors, nested arrays of numbers, or { data, shape }', (error as Error).message);
  }
}

/** Pixels as integers become the floats that the model computes with. */
function asInputs(given: Tensors, layout: Layout, made: tf.Tensor[]): Tensors {
  const cast = ([name, tensor]: [string, tf.Tensor]): [string, tf.Tensor] => {
    const { dtype } = layout.inputs.find(input => input.name === name) as Layout['inputs'][number];
    if (tensor.dtype === dtype || tensor.dtype === 'string') return [name, tensor];
    const converted = tf.cast(tensor, dtype);
    made.push(converted);
    tensor.dispose();
    return [name, converted];
  };
  return Object.fromEntries(Object.entries(given).map(cast));
}

function named(what: string, value: Arrays, names: readonly string[], own: (value: ArrayLike) => tf.Tensor): Tensors {
  if (value instanceof tf.Tensor || isShaped(value) || ArrayBuffer.isView(value))
    return single(what, value as ArrayLike, names, own);
  if (Array.isArray(value)) {
    const isList = value.length === names.length && value.every(v => v instanceof tf.Tensor || isShaped(v));
    if (isList) return Object.fromEntries(names.map((name, i) => [name, own(value[i] as ArrayLike)]));
    return single(what, value as tf.TensorLike, names, own);
  }
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
function everyOutput(value: Arrays, layout: Layout, own: (value: ArrayLike) => tf.Tensor): Tensors {
  const names = layout.outputs.map(o => o.name);
  const isRecord =
    !(value instanceof tf.Tensor) && !Array.isArray(value) && !ArrayBuffer.isView(value) && !isShaped(value);
  if (isRecord) return named('sampleWeight', value, names, own);
  return Object.fromEntries(names.map(name => [name, own(value as ArrayLike)]));
}
