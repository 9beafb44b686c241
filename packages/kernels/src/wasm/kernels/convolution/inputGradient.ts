/**
 * The gradient of the convolution of volumes with respect to its input, per slice of the filter: a convolution of dy with the rotated filter, once per phase of
 * the strides within an image; or, with strides or few channels, all patches of the gradient as one product, added up at their positions.
 */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import { type Bound, kind } from '../../backend/module.ts';
import { gemm } from '../gemm.ts';
import { sizeOf } from '../kernel.ts';
import { multiply } from '../matMul.ts';
import { bytesOf, isPointwise } from './convolve.ts';
import { geometryOf, reachOnce, spans, type Volumes } from './geometry.ts';
import { convolveTiles } from './winograd.ts';

/** The taps of a filter that apply to inputs i ≡ first (mod stride): a convolution of dy, padded by `pad`, at `count` positions. */
function phase(first: number, size: number, stride: number, filter: number, padBefore: number) {
  const firstTap = (((first + padBefore) % stride) + stride) % stride;
  const taps = Math.max(0, Math.ceil((filter - firstTap) / stride));
  const count = Math.ceil((size - first) / stride);
  return { first, firstTap, taps, count, pad: taps - 1 - (first + padBefore - firstTap) / stride };
}
type Phase = ReturnType<typeof phase>;

const phases = (size: number, stride: number, filter: number, padBefore: number): Phase[] =>
  Array.from({ length: Math.min(stride, size) }, (_, first) => phase(first, size, stride, filter, padBefore));

export function inputGradient(bound: Bound, v: Volumes, dy: TensorInfo, filter: TensorInfo): TensorInfo {
  const dx = bound.output(v.inShape);
  const adds = !reachOnce(v, spans(v), v.batchSize * v.inDepth);
  if (isPointwise(v)) pointwise(bound, v, dy, filter, dx, adds);
  else if (scatteringPays(v)) byPatches(bound, v, dy, filter, dx);
  else byPhases(bound, v, dy, filter, dx, adds);
  return dx;
}

function pointwise(bound: Bound, v: Volumes, dy: TensorInfo, filter: TensorInfo, dx: TensorInfo, adds: boolean): void {
  const bytes = bytesOf(v);
  const shape = { n: v.inChannels, k: v.outChannels, transposeA: false, transposeB: true };
  if (adds) bound.run.fill(bound.at(dx), sizeOf(dx.shape), 0);
  for (const { tap, x, y, count } of spans(v)) {
    const [from, by, to] = [
      bound.at(dy) + y * bytes.y,
      bound.at(filter) + tap * bytes.slice,
      bound.at(dx) + x * bytes.x,
    ];
    multiply(bound, { ...shape, m: count * v.inHeight * v.inWidth }, from, by, to, adds);
  }
}

/**
 * Whether a product and a sum over patches cost less than convolutions. With few channels, a tile of the product is mostly empty in a convolution, but not if
 * its columns are those of a patch. With strides, the convolutions are many and short. With few channels of dy, the product mostly writes.
 */
const scatteringPays = (v: Volumes): boolean =>
  v.outChannels >= 4 && (v.inChannels <= 4 || v.strideHeight * v.strideWidth > 1);

/** Number of floats of patches at a time, so that they stay in the cache between the product and the sum. */
const PATCHES = 2 ** 17;

/** Patches of the gradient, added up at their positions: one product for several images, or for several rows of a large image. */
function byPatches(bound: Bound, v: Volumes, dy: TensorInfo, filter: TensorInfo, dx: TensorInfo): void {
  const { run } = bound;
  const { outHeight, outWidth, outChannels: k, strideHeight, padInfo } = v;
  const bytes = bytesOf(v);
  const n = bytes.slice / (4 * k);
  const most = Math.max(1, Math.floor(PATCHES / (outWidth * n)));
  const [lines, together] = [Math.min(outHeight, most), Math.max(1, Math.floor(most / outHeight))];
  const [to, right] = [bound.at(dx), { row: k, transpose: true }];
  run.fill(to, sizeOf(dx.shape), 0);
  bound.withBytes(4 * Math.min(together, v.batchSize * v.outDepth) * lines * outWidth * n, patches => {
    const some = (
      image: { dy: number; dx: number; tap: number },
      images: number,
      first: number,
      rows: number,
    ): void => {
      const left = { at: bound.at(dy) + image.dy * bytes.y + 4 * first * outWidth * k, row: k };
      const at = bound.at(filter) + image.tap * bytes.slice;
      gemm(bound, { m: images * rows * outWidth, n, k }, left, { at, ...right }, { at: patches, row: n });
      const top = padInfo.top - first * strideHeight;
      const geometry = geometryOf({ ...v, outHeight: rows, padInfo: { top, left: padInfo.left } });
      run.scatterPatches(patches, to + image.dx * bytes.x, images, ...geometry);
    };
    for (const { tap, x, y, count } of spans(v)) {
      for (let i = 0; i < count; i += together) {
        const image = { dy: y + i, dx: x + i, tap };
        const images = Math.min(together, count - i);
        for (let first = 0; first < outHeight; first += lines)
          some(image, images, first, Math.min(lines, outHeight - first));
      }
    }
  });
}

function byPhases(bound: Bound, v: Volumes, dy: TensorInfo, filter: TensorInfo, dx: TensorInfo, adds: boolean): void {
  const { inHeight, inWidth, inChannels: c, strideHeight, strideWidth } = v;
  const { run } = bound;
  const [to, images] = [bound.at(dx), v.batchSize * v.inDepth];
  const vertical = phases(inHeight, strideHeight, v.filterHeight, v.padInfo.top);
  const horizontal = phases(inWidth, strideWidth, v.filterWidth, v.padInfo.left);
  const inPlace = strideHeight * strideWidth === 1;
  const pairs = vertical.flatMap(y => horizontal.map(x => ({ y, x })));
  const met = pairs.filter(({ y, x }) => y.taps * x.taps > 0);
  const floatsOf = ({ y, x }: { y: Phase; x: Phase }): number => images * y.count * x.count * c;
  const filterBytes = bytesOf(v).slice;
  const resultBytes = inPlace ? 0 : 4 * Math.max(0, ...met.map(floatsOf));
  if (met.length < pairs.length) run.fill(to, sizeOf(dx.shape), 0);
  bound.withBytes(filterBytes + resultBytes, turned => {
    for (const { y, x } of met) {
      const result = inPlace ? to : turned + filterBytes;
      if (adds) run.fill(result, floatsOf({ y, x }), 0);
      onePhase(bound, v, { y, x }, dy, filter, turned, result, adds);
      if (inPlace) continue;
      const places = [images, y.count, x.count, c, to, inHeight, inWidth, y.first, strideHeight] as const;
      run.placePhase(result, ...places, x.first, strideWidth);
    }
  });
}

/** One phase of all images, [images, y.count, x.count, channels], written to `result`; `turned` is memory for one slice of the filter. */
function onePhase(
  bound: Bound,
  v: Volumes,
  { y, x }: { readonly y: Phase; readonly x: Phase },
  dy: TensorInfo,
  filter: TensorInfo,
  turned: number,
  result: number,
  adds: boolean,
): void {
  const { inChannels: c, outChannels: o, filterWidth, outHeight, outWidth } = v;
  const bytes = bytesOf(v);
  const end = bound.at(dy) + 4 * sizeOf(dy.shape);
  const geometry = [outHeight, outWidth, o, y.count, x.count, y.taps, x.taps, 1, 1, 1, 1, y.pad, x.pad] as const;
  const taps = [y.firstTap, v.strideHeight, y.taps, x.firstTap, v.strideWidth, x.taps] as const;
  let slice = -1;
  for (const span of spans(v)) {
    if (span.tap !== slice) {
      slice = span.tap;
      bound.run.turnFilter(bound.at(filter) + slice * bytes.slice, filterWidth, c, o, ...taps, turned);
    }
    const pixels = y.count * x.count;
    const from = bound.at(dy) + span.y * bytes.y;
    const place = result + 4 * span.x * pixels * c;
    const planes = { geometry, images: span.count, outChannels: c };
    if (!adds && convolveTiles(bound, planes, { x: from, end, filter: turned, y: place })) continue;
    bound.do({
      kind: kind.convolve,
      words: [...geometry, from, end, turned, place, span.count * pixels, c, adds],
      flops: 2 * span.count * pixels * y.taps * x.taps * c * o,
      resultBytes: 4 * span.count * pixels * c,
    });
  }
}
