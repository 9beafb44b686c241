/**
 * Conv3D and both gradients, for volumes [batch, depth, height, width, channels]. Stock adds its sums to uninitialized memory, and writes to wrong
 * memory if shapes disagree, so those are rejected here; stock itself rejects other dtypes.
 */
import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import * as messages from '../../../messages.ts';
import type { Bound } from '../../backend/module.ts';
import { type Attrs, isFloat, type Kernel, sizeOf } from '../kernel.ts';
import { convolve, filterGradient } from './convolve.ts';
import { agree, five, type Volumes } from './geometry.ts';
import { inputGradient } from './inputGradient.ts';

function infoOf(
  x: readonly number[],
  filter: readonly number[],
  { strides, pad }: Attrs,
  dilations: number | [number, number, number] = 1,
): Volumes {
  return backend_util.computeConv3DInfo(five(x), five(filter), strides, dilations, pad);
}

/** The result of `compute`, or zeros if there is nothing to add up. */
function orZeros(
  { inShape, filterShape, outShape }: Volumes,
  bound: Bound,
  shape: readonly number[],
  compute: () => TensorInfo,
): TensorInfo {
  if ([inShape, filterShape, outShape].every(s => sizeOf(s) > 0)) return compute();
  const out = bound.output(shape);
  bound.run.fill(bound.at(out), sizeOf(shape), 0);
  return out;
}

function checkGradient(name: string, dy: TensorInfo, info: Volumes): void {
  if (!agree(dy.shape, info.outShape)) throw new TypeError(messages.gradientShape(name, dy.shape, info.outShape));
}

export const conv3D: Kernel = (bound, { x, filter }, attrs) => {
  if (!x || !filter || !isFloat(x, filter)) return undefined;
  const info = infoOf(x.shape, filter.shape, attrs, attrs.dilations);
  return orZeros(info, bound, info.outShape, () => convolve(bound, info, x, filter));
};

export const conv3DBackpropFilter: Kernel = (bound, { x, dy }, attrs) => {
  if (!x || !dy || !isFloat(x, dy)) return undefined;
  const info = infoOf(x.shape, attrs.filterShape, attrs);
  checkGradient('Conv3DBackpropFilterV2', dy, info);
  return orZeros(info, bound, info.filterShape, () => filterGradient(bound, info, x, dy));
};

export const conv3DBackpropInput: Kernel = (bound, { dy, filter }, attrs) => {
  if (!dy || !filter || !isFloat(dy, filter)) return undefined;
  const info = infoOf(attrs.inputShape, filter.shape, attrs);
  checkGradient('Conv3DBackpropInputV2', dy, info);
  return orZeros(info, bound, info.inShape, () => inputGradient(bound, info, dy, filter));
};
