/** Gradients of max and average pooling. */
import { backend_util } from '@tensorflow/tfjs-core';
import { isFloat, type Kernel } from './kernel.ts';

type Shape4D = [number, number, number, number];

const geometryOf = (info: backend_util.Conv2DInfo) =>
  [
    info.batchSize,
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

const agree = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);

export const maxPoolGrad: Kernel = (bound, { input, dy }, { filterSize, strides, pad, dimRoundingMode }) => {
  if (!input || !dy || !isFloat(input, dy)) return undefined;
  const info = backend_util.computePool2DInfo(input.shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode);
  if (!agree(dy.shape, info.outShape)) return undefined;
  const dx = bound.output(info.inShape);
  bound.run.maxPoolGradient(bound.at(input), bound.at(dy), bound.at(dx), ...geometryOf(info));
  return dx;
};

export const avgPoolGrad: Kernel = (bound, { input, dy }, { filterSize, strides, pad, dimRoundingMode }) => {
  if (!input || !dy || !isFloat(input, dy)) return undefined;
  const info = backend_util.computePool2DInfo(input.shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode);
  if (!agree(dy.shape, info.outShape)) return undefined;
  const dx = bound.output(info.inShape);
  const share = 1 / (info.filterHeight * info.filterWidth);
  bound.run.avgPoolGradient(bound.at(dy), bound.at(dx), ...geometryOf(info), share);
  return dx;
};
