/** Processes two tensors, of which one may be broadcast along some axes of the other, as blocks of planes of rows. */
import { backend_util, type DataType, type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { Bound } from '../backend/module.ts';
import { sizeOf } from './kernel.ts';

/** A run of adjacent axes along which the same ones of a and b vary. */
interface Run {
  size: number;
  readonly a: boolean;
  readonly b: boolean;
}

/** The runs from the outermost axis to the innermost, without axes of size 1. */
function runsOf(a: readonly number[], b: readonly number[], shape: readonly number[]): Run[] {
  const runs: Run[] = [];
  for (const [axis, size] of shape.entries()) {
    if (size === 1) continue;
    const goes = (of: readonly number[]): boolean => (of[axis - shape.length + of.length] ?? 1) !== 1;
    const [ofA, ofB] = [goes(a), goes(b)];
    const last = runs.at(-1);
    if (last && last.a === ofA && last.b === ofB) last.size *= size;
    else runs.push({ size, a: ofA, b: ofB });
  }
  return runs;
}

/** The stride in elements along each run, for the tensor `goes`; 0 if it is broadcast. */
function strides(runs: readonly Run[], goes: 'a' | 'b'): number[] {
  let stride = 1;
  return [...runs].reverse().map(run => {
    if (!run[goes]) return 0;
    const own = stride;
    stride *= run.size;
    return own;
  });
}

/** The address of a block, and the bytes between its planes, rows and elements. */
export type Place = readonly [at: number, plane: number, row: number, step: number];
export type Block = (
  size: readonly [planes: number, rows: number, columns: number],
  a: Place,
  b: Place,
  y: number,
) => void;

/** A tensor in the broadcast shape of both, filled block by block. @throws like TF.js if the shapes are incompatible */
export function byBlocks(bound: Bound, a: TensorInfo, b: TensorInfo, dtype: DataType, block: Block): TensorInfo {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const out = bound.output(shape, dtype);
  if (sizeOf(shape) === 0) return out;
  const runs = runsOf(a.shape, b.shape, shape);
  const sizes = runs.map(({ size }) => size).reverse();
  const [ofA, ofB] = [strides(runs, 'a'), strides(runs, 'b')];
  const [columns = 1, rows = 1, planes = 1, ...outer] = sizes;
  const place = (at: number, [step = 0, row = 0, plane = 0]: readonly number[]): Place => [
    at,
    4 * plane,
    4 * row,
    4 * step,
  ];
  const written = planes * rows * columns * util.bytesPerElement(dtype);
  for (let i = 0; i < outer.reduce((n, size) => n * size, 1); i++) {
    let [rest, fromA, fromB] = [i, 0, 0];
    for (const [k, size] of outer.entries()) {
      fromA += (rest % size) * (ofA[k + 3] ?? 0);
      fromB += (rest % size) * (ofB[k + 3] ?? 0);
      rest = Math.floor(rest / size);
    }
    block(
      [planes, rows, columns],
      place(bound.at(a) + 4 * fromA, ofA),
      place(bound.at(b) + 4 * fromB, ofB),
      bound.at(out) + i * written,
    );
  }
  return out;
}
