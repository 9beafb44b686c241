/** Gather, Slice and Read, which copy pieces of memory. Stock gathers element by element, and copies all of a tensor for a slice of it. */
import { slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

const isCopied = (x: TensorInfo | undefined): x is TensorInfo =>
  x !== undefined && x.dtype !== 'string' && x.dtype !== 'complex64';

/** y[…, i, …] = x[…, indices[i], …] along one axis. An index out of bounds is left to stock, which says so. */
export const gather: Kernel = (bound, { x, indices }, { axis, batchDims }) => {
  if (!isCopied(x) || indices?.dtype !== 'int32' || batchDims) return undefined;
  const along = util.parseAxisParam(axis, x.shape)[0]!;
  const rows = x.shape[along]!;
  const [outer, inner] = [sizeOf(x.shape.slice(0, along)), sizeOf(x.shape.slice(along + 1))];
  const [chosen, count] = [bound.at(indices), sizeOf(indices.shape)];
  if (!bound.run.within(chosen, count, rows)) return undefined;
  const out = bound.output([...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)], x.dtype);
  const bytes = inner * util.bytesPerElement(x.dtype);
  bound.run.gatherPieces(bound.at(x), chosen, bound.at(out), outer, rows, count, bytes);
  return out;
};

/** A box of x. What lies side by side in memory is one piece. */
export const slice: Kernel = (bound, { x }, { begin, size }) => {
  if (!isCopied(x)) return undefined;
  const { shape } = x;
  const [first, extent] = slice_util.parseSliceParams(x, begin, size) as [number[], number[]];
  if (shape.some((d, i) => first[i]! < 0 || extent[i]! < 0 || first[i]! + extent[i]! > d)) return undefined;
  const out = bound.output(extent, x.dtype);
  if (sizeOf(extent) === 0) return out;
  // the axes behind `cut` are whole, so that a piece runs over all of them and over the part of this one
  let cut = shape.length - 1;
  while (cut > 0 && extent[cut] === shape[cut]) cut--;
  const each = util.bytesPerElement(x.dtype) * sizeOf(shape.slice(cut + 1));
  const [bytes, stride] = [extent[cut]! * each, shape[cut]! * each];
  // pieces along the axis before it are equally far apart
  const [pieces, before] = cut > 0 ? [extent[cut - 1]!, shape.slice(0, cut - 1)] : [1, []];
  const groups = sizeOf(extent.slice(0, before.length));
  for (let group = 0; group < groups; group++) {
    let [row, left, rows] = [cut > 0 ? first[cut - 1]! : 0, group, cut > 0 ? shape[cut - 1]! : 1];
    for (let axis = before.length - 1; axis >= 0; axis--) {
      const place = left % extent[axis]!;
      left = (left - place) / extent[axis]!;
      row += (first[axis]! + place) * rows;
      rows *= shape[axis]!;
    }
    const from = bound.at(x) + row * stride + first[cut]! * each;
    bound.run.copyPieces(from, bound.at(out) + group * pieces * bytes, pieces, stride, bytes);
  }
  return out;
};

/** The numbers of x into memory of the caller's. */
export const read: Kernel = (bound, { x }, { to }) => {
  if (!x || !isFloat(x)) return undefined;
  (to as Float32Array).set(new Float32Array(bound.memory.buffer, bound.at(x) >>> 0, sizeOf(x.shape)));
  return [];
};
