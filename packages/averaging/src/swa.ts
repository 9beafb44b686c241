import {
  definePlugin,
  type EveryEpochs,
  KeptTensors,
  type Moment,
  option,
  type Varying,
  valueAt,
  type Weight,
} from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { publish } from './averaged.ts';

/** Options of `swa`. */
export interface SwaOptions {
  /** The epoch (from 0) from whose end on weights are averaged; use about three quarters of the run. */
  readonly startEpoch: number;
  /** `{ epochs: c }`: averages the weights at the end of every cth epoch from `startEpoch` on; by default of every epoch. */
  readonly every?: EveryEpochs;
  /** Learning rate from startEpoch on, > 0, constant or cyclical; may be a schedule or a function. Null, the default, leaves it as it is. */
  readonly learningRate?: Varying | null;
  /** Epochs over which the rate moves to `learningRate`, along half a cosine; 0, the default, moves it at once. */
  readonly annealEpochs?: number;
  /** Whether evaluation uses the mean; false by default, since batch norm's statistics belong to the trained weights. Must be false in stock fit. */
  readonly evaluate?: boolean;
}

/**
 * mean + (w − mean) / n: the mean of n, from the mean of n − 1.
 * @example
 * runningMean(tf.scalar(2), tf.scalar(5), 3); // 3
 */
export const runningMean = (mean: tf.Tensor, w: tf.Tensor, n: number): tf.Tensor =>
  tf.tidy(() => tf.add(mean, tf.div(tf.sub(w, mean), n)));

/**
 * from + (to − from) (1 − cos π t) / 2 with t = min(1, k / n); `to` where n is 0.
 * @example
 * annealed(0.1, 0, 1, 2); // 0.05
 */
export const annealed = (from: number, to: number, k: number, n: number): number =>
  k >= n ? to : from + ((to - from) * (1 - Math.cos((Math.PI * k) / n))) / 2;

/**
 * Stochastic weight averaging (Izmailov, Podoprikhin, Garipov, Vetrov & Wilson 2018): the model ends with the mean of the weights at the ends of epochs,
 * from startEpoch on. Batch norm's statistics belong to the last weights, not to the mean: call `updateBatchNorm`
 * afterwards if the model has any. A run that ends before startEpoch keeps its weights.
 * @example
 * await fit(model, { x, y }, { ...options, epochs: 4, plugins: [swa({ startEpoch: 2, learningRate: 0.05, annealEpochs: 1 })] });
 * @throws OptionError for an epoch that is not an integer ≥ 0, or another value out of range; PluginError in stock fit if `evaluate` is true
 */
export const swa = definePlugin<SwaOptions>({
  name: 'swa',
  options: {
    startEpoch: option.number({ min: 0, integer: true }),
    every: option.everyEpochs({ fallback: { epochs: 1 } }),
    learningRate: option.orNull(option.varying({ above: 0 })),
    annealEpochs: option.number({ min: 0, integer: true, fallback: 0 }),
    evaluate: option.boolean({ fallback: false }),
  },
  setup({ startEpoch, every, learningRate, annealEpochs, evaluate }) {
    const means = new KeptTensors();
    let count = 0;
    /** The update after which weights were last averaged: not twice, by `evaluate` and by `epochEnd`. */
    let last = -1;
    /** The rate that annealing starts at. */
    let from: number | null = null;
    const average = (weights: readonly Weight[], at: Moment): void => {
      const since = at.epoch - startEpoch;
      if (since < 0 || (since + 1) % every.epochs !== 0 || at.step === last) return;
      last = at.step;
      count++;
      for (const weight of weights.filter(({ trainable }) => trainable)) {
        const { path, variable } = weight;
        const mean = means.get(path);
        means.set(path, mean ? runningMean(mean, variable, count) : variable);
        publish(weight, means);
      }
    };
    return {
      ...(learningRate !== null && {
        settings(at) {
          const since = at.epoch - startEpoch;
          if (since < 0) return {};
          from ??= at.learningRate;
          return { learningRate: annealed(from, valueAt(learningRate, at), since, annealEpochs) };
        },
      }),
      ...(evaluate && {
        evaluate(weights, at) {
          average(weights, at);
          return means.all;
        },
      }),
      epochEnd: (_, weights, at) => average(weights, at),
      end: () => means.all,
      state: () => ({ tensors: means.copies(), values: { count, last, from } }),
      restore({ tensors, values }) {
        means.replace(tensors);
        ({ count, last, from } = values as { count: number; last: number; from: number | null });
      },
      dispose: () => means.dispose(),
    };
  },
});
