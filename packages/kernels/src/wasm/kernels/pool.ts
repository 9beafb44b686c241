/** Gradients of max and average pooling. */
import { backend_util } from '@tensorflow/tfjs-core';
import { agree, geometryOf, type Shape4D } from './geometry.ts';
import { isFloat, type Kernel } from './kernel.ts';

export const maxPoolGrad: Kernel = (bound, { input, dy }, { filterSize, strides, pad, dimRoundingMode }) => {
  if (!input || !dy || !isFloat(input, dy)) return undefined;
  const info = backend_util.computePool2DInfo(input.shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode);
  if (!agree(dy.shape, info.outShape)) return undefined;
  const dx = bound.output(info.inShape);
  bound.run.maxPoolGradient(bound.at(input), bound.at(dy), bound.at(dx), info.batchSize, ...geometryOf(info));
  return dx;
};

export const avgPoolGrad: Kernel = (bound, { input, dy }, { filterSize, strides, pad, dimRoundingMode }) => {
  if (!input || !dy || !isFloat(input, dy)) return undefined;
  const info = backend_util.computePool2DInfo(input.shape as Shape4D, filterSize, strides, 1, pad, dimRoundingMode);
  if (!agree(dy.shape, info.outShape)) return undefined;
  const dx = bound.output(info.inShape);
  const share = 1 / (info.filterHeight * info.filterWidth);
  bound.run.avgPoolGradient(bound.at(dy), bound.at(dx), info.batchSize, ...geometryOf(info), share);
  return dx;
};
