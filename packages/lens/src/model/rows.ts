/** The rows that a question is asked about, as tensors of one's own, checked. */
import { DataError } from '@keepprob/core';
import { inputNames } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** A tensor, nested lists of numbers, or a typed array with its shape. */
export type Values =
  | tf.Tensor
  | tf.TensorLike
  | { readonly data: Float32Array | Int32Array | Uint8Array; readonly shape: readonly number[] };

/** Rows in, labels out. For models with several inputs, x is a record by their names. */
export interface Data {
  readonly x: Values | Readonly<Record<string, Values>>;
  readonly y?: Values;
}

export interface Rows {
  /** In the order of the model's inputs. */
  readonly inputs: readonly tf.Tensor[];
  readonly labels: tf.Tensor | undefined;
  readonly count: number;
  dispose(): void;
}

/**
 * @param labels whether the question needs y
 * @throws DataError for no rows, another shape than the model's, NaN or Infinity, labels that are missing or of another length
 */
export async function openRows(owner: string, model: LayersModel, data: unknown, labels: boolean): Promise<Rows> {
  const { x, y } = given(owner, data, labels);
  const made: tf.Tensor[] = [];
  const dispose = (): void => tf.dispose(made);
  try {
    const names = inputNames(model);
    const inputs = model.inputs.map((input, i) => {
      const name = names[i] as string;
      const tensor = own(`${owner}: x`, inputNamed(owner, x, name, model.inputs.length), made, input.dtype);
      const fits =
        tensor.rank === input.shape.length &&
        input.shape.every((n, axis) => axis === 0 || n === null || n === tensor.shape[axis]);
      if (!fits) throw DataError.of(`${owner}: x "${name}"`, `shape ${written(input.shape)}`, `[${tensor.shape}]`);
      return tensor;
    });
    const target = y === undefined ? undefined : own(`${owner}: y`, y, made);
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
  if (typeof data !== 'object' || data === null) throw DataError.of(owner, expected, String(data));
  const { x, y } = data as Partial<Data>;
  if (x === undefined || (labels && y === undefined)) {
    throw DataError.of(owner, expected, `an object with keys ${Object.keys(data).join(', ') || '(none)'}`);
  }
  return data as Data;
}

const isShaped = (value: unknown): value is { data: tf.TensorLike; shape: number[] } =>
  typeof value === 'object' && value !== null && 'data' in value && 'shape' in value && !(value instanceof tf.Tensor);

function inputNamed(owner: string, x: Data['x'], name: string, inputs: number): Values {
  const isRecord =
    typeof x === 'object' && !(x instanceof tf.Tensor) && !Array.isArray(x) && !ArrayBuffer.isView(x) && !isShaped(x);
  if (isRecord && name in x) return (x as Record<string, Values>)[name] as Values;
  if (isRecord || inputs > 1)
    throw DataError.of(
      `${owner}: x`,
      `a record with an array for "${name}"`,
      isRecord ? Object.keys(x).join(', ') : 'one array',
    );
  return x as Values;
}

function own(what: string, value: Values, made: tf.Tensor[], dtype?: tf.DataType): tf.Tensor {
  try {
    if (value instanceof tf.Tensor && value.isDisposed) throw new Error('a tensor that was disposed');
    const tensor = tf.tidy(() => {
      const t =
        value instanceof tf.Tensor
          ? tf.clone(value)
          : isShaped(value)
            ? tf.tensor(value.data, value.shape)
            : tf.tensor(value as tf.TensorLike);
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

/** Rows per pass: as many as keep the activations of a forward pass within 16 MB. */
export function rowsPerPass(model: LayersModel): number {
  const perRow = model.layers
    .flatMap(layer => layer.inboundNodes[0]?.outputTensors ?? [])
    .reduce((sum, { shape }) => sum + shape.slice(1).reduce<number>((a, b) => a * (b ?? 32), 1), 1);
  return Math.max(1, Math.min(512, Math.floor(4e6 / perRow)));
}
