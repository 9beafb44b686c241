/** Conv2D, FusedConv2D and both gradients, for images [batch, height, width, channels]. */
import { backend_util, type TensorInfo } from '@tensorflow/tfjs-core';
import { type Bound, kind } from '../backend/module.ts';
import { activate, canActivate } from './activation.ts';
import { agree, geometryOf, type Info, type Shape4D } from './geometry.ts';
import { type Attrs, isFloat, type Kernel, sizeOf } from './kernel.ts';
import { multiply } from './matMul.ts';

function infoOf(x: readonly number[], filter: readonly number[], attrs: Attrs, dilations = attrs.dilations ?? 1): Info {
  const format = backend_util.convertConv2DDataFormat(attrs.dataFormat ?? 'NHWC');
  const { strides, pad, dimRoundingMode } = attrs;
  return backend_util.computeConv2DInfo(
    [...x] as Shape4D,
    [...filter] as Shape4D,
    strides,
    dilations,
    pad,
    dimRoundingMode,
    false,
    format,
  );
}

/** Ours are the images with channels last, all of whose sizes are positive. */
const isOurs = (info: Info, ...shapes: readonly (readonly number[])[]): boolean =>
  info.dataFormat === 'channelsLast' && info.outShape.every(d => d > 0) && shapes.every(shape => sizeOf(shape) > 0);

/** One pixel in, one pixel out: a matrix product. */
const isPointwise = ({ filterHeight, filterWidth, strideHeight, strideWidth, padInfo }: Info): boolean =>
  filterHeight * filterWidth * strideHeight * strideWidth === 1 &&
  padInfo.top === 0 &&
  padInfo.left === 0 &&
  padInfo.bottom === 0 &&
  padInfo.right === 0;

function convolve(bound: Bound, info: Info, x: TensorInfo, filter: TensorInfo, bias?: TensorInfo): TensorInfo {
  const { outChannels, inChannels } = info;
  const out = bound.output(info.outShape);
  const pixels = info.batchSize * info.outHeight * info.outWidth;
  if (bias) bound.run.fillRows(bound.at(out), pixels, outChannels, bound.at(bias));
  if (isPointwise(info)) {
    const shape = { m: pixels, n: outChannels, k: inChannels, transposeA: false, transposeB: false };
    multiply(bound, shape, bound.at(x), bound.at(filter), bound.at(out), bias !== undefined);
  } else {
    const end = bound.at(x) + 4 * sizeOf(x.shape);
    const places = [bound.at(x), end, bound.at(filter), bound.at(out)];
    bound.do({
      kind: kind.convolve,
      words: [...geometryOf(info), ...places, pixels, outChannels, bias !== undefined],
      flops: 2 * sizeOf(info.filterShape) * pixels,
      resultBytes: 4 * sizeOf(info.outShape),
    });
  }
  return out;
}

export const conv2D: Kernel = (bound, { x, filter }, attrs) => {
  if (!x || !filter || !isFloat(x, filter)) return undefined;
  const info = infoOf(x.shape, filter.shape, attrs);
  if (!isOurs(info, x.shape, filter.shape)) return undefined;
  return convolve(bound, info, x, filter);
};

export const fusedConv2D: Kernel = (bound, { x, filter, bias }, attrs) => {
  const { activation, leakyreluAlpha } = attrs;
  if (!x || !filter || !isFloat(x, filter, bias) || !canActivate(activation)) return undefined;
  const info = infoOf(x.shape, filter.shape, attrs);
  if (!isOurs(info, x.shape, filter.shape)) return undefined;
  if (bias && !(bias.shape.length === 1 && bias.shape[0] === info.outChannels)) return undefined;
  return activate(bound, convolve(bound, info, x, filter, bias ?? undefined), activation, leakyreluAlpha);
};

export const conv2DBackpropFilter: Kernel = (bound, { x, dy }, attrs) => {
  if (!x || !dy || !isFloat(x, dy)) return undefined;
  const info = infoOf(x.shape, attrs.filterShape, attrs, 1);
  if (!isOurs(info, x.shape, attrs.filterShape) || !agree(dy.shape, info.outShape)) return undefined;
  const out = bound.output(info.filterShape);
  const { inChannels, outChannels } = info;
  const pixels = info.batchSize * info.outHeight * info.outWidth;
  if (isPointwise(info)) {
    const shape = { m: inChannels, n: outChannels, k: pixels, transposeA: true, transposeB: false };
    multiply(bound, shape, bound.at(x), bound.at(dy), bound.at(out));
  } else {
    const { batchSize, inHeight, inWidth, outHeight, outWidth, filterHeight, filterWidth, padInfo } = info;
    // as far as any patch reaches, with the padding written out
    const height = Math.max(inHeight + padInfo.top, (outHeight - 1) * info.strideHeight + filterHeight);
    const width = Math.max(inWidth + padInfo.left, (outWidth - 1) * info.strideWidth + filterWidth);
    const isPadded = height > inHeight || width > inWidth;
    const floats = isPadded ? height * width * inChannels : 0;
    bound.withBytes(4 * floats, padded => {
      const places = [bound.at(x), bound.at(dy), bound.at(out)];
      bound.do({
        kind: kind.filterGradient,
        words: [...geometryOf(info), ...places, batchSize, outChannels, isPadded],
        flops: 2 * sizeOf(info.filterShape) * pixels,
        resultBytes: 4 * sizeOf(info.filterShape),
        padded,
        paddedBytes: 4 * floats,
      });
    });
  }
  return out;
};

/** The taps of a filter that meet inputs i ≡ first (mod stride): a convolution of dy, padded by `pad`, at `count` places. */
function phase(first: number, size: number, stride: number, filter: number, padBefore: number) {
  const firstTap = (first + padBefore) % stride;
  const taps = Math.max(0, Math.ceil((filter - firstTap) / stride));
  const count = Math.ceil((size - first) / stride);
  return { first, firstTap, taps, count, pad: taps - 1 - (first + padBefore - firstTap) / stride };
}

const phases = (size: number, stride: number, filter: number, padBefore: number) =>
  Array.from({ length: Math.min(stride, size) }, (_, first) => phase(first, size, stride, filter, padBefore));

export const conv2DBackpropInput: Kernel = (bound, { dy, filter }, attrs) => {
  if (!dy || !filter || !isFloat(dy, filter)) return undefined;
  const info = infoOf(attrs.inputShape, filter.shape, attrs, 1);
  if (!isOurs(info, attrs.inputShape, filter.shape) || !agree(dy.shape, info.outShape)) return undefined;
  const { batchSize, inHeight, inWidth, inChannels, outHeight, outWidth, outChannels } = info;
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const dx = bound.output(info.inShape);
  const { run } = bound;
  const to = bound.at(dx);
  if (isPointwise(info)) {
    const m = batchSize * inHeight * inWidth;
    multiply(
      bound,
      { m, n: inChannels, k: outChannels, transposeA: false, transposeB: true },
      bound.at(dy),
      bound.at(filter),
      to,
    );
    return dx;
  }
  const vertical = phases(inHeight, strideHeight, filterHeight, padInfo.top);
  const horizontal = phases(inWidth, strideWidth, filterWidth, padInfo.left);
  const inPlace = strideHeight * strideWidth === 1;
  const pairs = vertical.flatMap(y => horizontal.map(x => ({ y, x })));
  const met = pairs.filter(({ y, x }) => y.taps * x.taps > 0);
  const floatsOf = ({ y, x }: (typeof pairs)[number]): number => batchSize * y.count * x.count * inChannels;
  const filterBytes = 4 * sizeOf(filter.shape);
  const resultBytes = inPlace ? 0 : 4 * Math.max(0, ...met.map(floatsOf));
  if (met.length < pairs.length) run.fill(to, sizeOf(info.inShape), 0);
  bound.withBytes(filterBytes + resultBytes, turned => {
    for (const { y, x } of met) {
      run.turnFilter(
        bound.at(filter),
        ...[filterWidth, inChannels, outChannels, y.firstTap, strideHeight, y.taps, x.firstTap, strideWidth, x.taps],
        turned,
      );
      const result = inPlace ? to : turned + filterBytes;
      const geometry = [outHeight, outWidth, outChannels, y.count, x.count, y.taps, x.taps, 1, 1, 1, 1, y.pad, x.pad];
      const end = bound.at(dy) + 4 * sizeOf(dy.shape);
      const pixels = batchSize * y.count * x.count;
      bound.do({
        kind: kind.convolve,
        words: [...geometry, bound.at(dy), end, turned, result, pixels, inChannels, false],
        flops: 2 * pixels * y.taps * x.taps * inChannels * outChannels,
        resultBytes: 4 * pixels * inChannels,
      });
      if (inPlace) continue;
      run.placePhase(
        result,
        ...[
          batchSize,
          y.count,
          x.count,
          inChannels,
          to,
          inHeight,
          inWidth,
          y.first,
          strideHeight,
          x.first,
          strideWidth,
        ],
      );
    }
  });
  return dx;
};
