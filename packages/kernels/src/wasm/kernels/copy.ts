/** Gather, Slice and Read, which copy pieces of memory. Stock gathers element by element, and copies a whole tensor to slice it. */
import { slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

const isCopied = (x: TensorInfo | undefined): x is TensorInfo =>
  x !== undefined && x.dtype !== 'string' && x.dtype !== 'complex64';

/** y[…, i, …] = x[…, indices[i], …] along one axis. An index out of bounds is left to stock, which reports it. */
export const gather: Kernel = (bound, { x, indices }, { axis, batchDims }) => {
  if (!isCopied(x) || indices?.dtype !== 'int32' || batchDims) return undefined;
  const [along = 0] = util.parseAxisParam(axis, x.shape);
  const rows = x.shape[along] ?? 1;
  const [outer, inner] = [sizeOf(x.shape.slice(0, along)), sizeOf(x.shape.slice(along + 1))];
  const [chosen, count] = [bound.at(indices), sizeOf(indices.shape)];
  if (!bound.run.within(chosen, count, rows)) return undefined;
  const out = bound.output([...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)], x.dtype);
  const bytes = inner * util.bytesPerElement(x.dtype);
  bound.run.gatherPieces(bound.at(x), chosen, bound.at(out), outer, rows, count, bytes);
  return out;
};

/** The part taken from an axis: `extent` elements from `first` on. */
interface Axis {
  readonly size: number;
  readonly first: number;
  readonly extent: number;
}
const POINT: Axis = { size: 1, first: 0, extent: 1 };

/** A box of x. Elements that are adjacent in memory are copied as one piece. */
export const slice: Kernel = (bound, { x }, { begin, size }) => {
  if (!isCopied(x)) return undefined;
  const [first = [], extent = []] = slice_util.parseSliceParams(x, begin, size);
  const axes = x.shape.map((size, i): Axis => ({ size, first: first[i] ?? 0, extent: extent[i] ?? size }));
  if (axes.some(axis => axis.first < 0 || axis.extent < 0 || axis.first + axis.extent > axis.size)) return undefined;
  const out = bound.output(extent, x.dtype);
  if (sizeOf(extent) === 0) return out;
  // the axes after `cut` are whole, so a piece extends over all of them and over the part of this one
  const cut = Math.max(
    0,
    axes.findLastIndex(axis => axis.extent !== axis.size),
  );
  const each = util.bytesPerElement(x.dtype) * sizeOf(x.shape.slice(cut + 1));
  const { [cut]: last = POINT, [cut - 1]: before = POINT } = axes; // pieces along `before` have equal distances
  const [bytes, stride, pieces] = [last.extent * each, last.size * each, before.extent];
  const others = axes.slice(0, Math.max(0, cut - 1)).reverse();
  const groups = sizeOf(others.map(axis => axis.extent));
  for (let group = 0; group < groups; group++) {
    let [row, left, rows] = [before.first, group, before.size];
    for (const { size, first, extent } of others) {
      const place = left % extent;
      left = (left - place) / extent;
      row += (first + place) * rows;
      rows *= size;
    }
    const from = bound.at(x) + row * stride + last.first * each;
    bound.run.copyPieces(from, bound.at(out) + group * pieces * bytes, pieces, stride, bytes);
  }
  return out;
};

/** Copies the numbers of x to memory of the caller. */
export const read: Kernel<{ readonly to: Float32Array }> = (bound, { x }, { to }) => {
  if (!x || !isFloat(x)) return undefined;
  to.set(new Float32Array(bound.memory.buffer, bound.at(x) >>> 0, sizeOf(x.shape)));
  return [];
};
