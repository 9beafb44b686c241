/** Converts weights to the order of PyTorch. */

import { sizeOf } from '../safetensors/checks.ts';
import type { SafeTensor } from '../safetensors/dtypes.ts';

/** A tensor of floats. */
export interface Floats {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The tensor as stored in a file. */
export const stored = ({ shape, data }: Floats): SafeTensor => ({ dtype: 'float32', shape, data });

/** A tensor filled with `value`. */
export const filled = (shape: readonly number[], value = 0): Floats => ({
  shape,
  data: new Float32Array(sizeOf(shape)).fill(value),
});

/** Axis i of the result is axis order[i] of the input. */
export function permute({ shape, data }: Floats, order: readonly number[]): Floats {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const sizes = order.map(axis => shape[axis] ?? 1);
  const steps = order.map(axis => strides[axis] ?? 1);
  const result = new Float32Array(data.length);
  const index = sizes.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from] ?? 0;
    for (let axis = sizes.length - 1; axis >= 0; axis--) {
      const next = (index[axis] ?? 0) + 1;
      from += steps[axis] ?? 0;
      index[axis] = next;
      if (next < (sizes[axis] ?? 1)) break;
      from -= next * (steps[axis] ?? 0);
      index[axis] = 0;
    }
  }
  return { shape: sizes, data: result };
}

export const reshape = ({ data }: Floats, shape: readonly number[]): Floats => ({ shape, data });

/** Reorders equally long parts of the first axis: the gates of recurrent layers. */
export function reorder({ shape, data }: Floats, order: readonly number[]): Floats {
  const part = data.length / order.length;
  const result = new Float32Array(data.length);
  for (const [to, from] of order.entries()) result.set(data.subarray(from * part, (from + 1) * part), to * part);
  return { shape, data: result };
}

/** One slice along the first axis, without that axis. */
export function row({ shape, data }: Floats, index: number): Floats {
  const rest = shape.slice(1);
  const size = sizeOf(rest);
  return { shape: rest, data: data.slice(index * size, (index + 1) * size) };
}
