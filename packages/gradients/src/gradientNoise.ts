import {
  definePlugin,
  option,
  type RandomKey,
  type Varying,
  valueAt,
  type WeightFilter,
  whereOption,
} from '@keepprob/core';
import { addNormalNoise } from '@keepprob/core/random';
import type * as tf from '@tensorflow/tfjs-core';
import { all, every } from './every.ts';

/** Options of `gradientNoise`. */
export interface GradientNoiseOptions {
  /** η ≥ 0: variance at the first update; .01, .3 or 1 in the paper. May be a schedule or a function. */
  readonly eta: Varying;
  /** γ ≥ 0: how fast the variance falls; .55 by default, as in the paper. */
  readonly gamma?: number;
  /** Which weights; all by default. */
  readonly where?: WeightFilter;
}

/**
 * σ_t = √(η / (1 + t)^γ).
 * @example
 * noiseDeviation(0.01, 0.55, 0); // 0.1
 */
export const noiseDeviation = (eta: number, gamma: number, t: number): number => Math.sqrt(eta / (1 + t) ** gamma);

/**
 * g + σ n with n ~ N(0, 1) by the index of the element, from `key`.
 * @example
 * noisy(tf.zeros([4, 2]), 0.1, at.key()).shape; // [4, 2]
 */
export const noisy = (gradient: tf.Tensor, deviation: number, key: RandomKey): tf.Tensor =>
  addNormalNoise(gradient, key, { scale: deviation });

/**
 * Gradient noise (Neelakantan et al. 2015): every gradient gains independent N(0, σ_t²) with σ_t² = η / (1 + t)^γ at update t. It helps very
 * deep or badly initialized networks out of poor starts. The numbers follow from the run's seed and the update.
 * @example
 * attach(model, tf.train.sgd(0.1), gradientNoise(0.01));
 * @throws OptionError for a negative η or γ
 */
export const gradientNoise = definePlugin<GradientNoiseOptions, 'eta'>({
  name: 'gradientNoise',
  shorthand: 'eta',
  options: {
    eta: option.varying({ min: 0 }),
    gamma: option.number({ min: 0, fallback: 0.55 }),
    where: whereOption(all),
  },
  setup: ({ eta, gamma, where }) => ({
    gradients(gradients, weights, at) {
      const deviation = noiseDeviation(valueAt(eta, at), gamma, at.step);
      if (deviation === 0) return gradients;
      return every(gradients, weights.filter(where), gradient => noisy(gradient, deviation, at.key()));
    },
  }),
});
