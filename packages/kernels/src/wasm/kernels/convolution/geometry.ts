/** The arguments that describe windows over images and volumes to the convolution and pooling functions of the module. */
import type { backend_util } from '@tensorflow/tfjs-core';

export type Info = backend_util.Conv2DInfo;

/** A shape with four or five dimensions, as checked by the op. */
export const four = ([a = 1, b = 1, c = 1, d = 1]: readonly number[]): [number, number, number, number] => [a, b, c, d];
export const five = ([a = 1, ...rest]: readonly number[]): [number, number, number, number, number] => [
  a,
  ...four(rest),
];

/** A convolution or pooling over volumes [batch, depth, height, width, channels]. Negative padding crops, like in TF.js in three dimensions. */
export interface Volumes
  extends Omit<
    backend_util.Conv3DInfo,
    | ('padInfo' | 'inShape' | 'outShape' | 'filterShape' | 'dataFormat')
    | ('effectiveFilterDepth' | 'effectiveFilterHeight' | 'effectiveFilterWidth')
  > {
  readonly padInfo: { readonly front: number; readonly top: number; readonly left: number };
  readonly inShape: readonly number[];
  readonly outShape: readonly number[];
  readonly filterShape: readonly number[];
}

/** Images as volumes of depth 1. The fields are copied one by one: spreading such a large object takes longer than a small convolution. */
export const asVolumes = (info: Info): Volumes => ({
  batchSize: info.batchSize,
  inDepth: 1,
  inHeight: info.inHeight,
  inWidth: info.inWidth,
  inChannels: info.inChannels,
  outDepth: 1,
  outHeight: info.outHeight,
  outWidth: info.outWidth,
  outChannels: info.outChannels,
  strideDepth: 1,
  strideHeight: info.strideHeight,
  strideWidth: info.strideWidth,
  filterDepth: 1,
  filterHeight: info.filterHeight,
  filterWidth: info.filterWidth,
  dilationDepth: 1,
  dilationHeight: info.dilationHeight,
  dilationWidth: info.dilationWidth,
  padInfo: { front: 0, top: info.padInfo.top, left: info.padInfo.left },
  inShape: info.inShape,
  outShape: info.outShape,
  filterShape: info.filterShape,
});

/** The part of the description that concerns one image. */
type Plane = Pick<
  Info,
  | ('inHeight' | 'inWidth' | 'inChannels' | 'outHeight' | 'outWidth' | 'filterHeight' | 'filterWidth')
  | ('strideHeight' | 'strideWidth' | 'dilationHeight' | 'dilationWidth')
> & { readonly padInfo: { readonly top: number; readonly left: number } };

export const geometryOf = (info: Plane) =>
  [
    info.inHeight,
    info.inWidth,
    info.inChannels,
    info.outHeight,
    info.outWidth,
    info.filterHeight,
    info.filterWidth,
    info.strideHeight,
    info.strideWidth,
    info.dilationHeight,
    info.dilationWidth,
    info.padInfo.top,
    info.padInfo.left,
  ] as const;

/** Whether a tensor has the shape given by the attributes of the op; if not, the stock kernel computes or rejects it. */
export const agree = (shape: readonly number[], expected: readonly number[]): boolean =>
  shape.length === expected.length && shape.every((d, i) => d === expected[i]);

/** `count` images from index x on, which one slice of the filter maps to those from index y on; indices count the images of all volumes. */
interface Span {
  readonly tap: number;
  readonly x: number;
  readonly y: number;
  count: number;
}

/** The spans of each slice of a filter. Images that are adjacent in both input and output form one span; plain images, or a filter with one slice, have a single span. */
export function spans(v: Volumes): readonly Readonly<Span>[] {
  const found: Span[] = [];
  for (let tap = 0; tap < v.filterDepth; tap++) {
    let last: Span | undefined;
    for (let output = 0; output < v.batchSize * v.outDepth; output++) {
      const place = output % v.outDepth;
      const z = place * v.strideDepth - v.padInfo.front + tap * v.dilationDepth;
      if (z < 0 || z >= v.inDepth) continue;
      const input = ((output - place) / v.outDepth) * v.inDepth + z;
      if (last && last.x + last.count === input && last.y + last.count === output) last.count++;
      else {
        last = { tap, x: input, y: output, count: 1 };
        found.push(last);
      }
    }
  }
  return found;
}

/** Whether spans reach each of the images exactly once, so that they can write instead of adding. */
export const reachOnce = (v: Volumes, all: readonly Readonly<Span>[], images: number): boolean =>
  v.filterDepth === 1 && all.reduce((sum, { count }) => sum + count, 0) === images;
