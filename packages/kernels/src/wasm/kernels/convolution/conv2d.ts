/** Conv2D, FusedConv2D and both gradients, for images [batch, height, width, channels]. */
import { backend_util } from '@tensorflow/tfjs-core';
import { activate, canActivate } from '../activation.ts';
import { type Attrs, isFloat, type Kernel, sizeOf } from '../kernel.ts';
import { convolve, filterGradient } from './convolve.ts';
import { agree, asVolumes, four, type Info } from './geometry.ts';
import { inputGradient } from './inputGradient.ts';

function infoOf(x: readonly number[], filter: readonly number[], attrs: Attrs, dilations = attrs.dilations ?? 1): Info {
  const format = backend_util.convertConv2DDataFormat(attrs.dataFormat ?? 'NHWC');
  const { strides, pad, dimRoundingMode } = attrs;
  const shapes = [four(x), four(filter)] as const;
  return backend_util.computeConv2DInfo(...shapes, strides, dilations, pad, dimRoundingMode, false, format);
}

/** Whether our kernels apply: to images with channels last, if all sizes are positive. */
const isOurs = (info: Info, ...shapes: readonly (readonly number[])[]): boolean =>
  info.dataFormat === 'channelsLast' && info.outShape.every(d => d > 0) && shapes.every(shape => sizeOf(shape) > 0);

export const conv2D: Kernel = (bound, { x, filter }, attrs) => {
  if (!x || !filter || !isFloat(x, filter)) return undefined;
  const info = infoOf(x.shape, filter.shape, attrs);
  if (!isOurs(info, x.shape, filter.shape)) return undefined;
  return convolve(bound, asVolumes(info), x, filter);
};

export const fusedConv2D: Kernel = (bound, { x, filter, bias }, attrs) => {
  const { activation, leakyreluAlpha } = attrs;
  if (!x || !filter || !isFloat(x, filter, bias) || !canActivate(activation)) return undefined;
  const info = infoOf(x.shape, filter.shape, attrs);
  if (!isOurs(info, x.shape, filter.shape)) return undefined;
  if (bias && !(bias.shape.length === 1 && bias.shape[0] === info.outChannels)) return undefined;
  const out = convolve(bound, asVolumes(info), x, filter, bias ?? undefined);
  return activate(bound, out, activation, leakyreluAlpha);
};

export const conv2DBackpropFilter: Kernel = (bound, { x, dy }, attrs) => {
  if (!x || !dy || !isFloat(x, dy)) return undefined;
  const info = infoOf(x.shape, attrs.filterShape, attrs, 1);
  if (!isOurs(info, x.shape, attrs.filterShape) || !agree(dy.shape, info.outShape)) return undefined;
  return filterGradient(bound, asVolumes(info), x, dy);
};

export const conv2DBackpropInput: Kernel = (bound, { dy, filter }, attrs) => {
  if (!dy || !filter || !isFloat(dy, filter)) return undefined;
  const info = infoOf(attrs.inputShape, filter.shape, attrs, 1);
  if (!isOurs(info, attrs.inputShape, filter.shape) || !agree(dy.shape, info.outShape)) return undefined;
  return inputGradient(bound, asVolumes(info), dy, filter);
};
