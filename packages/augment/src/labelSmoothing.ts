import { definePlugin, option, type TrainingPlugin } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkLabels } from './labels.ts';

export interface LabelSmoothingOptions {
  /** ε: the share of each label spread over all classes, 0 ≤ ε < 1. */
  readonly smoothing: number;
}

/** y (1 − ε) + ε / K, K classes on the last axis. */
export const smoothLabels = (y: tf.Tensor, smoothing: number): tf.Tensor =>
  tf.tidy(() => tf.add(tf.mul(tf.cast(y, 'float32'), 1 - smoothing), smoothing / (y.shape.at(-1) as number)));

/**
 * Label smoothing, y ← y (1 − ε) + ε / K, for every output (Szegedy et al. 2016, §7). Metrics see the labels as they were.
 *
 * `labelSmoothing(0.1)`. Labels [batch, …, K] are one-hot or probabilities; others are a `DataError`.
 */
export const labelSmoothing: (options: LabelSmoothingOptions | number) => TrainingPlugin =
  definePlugin<LabelSmoothingOptions>({
    name: 'labelSmoothing',
    shorthand: 'smoothing',
    options: { smoothing: option.number({ min: 0, below: 1 }) },
    setup: ({ smoothing }) => ({
      batch(batch) {
        checkLabels('labelSmoothing', batch.y);
        const y = Object.fromEntries(Object.entries(batch.y).map(([name, t]) => [name, smoothLabels(t, smoothing)]));
        return { ...batch, y, metricY: batch.metricY ?? batch.y };
      },
    }),
  });
