/** Sum, Mean, Max and Min over adjacent axes, UnsortedSegmentSum, Identity. */
import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import type { Bound } from '../backend/module.ts';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

/** x as outer × rows × inner, to be reduced over rows. */
interface Blocks {
  readonly outer: number;
  readonly rows: number;
  readonly inner: number;
  readonly out: TensorInfo;
}

/** Undefined if the axes are not adjacent, or have fewer than `least` elements. */
function blocksOf(
  bound: Bound,
  x: TensorInfo,
  axis: number | number[],
  keepDims: boolean,
  least = 0,
): Blocks | undefined {
  const axes = util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
  const [first, last] = [axes[0], axes.at(-1)];
  if (first === undefined || last === undefined || axes.some((axis, i) => axis !== first + i)) return undefined;
  const rows = sizeOf(x.shape.slice(first, last + 1));
  if (rows < least) return undefined;
  const shape = x.shape.map((d, i) => (i >= first && i <= last ? 1 : d));
  const out = bound.output(keepDims ? shape : [...x.shape.slice(0, first), ...x.shape.slice(last + 1)]);
  return { outer: sizeOf(x.shape.slice(0, first)), rows, inner: sizeOf(x.shape.slice(last + 1)), out };
}

/** Sum × factor(number of elements summed). */
const reduction =
  (factor: (n: number) => number): Kernel =>
  (bound, { x }, { axis, keepDims }) => {
    const blocks = x && isFloat(x) ? blocksOf(bound, x, axis, keepDims) : undefined;
    if (!x || !blocks) return undefined;
    const { outer, rows, inner, out } = blocks;
    const [from, to] = [bound.at(x), bound.at(out)];
    if (inner === 1) bound.run.sumEachRow(from, outer, rows, to, factor(rows));
    else {
      for (let i = 0; i < outer; i++) {
        bound.run.sumColumns(from + 4 * i * rows * inner, rows, inner, to + 4 * i * inner, factor(rows));
      }
    }
    return out;
  };

export const sum: Kernel = reduction(() => 1);
export const mean: Kernel = reduction(n => 1 / n);

/** The maximum or minimum; empty axes are left to stock. */
export const extreme =
  (larger: boolean): Kernel =>
  (bound, { x }, { axis, reductionIndices = axis, keepDims }) => {
    const blocks = x && isFloat(x) ? blocksOf(bound, x, reductionIndices, keepDims, 1) : undefined;
    if (!x || !blocks) return undefined;
    const { outer, rows, inner, out } = blocks;
    const [from, to] = [bound.at(x), bound.at(out)];
    if (inner === 1) bound.run.extremeOfRows(larger, from, outer, rows, to);
    else {
      for (let i = 0; i < outer; i++) {
        bound.run.extremeOfColumns(larger, from + 4 * i * rows * inner, rows, inner, to + 4 * i * inner);
      }
    }
    return out;
  };

/** y[s] = Σ of the rows of x whose segment is s. */
export const unsortedSegmentSum: Kernel = (bound, { x, segmentIds }, { numSegments }) => {
  if (!x || !segmentIds || !isFloat(x) || segmentIds.dtype !== 'int32') return undefined;
  const rows = sizeOf(segmentIds.shape);
  const inner = x.shape.slice(segmentIds.shape.length);
  const out = bound.output([numSegments, ...inner]);
  bound.run.segmentSum(bound.at(x), bound.at(segmentIds), rows, sizeOf(inner), numSegments, bound.at(out));
  return out;
};

/** The same data again: code that would change it in place must check whether it is shared. */
export const identity: Kernel = (bound, { x }) => {
  if (!x || x.dtype === 'string') return undefined;
  return bound.share(x);
};
