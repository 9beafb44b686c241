/** Gradients of the depthwise convolution. */
import { backend_util } from '@tensorflow/tfjs-core';
import { type Attrs, isFloat, type Kernel, sizeOf } from '../kernel.ts';
import { agree, four, geometryOf, type Info } from './geometry.ts';

function infoOf(x: readonly number[], filter: readonly number[], attrs: Attrs): Info {
  const { strides, dilations, pad, dimRoundingMode } = attrs;
  const shapes = [four(x), four(filter)] as const;
  return backend_util.computeConv2DInfo(...shapes, strides, dilations ?? 1, pad, dimRoundingMode, true);
}

export const depthwiseBackpropInput: Kernel = (bound, { dy, filter }, attrs) => {
  if (!dy || !filter || !isFloat(dy, filter)) return undefined;
  const info = infoOf(attrs.inputShape, filter.shape, attrs);
  if (!agree(dy.shape, info.outShape) || sizeOf(info.inShape) === 0) return undefined;
  const dx = bound.output(info.inShape);
  bound.run.depthwiseInputGradient(
    bound.at(dy),
    bound.at(filter),
    bound.at(dx),
    info.outChannels / info.inChannels,
    info.batchSize,
    ...geometryOf(info),
  );
  return dx;
};

export const depthwiseBackpropFilter: Kernel = (bound, { x, dy }, attrs) => {
  if (!x || !dy || !isFloat(x, dy)) return undefined;
  const info = infoOf(x.shape, attrs.filterShape, attrs);
  if (!agree(dy.shape, info.outShape) || sizeOf(info.filterShape) === 0) return undefined;
  const out = bound.output(info.filterShape);
  bound.run.depthwiseFilterGradient(
    bound.at(x),
    bound.at(dy),
    bound.at(out),
    info.outChannels / info.inChannels,
    info.batchSize,
    ...geometryOf(info),
  );
  return out;
};
