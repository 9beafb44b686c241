/** Sum and Mean over axes that lie side by side, UnsortedSegmentSum, Identity. */
import { util } from '@tensorflow/tfjs-core';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

/** Sum × factor(number of elements summed), over axes that are neighbours; others go to stock. */
const reduction =
  (factor: (n: number) => number): Kernel =>
  (bound, { x }, { axis, keepDims }) => {
    if (!x || !isFloat(x)) return undefined;
    const axes = util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
    const [first, last] = [axes[0], axes.at(-1)];
    if (first === undefined || last === undefined) return undefined;
    if (axes.some((axis, i) => axis !== first + i)) return undefined;
    const outer = sizeOf(x.shape.slice(0, first));
    const rows = sizeOf(x.shape.slice(first, last + 1));
    const inner = sizeOf(x.shape.slice(last + 1));
    const shape = x.shape.map((d, i) => (i >= first && i <= last ? 1 : d));
    const out = bound.output(keepDims ? shape : [...x.shape.slice(0, first), ...x.shape.slice(last + 1)]);
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

/** y[s] = Σ of the rows of x whose segment is s. */
export const unsortedSegmentSum: Kernel = (bound, { x, segmentIds }, { numSegments }) => {
  if (!x || !segmentIds || !isFloat(x) || segmentIds.dtype !== 'int32') return undefined;
  const rows = sizeOf(segmentIds.shape);
  const inner = x.shape.slice(segmentIds.shape.length);
  const out = bound.output([numSegments, ...inner]);
  bound.run.segmentSum(bound.at(x), bound.at(segmentIds), rows, sizeOf(inner), numSegments, bound.at(out));
  return out;
};

/** The same data once more: what would change it in place must look whether it is shared. */
export const identity: Kernel = (bound, { x }) => {
  if (!x || x.dtype === 'string') return undefined;
  return bound.share(x);
};
