/** Pooling in three dimensions, and the gradients of max and average pooling in two and three. */
import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import * as messages from '../../messages.ts';
import type { Bound } from '../backend/module.ts';
import { agree, asVolumes, five, four, type Volumes } from './convolution/geometry.ts';
import { type Attrs, isFloat, type Kernel, sizeOf } from './kernel.ts';

function imagesOf(x: TensorInfo, { filterSize, strides, pad, dimRoundingMode }: Attrs): Volumes {
  return asVolumes(backend_util.computePool2DInfo(four(x.shape), filterSize, strides, 1, pad, dimRoundingMode));
}

function volumesOf(x: TensorInfo, { filterSize, strides, pad, dimRoundingMode, dataFormat }: Attrs): Volumes {
  return backend_util.computePool3DInfo(five(x.shape), filterSize, strides, 1, pad, dimRoundingMode, dataFormat);
}

/** Sets the windows for the next function of the module. */
function setWindows(bound: Bound, v: Volumes): void {
  const { batchSize, inChannels, padInfo } = v;
  bound.run.windows(
    ...([batchSize, v.inDepth, v.inHeight, v.inWidth, inChannels, v.outDepth, v.outHeight, v.outWidth] as const),
    ...([v.filterDepth, v.filterHeight, v.filterWidth, v.strideDepth, v.strideHeight, v.strideWidth] as const),
    ...([padInfo.front, padInfo.top, padInfo.left] as const),
  );
}

const shareOf = (v: Volumes): number => 1 / (v.filterDepth * v.filterHeight * v.filterWidth);

export const maxPoolGrad: Kernel = (bound, { input, dy }, attrs) => {
  if (!input || !dy || !isFloat(input, dy)) return undefined;
  const info = imagesOf(input, attrs);
  if (!agree(dy.shape, info.outShape)) return undefined;
  const dx = bound.output(info.inShape);
  setWindows(bound, info);
  bound.run.maxPoolGradient(bound.at(input), bound.at(dy), bound.at(dx));
  return dx;
};

export const avgPoolGrad: Kernel = (bound, { input, dy }, attrs) => {
  if (!input || !dy || !isFloat(input, dy)) return undefined;
  const info = imagesOf(input, attrs);
  if (!agree(dy.shape, info.outShape)) return undefined;
  const dx = bound.output(info.inShape);
  setWindows(bound, info);
  bound.run.avgPoolGradient(bound.at(dy), bound.at(dx), shareOf(info));
  return dx;
};

/** Checks dtypes and shapes, since stock assumes float32 and the right shapes. */
function check3D(name: string, info: Volumes, x: TensorInfo, dy?: TensorInfo): void {
  if (!isFloat(x, dy)) throw new TypeError(messages.onlyFloat(name, dy && isFloat(x) ? dy.dtype : x.dtype));
  if (dy && !agree(dy.shape, info.outShape)) {
    throw new TypeError(messages.gradientShape(name, dy.shape, info.outShape));
  }
}

/** y = f(window) for windows over volumes. */
const pool3D =
  (name: string, f: 'maxPool' | 'avgPool'): Kernel =>
  (bound, { x }, attrs) => {
    if (!x) return undefined;
    const info = volumesOf(x, attrs);
    check3D(name, info, x);
    const y = bound.output(info.outShape);
    setWindows(bound, info);
    if (sizeOf(y.shape) > 0) bound.run[f](bound.at(x), bound.at(y));
    return y;
  };

export const maxPool3D = pool3D('MaxPool3D', 'maxPool');
export const avgPool3D = pool3D('AvgPool3D', 'avgPool');

/** Passes dy to the last of equal maxima, like TF.js in three dimensions. */
export const maxPool3DGrad: Kernel = (bound, { input, dy }, attrs) => {
  if (!input || !dy) return undefined;
  const info = volumesOf(input, attrs);
  check3D('MaxPool3DGrad', info, input, dy);
  const dx = bound.output(info.inShape);
  setWindows(bound, info);
  bound.run.lastMaxPoolGradient(bound.at(input), bound.at(dy), bound.at(dx));
  return dx;
};

/** Passes dy / (size of the window) to each element, even at borders, like TF.js. */
export const avgPool3DGrad: Kernel = (bound, { input, dy }, attrs) => {
  if (!input || !dy) return undefined;
  const info = volumesOf(input, attrs);
  check3D('AvgPool3DGrad', info, input, dy);
  const dx = bound.output(info.inShape);
  setWindows(bound, info);
  bound.run.avgPoolGradient(bound.at(dy), bound.at(dx), shareOf(info));
  return dx;
};
