/** What the convolution and pooling functions of the module take to know windows over images by. */
import type { backend_util } from '@tensorflow/tfjs-core';

export type Info = backend_util.Conv2DInfo;
export type Shape4D = [number, number, number, number];

export const geometryOf = (info: Info) =>
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

/** Whether a tensor has the shape that the op's attributes give; where not, the stock kernel answers or refuses. */
export const agree = (shape: readonly number[], expected: readonly number[]): boolean =>
  shape.length === expected.length && shape.every((d, i) => d === expected[i]);
