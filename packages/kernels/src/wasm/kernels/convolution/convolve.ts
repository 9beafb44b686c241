/**
 * Convolution of volumes, and its gradient with respect to the filter: a sum over the slices of the filter of convolutions of images, which the
 * module supports.
 *
 *     y[z]  = Σ_t x[z · stride − pad + t · dilation] ∗ filter[t]
 *     dw[t] = Σ_z patches of x[z · stride − pad + t · dilation] · dy[z]
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Bound, kind } from '../../backend/module.ts';
import { sizeOf } from '../kernel.ts';
import { multiply } from '../matMul.ts';
import { geometryOf, reachOnce, spans, type Volumes } from './geometry.ts';
import { convolveTiles, gradientTilesPay } from './winograd.ts';

/** Whether, within each image, each output pixel depends on one input pixel: a matrix product. */
export const isPointwise = (v: Volumes): boolean =>
  v.filterHeight * v.filterWidth * v.strideHeight * v.strideWidth === 1 &&
  v.padInfo.top === 0 &&
  v.padInfo.left === 0 &&
  v.inHeight === v.outHeight &&
  v.inWidth === v.outWidth;

/** The bytes of one image of x and of y, and of one slice of the filter. */
export const bytesOf = (v: Volumes) => ({
  x: 4 * v.inHeight * v.inWidth * v.inChannels,
  y: 4 * v.outHeight * v.outWidth * v.outChannels,
  slice: 4 * v.filterHeight * v.filterWidth * v.inChannels * v.outChannels,
});

export function convolve(bound: Bound, v: Volumes, x: TensorInfo, filter: TensorInfo, bias?: TensorInfo): TensorInfo {
  const { outChannels: n, inChannels: k } = v;
  const out = bound.output(v.outShape);
  const [images, pixels] = [v.batchSize * v.outDepth, v.outHeight * v.outWidth];
  const all = spans(v);
  const once = reachOnce(v, all, images);
  const planes = { geometry: geometryOf(v), images, outChannels: n };
  if (once && all.length === 1) {
    const at = { x: bound.at(x), end: bound.at(x) + 4 * sizeOf(x.shape), filter: bound.at(filter), y: bound.at(out) };
    if (convolveTiles(bound, planes, at, bias && bound.at(bias))) return out;
  }
  const adds = bias !== undefined || !once;
  if (bias) bound.run.fillRows(bound.at(out), images * pixels, n, bound.at(bias));
  else if (adds) bound.run.fill(bound.at(out), images * pixels * n, 0);
  const [bytes, end] = [bytesOf(v), bound.at(x) + 4 * sizeOf(x.shape)];
  for (const { tap, x: first, y, count } of all) {
    const [from, by, to] = [
      bound.at(x) + first * bytes.x,
      bound.at(filter) + tap * bytes.slice,
      bound.at(out) + y * bytes.y,
    ];
    const m = count * pixels;
    if (isPointwise(v)) multiply(bound, { m, n, k, transposeA: false, transposeB: false }, from, by, to, adds);
    else {
      bound.do({
        kind: kind.convolve,
        words: [...geometryOf(v), from, end, by, to, m, n, adds],
        flops: (bytes.slice / 2) * m,
        resultBytes: count * bytes.y,
      });
    }
  }
  return out;
}

export function filterGradient(bound: Bound, v: Volumes, x: TensorInfo, dy: TensorInfo): TensorInfo {
  const out = bound.output(v.filterShape);
  const bytes = bytesOf(v);
  // as far as any patch reaches, including explicit padding
  const { top, left } = v.padInfo;
  const height = Math.max(v.inHeight + top, (v.outHeight - 1) * v.strideHeight + v.filterHeight);
  const width = Math.max(v.inWidth + left, (v.outWidth - 1) * v.strideWidth + v.filterWidth);
  const isPadded = !isPointwise(v) && (height > v.inHeight || width > v.inWidth || top < 0 || left < 0);
  const tiled = v.filterDepth === 1 && gradientTilesPay({ geometry: geometryOf(v), outChannels: v.outChannels });
  const paddedBytes = isPadded ? 4 * height * width * v.inChannels : 0;
  const roomBytes = Math.max(paddedBytes, tiled ? bound.run.gradientTilesBytes(v.inChannels, v.outChannels) : 0);
  /** The slice written by the previous span. */
  let written = -1;
  const all = spans(v);
  if (new Set(all.map(({ tap }) => tap)).size < v.filterDepth) bound.run.fill(bound.at(out), sizeOf(out.shape), 0);
  bound.withBytes(roomBytes, room => {
    for (const { tap, x: first, y, count } of all) {
      const [from, by, to] = [
        bound.at(x) + first * bytes.x,
        bound.at(dy) + y * bytes.y,
        bound.at(out) + tap * bytes.slice,
      ];
      const [adds, pixels] = [tap === written, count * v.outHeight * v.outWidth];
      written = tap;
      if (isPointwise(v)) {
        const shape = { m: v.inChannels, n: v.outChannels, k: pixels, transposeA: true, transposeB: false };
        multiply(bound, shape, from, by, to, adds);
        continue;
      }
      bound.do({
        kind: tiled && all.length === 1 ? kind.filterGradientTiles : kind.filterGradient,
        words: [...geometryOf(v), from, by, to, count, v.outChannels, isPadded, adds],
        flops: (bytes.slice / 2) * pixels,
        resultBytes: bytes.slice,
        room,
        roomBytes,
      });
    }
  });
  return out;
}
