/** Gather and Slice, which copy pieces of memory. Stock gathers element by element, and copies all of a tensor for a slice of it. */
import { slice_util, type TensorInfo, util } from '@tensorflow/tfjs-core';
import { type Kernel, sizeOf } from './kernel.ts';
import type { Bound } from './module.ts';

/** Bytes from which on a call that copies a piece is faster than a loop over its elements. */
const PIECE = 64;

/** Copies pieces of so many elements, from and to offsets in elements. */
type Copy = (from: number, to: number) => void;

/** `copy` of pieces of x to pieces of out. */
function copier(bound: Bound, x: TensorInfo, out: TensorInfo, elements: number): Copy {
  const { buffer } = bound.memory;
  const size = util.bytesPerElement(x.dtype);
  // above 2 GB addresses are negative
  const [source, target] = [bound.at(x) >>> 0, bound.at(out) >>> 0];
  if (elements * size >= PIECE) {
    const heap = new Uint8Array(buffer);
    const bytes = elements * size;
    return (from, to) => heap.copyWithin(target + to * size, source + from * size, source + from * size + bytes);
  }
  const Values = size === 4 ? Int32Array : Uint8Array;
  const [values, copies] = [new Values(buffer, source, sizeOf(x.shape)), new Values(buffer, target, sizeOf(out.shape))];
  return (from, to) => {
    for (let i = 0; i < elements; i++) copies[to + i] = values[from + i]!;
  };
}

const isCopied = (x: TensorInfo | undefined): x is TensorInfo =>
  x !== undefined && x.dtype !== 'string' && x.dtype !== 'complex64';

/** y[…, i, …] = x[…, indices[i], …] along one axis. An index out of bounds is left to stock, which says so. */
export const gather: Kernel = (bound, { x, indices }, { axis, batchDims }) => {
  if (!isCopied(x) || indices?.dtype !== 'int32' || batchDims) return undefined;
  const along = util.parseAxisParam(axis, x.shape)[0]!;
  const rows = x.shape[along]!;
  const [outer, inner] = [sizeOf(x.shape.slice(0, along)), sizeOf(x.shape.slice(along + 1))];
  const count = sizeOf(indices.shape);
  // their own array: memory that grows for the result would take them away
  const chosen = new Int32Array(bound.memory.buffer, bound.at(indices) >>> 0, count).slice();
  if (chosen.some(row => row < 0 || row >= rows)) return undefined;
  const out = bound.output([...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)], x.dtype);
  if (sizeOf(out.shape) === 0) return out;
  const copy = copier(bound, x, out, inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < count; i++) copy((o * rows + chosen[i]!) * inner, (o * count + i) * inner);
  }
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
  const inner = sizeOf(shape.slice(cut + 1));
  const piece = extent[cut]! * inner;
  const copy = copier(bound, x, out, piece);
  const pieces = sizeOf(extent.slice(0, cut));
  for (let p = 0; p < pieces; p++) {
    let [from, left, stride] = [first[cut]! * inner, p, shape[cut]! * inner];
    for (let axis = cut - 1; axis >= 0; axis--) {
      const place = left % extent[axis]!;
      left = (left - place) / extent[axis]!;
      from += (first[axis]! + place) * stride;
      stride *= shape[axis]!;
    }
    copy(from, p * piece);
  }
  return out;
};
