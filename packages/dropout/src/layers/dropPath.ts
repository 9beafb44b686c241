/**
 * Stochastic depth: whole residual branches are dropped, each for a sample at a time; timm calls it DropPath.
 * Huang, Sun, Liu, Sedra & Weinberger, "Deep networks with stochastic depth", ECCV 2016.
 */
import { checkOptions, type Moment, option, valueAt } from '@keepprob/core';
import { defineLayer, type NoiseShape } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs-core';
import { type Checked, dropping, type KeepProbOrRate, keeping, oneField } from '../options/rate.ts';
import { dropoutForward } from './dropout.ts';

/** Options of `dropPath`. */
export type DropPathOptions = KeepProbOrRate<{
  /** Whether kept samples are divided by keepProb; true by default. With false they stay unchanged, as with timm's `scale_by_keep`. */
  readonly scaleByKeep?: boolean;
}>;

const perSample = (shape: readonly unknown[]): NoiseShape => shape.map((_, axis) => (axis === 0 ? null : 1));

/**
 * y = x / keepProb in the samples that are kept, 0 in the others; one draw for each sample.
 * @example
 * dropPathForward(x, 0.8, at).shape; // [64, 4]
 */
export const dropPathForward = (x: tf.Tensor, keepProb: number, at: Moment): tf.Tensor =>
  dropoutForward(x, keepProb, perSample(x.shape), at);

/**
 * Stochastic depth (Huang, Sun, Liu, Sedra & Weinberger 2016), timm's DropPath: drops the residual branch in front of it, for each sample with
 * probability 1 − keepProb. Kept samples are divided by keepProb, so that inference needs no factor. Inputs may have any rank with a batch axis.
 * @example
 * const input = tf.input({ shape: [8] });
 * const branch = tf.layers.dense({ units: 8, activation: 'relu' }).apply(input);
 * const sum = tf.layers.add().apply([input, dropPath({ keepProb: 0.8 }).apply(branch)]);
 * @throws OptionError for both or neither of keepProb and rate, or a value out of (0, 1]
 */
export const dropPath = defineLayer<Checked<DropPathOptions>, DropPathOptions>({
  name: 'dropPath',
  className: 'KeepprobDropPath',
  options: { ...keeping, scaleByKeep: option.boolean({ fallback: true }) },
  noise: { keepProb: { ...dropping, noiseShape: perSample, unlike: 'it drops whole branches, not units' } },
  normalize: oneField('dropPath'),
  forward(x, { keepProb: given, scaleByKeep }, at) {
    const keepProb = valueAt(given, at);
    if (scaleByKeep) return dropPathForward(x, keepProb, at);
    // a product with 0 and 1 leaves what is kept as it is, to the bit
    const one = tf.ones(x.shape.map((size, axis) => (axis === 0 ? size : 1)));
    return tf.mul(x, tf.step(dropPathForward(one, keepProb, at)));
  },
});

/** Options of `linearDepth`. */
export interface LinearDepthOptions {
  /** Residual blocks L, ≥ 1. */
  readonly blocks: number;
  /** keepProb p_L of the last block, in (0, 1]; 0.5 in the paper, and by default. */
  readonly lastKeepProb?: number;
}

/**
 * The keepProb of each residual block, first to last: p_l = 1 − (l / L)(1 − p_L), l = 1 … L (Huang et al. 2016). Early blocks find
 * features that all later blocks use, so they are dropped least.
 * @example
 * linearDepth({ blocks: 4 }); // [0.875, 0.75, 0.625, 0.5]
 * @throws OptionError if `blocks` is not an integer ≥ 1, or `lastKeepProb` out of (0, 1]
 */
export function linearDepth(options: LinearDepthOptions): number[] {
  const { blocks, lastKeepProb } = checkOptions<LinearDepthOptions>(
    'linearDepth',
    {
      blocks: option.number({ min: 1, integer: true }),
      lastKeepProb: option.keepProb({ fallback: 0.5 }),
    },
    options,
  );
  return Array.from({ length: blocks }, (_, i) => 1 - ((i + 1) / blocks) * (1 - lastKeepProb));
}
