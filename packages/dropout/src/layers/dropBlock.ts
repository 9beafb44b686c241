/**
 * DropBlock: dropout of whole squares of a feature map, since a single dropped pixel is known from its neighbours.
 * Ghiasi, Lin & Le, "DropBlock: a regularization method for convolutional networks", NeurIPS 2018, algorithm 1.
 *
 *     γ = (q / s²) · h w / ((h − s + 1)(w − s + 1))        q = 1 − keepProb, s = blockSize, a map of h × w
 *     each s × s block inside the map is dropped with probability γ; y = m x · count(m) / kept(m)
 *
 * Each channel has masks of its own, as in the paper's algorithm. The paper counts over the whole batch; here over each sample, so that a
 * row gets the same numbers whichever rows are trained with it, in a shard or in the whole batch.
 */

import { type Moment, OptionError, option, type RandomKey, valueAt } from '@keepprob/core';
import { DROP_BLOCK_KERNEL, type DropBlockKernelAttrs, keyAttrs, runExtraKernel } from '@keepprob/core/kernels';
import { defineLayer } from '@keepprob/core/layers';
import { firstElement, keepBits, type Rows, threshold } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { checkRank, type DataFormat, dataFormatOption } from '../options/channels.ts';
import { type Checked, dropping, type KeepProbOrRate, keeping, oneField } from '../options/rate.ts';

/** Options of `dropBlock2D`. */
export type DropBlockOptions = KeepProbOrRate<{
  /** Side of a block in pixels, ≤ height and width of the map; 7 by default, as in the paper. 1 drops what `dropout` drops. */
  readonly blockSize?: number;
  /** Where the channels are; the last axis by default. */
  readonly dataFormat?: DataFormat;
}>;

/**
 * γ = (q / s²) · h w / ((h − s + 1)(w − s + 1)) with q = 1 − keepProb and s = blockSize: the probability that a block is dropped. It is chosen such that about keepProb of
 * the pixels of an h × w map are kept.
 * @example
 * dropBlockGamma(0.9, 7, 28, 28); // 0.003306
 */
export const dropBlockGamma = (keepProb: number, blockSize: number, height: number, width: number): number =>
  (((1 - keepProb) / blockSize ** 2) * height * width) / ((height - blockSize + 1) * (width - blockSize + 1));

interface Blocks {
  readonly gamma: number;
  readonly blockSize: number;
  readonly dataFormat: DataFormat;
}

/** Of a feature map; checked when the layer is built and called. */
function sizes(shape: readonly (number | null)[], dataFormat: DataFormat) {
  const [rows, a, b, c] = shape.map(n => n ?? Number.POSITIVE_INFINITY);
  const [h = 0, w = 0, channels = 0] = dataFormat === 'channelsLast' ? [a, b, c] : [b, c, a];
  return { rows: rows ?? 0, h, w, c: channels };
}

/** The shape of the draws: one for each block, by the place of its first pixel. */
function placesOf(shape: readonly number[], { blockSize, dataFormat }: Blocks): number[] {
  const { rows, h, w, c } = sizes(shape, dataFormat);
  const [down, across] = [h - blockSize + 1, w - blockSize + 1];
  return dataFormat === 'channelsLast' ? [rows, down, across, c] : [rows, c, down, across];
}

/** 1 where an element of [b, h, w, c] or [b, c, h, w] is kept, 0 where a dropped block covers it. */
function blockBits(shape: readonly number[], blocks: Blocks, key: RandomKey, rows: Rows): Uint8Array {
  const { gamma, blockSize, dataFormat } = blocks;
  const last = dataFormat === 'channelsLast';
  const { h, w, c } = sizes(shape, dataFormat);
  const [down, across] = [h - blockSize + 1, w - blockSize + 1];
  const places = keepBits(placesOf(shape, blocks), 1 - gamma, key, rows);
  const [perRow, perColumn, perChannel] = last ? [w * c, c, 1] : [w, 1, h * w];
  const bits = new Uint8Array(shape.reduce((a, b) => a * b, 1)).fill(1);
  for (let place = 0; place < places.length; place++) {
    if (places[place]) continue;
    let rest = place;
    const next = (size: number): number => {
      const index = rest % size;
      rest = (rest - index) / size;
      return index;
    };
    let first = 0;
    if (last) first += next(c) * perChannel;
    first += next(across) * perColumn + next(down) * perRow;
    if (!last) first += next(c) * perChannel;
    first += rest * h * w * c;
    for (let y = 0; y < blockSize; y++) {
      for (let x = 0; x < blockSize; x++) bits[first + y * perRow + x * perColumn] = 0;
    }
  }
  return bits;
}

/** count / kept of each sample; 0 where nothing is kept. */
function rescaling(bits: Uint8Array, samples: number): Float32Array {
  const count = bits.length / samples;
  return Float32Array.from({ length: samples }, (_, sample) => {
    let kept = 0;
    for (const bit of bits.subarray(sample * count, (sample + 1) * count)) kept += bit;
    return kept ? count / kept : 0;
  });
}

/** bit ? x × scale of its sample : 0. A select: a dropped NaN becomes 0. */
function select(x: tf.Tensor, bits: Uint8Array, scales: Float32Array): tf.Tensor {
  // the cpu backend's tensors are JavaScript arrays: one pass over them beats four kernels
  if (x.dtype === 'float32' && tf.getBackend() === 'cpu') {
    const from = x.dataSync<'float32'>();
    const to = new Float32Array(bits.length);
    const count = bits.length / scales.length;
    for (const [sample, scale] of scales.entries()) {
      for (let i = sample * count; i < (sample + 1) * count; i++) if (bits[i]) to[i] = (from[i] ?? 0) * scale;
    }
    return tf.tensor(to, x.shape, 'float32');
  }
  const scaled = tf.mul(x, tf.tensor(scales, [scales.length, 1, 1, 1]));
  return tf.where(tf.tensor(bits, x.shape, 'bool'), scaled, tf.zerosLike(scaled));
}

/** By the kernel of the backend; undefined where it has none. */
function byKernel(x: tf.Tensor, blocks: Blocks, key: RandomKey, rows: Rows): tf.Tensor | undefined {
  const { gamma, blockSize, dataFormat } = blocks;
  if (x.dtype !== 'float32' || x.size === 0) return undefined;
  const attrs: DropBlockKernelAttrs = {
    ...{ blockSize, channelsLast: dataFormat === 'channelsLast' },
    first: firstElement(placesOf(x.shape, blocks), rows),
    threshold: threshold(1 - gamma),
    ...keyAttrs(key),
  };
  return runExtraKernel(DROP_BLOCK_KERNEL, { x }, attrs);
}

function byBits(x: tf.Tensor, blocks: Blocks, key: RandomKey, rows: Rows): tf.Tensor {
  const bits = blockBits(x.shape, blocks, key, rows);
  return select(x, bits, rescaling(bits, sizes(x.shape, blocks.dataFormat).rows));
}

/**
 * y = m x · count(m) / kept(m) with the block mask m of this moment, for each sample. The backward pass draws the mask again and
 * applies the same linear map to dy.
 * @example
 * dropBlockForward(tf.ones([2, 8, 8, 3]), 0.9, { blockSize: 3, dataFormat: 'channelsLast' }, at).shape; // [2, 8, 8, 3]
 */
export function dropBlockForward(
  x: tf.Tensor,
  keepProb: number,
  { blockSize, dataFormat }: { readonly blockSize: number; readonly dataFormat: DataFormat },
  at: Moment,
): tf.Tensor {
  const { h, w } = sizes(x.shape, dataFormat);
  const gamma = dropBlockGamma(keepProb, blockSize, h, w);
  if (threshold(1 - gamma) === 0) return tf.clone(x);
  const [blocks, key, { rows }] = [{ gamma, blockSize, dataFormat }, at.key(), at];
  const dropped = (t: tf.Tensor): tf.Tensor =>
    tf.customGrad(input => {
      const x = input as tf.Tensor;
      return {
        value: byKernel(x, blocks, key, rows) ?? byBits(x, blocks, key, rows),
        gradFunc: dy => dropped(dy as tf.Tensor),
      };
    })(t);
  return dropped(x);
}

/** @throws OptionError where a map is smaller than a block */
function checkMap(
  shape: readonly (number | null)[],
  { blockSize, dataFormat }: Required<Checked<DropBlockOptions>>,
): void {
  checkRank('dropBlock2D', shape, [4]);
  const { h, w } = sizes(shape, dataFormat);
  const side = Math.min(h, w);
  if (blockSize > side)
    throw OptionError.of('dropBlock2D', 'blockSize', `an integer ≤ ${side}, the smaller side of the map`, blockSize);
}

/**
 * DropBlock (Ghiasi, Lin & Le 2018, algorithm 1): drops whole squares of a feature map, since a single dropped pixel can be guessed from its neighbours.
 * Feature maps are [b, h, w, c] or [b, c, h, w]. At inference it is the identity. γ has a resolution of 2⁻¹⁶.
 *
 *     each s × s block inside the map is dropped with probability γ (see `dropBlockGamma`); y = m x · count(m) / kept(m) for each sample
 * @example
 * const net = tf.sequential({ layers: [tf.layers.conv2d({ filters: 8, kernelSize: 3, inputShape: [16, 16, 3] })] });
 * net.add(dropBlock2D({ keepProb: linear({ from: 1, to: 0.9, steps: 1000 }), blockSize: 7 })); // weaker at first, as in the paper
 * @throws OptionError for both or neither of keepProb and rate, a value out of (0, 1], a block larger than the map, or another rank
 */
export const dropBlock2D = defineLayer<Checked<DropBlockOptions>, DropBlockOptions>({
  name: 'dropBlock2D',
  className: 'KeepprobDropBlock2D',
  options: {
    ...keeping,
    blockSize: option.number({ min: 1, integer: true, fallback: 7 }),
    dataFormat: dataFormatOption,
  },
  noise: { keepProb: { ...dropping, unlike: 'its masks are blocks of neighbours, scaled by what was kept' } },
  normalize: oneField('dropBlock2D'),
  checkShape: checkMap,
  forward: (x, { keepProb, blockSize, dataFormat }, at) =>
    dropBlockForward(x, valueAt(keepProb, at), { blockSize, dataFormat }, at),
});
