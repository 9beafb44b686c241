import { definePlugin, option, type Snapshot, type TrainingPlugin } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

export interface SwaOptions {
  /** First epoch (from 0) whose final weights are averaged; about three quarters of the run. */
  readonly startEpoch: number;
  /** Every so many epochs from there on; 1 by default. */
  readonly every?: number;
  /** Learning rate from startEpoch on; null, the default, leaves it as it is. */
  readonly learningRate?: number | null;
}

/** mean + (w − mean) / n: the mean of n, from the mean of n − 1. */
export const runningMean = (mean: tf.Tensor, w: tf.Tensor, n: number): tf.Tensor =>
  tf.tidy(() => tf.add(mean, tf.div(tf.sub(w, mean), n)));

/**
 * Stochastic weight averaging: the mean of the weights at the ends of epochs, from startEpoch on, is what the model ends with
 * (Izmailov, Podoprikhin, Garipov, Vetrov & Wilson 2018). Batch norm's statistics belong to the last weights, not to the mean: run some
 * batches through the model in training mode afterwards where it has any.
 *
 * `swa({ startEpoch: 15, learningRate: 0.05 })`
 */
export const swa: (options: SwaOptions) => TrainingPlugin = definePlugin<SwaOptions>({
  name: 'swa',
  options: {
    startEpoch: option.number({ min: 0, integer: true }),
    every: option.number({ min: 1, integer: true, fallback: 1 }),
    learningRate: option.custom<number | null>(
      'a number > 0, or null',
      v => v === null || (Number.isFinite(v) && (v as number) > 0),
      {
        fallback: null,
      },
    ),
  },
  setup({ startEpoch, every, learningRate }) {
    const means = new Map<string, tf.Tensor>();
    let count = 0;
    const put = (path: string, mean: tf.Tensor): void => {
      means.get(path)?.dispose();
      means.set(path, tf.keep(mean));
    };
    const snapshot = (): Snapshot | undefined =>
      count === 0 ? undefined : new Map([...means].map(([path, mean]) => [path, tf.clone(mean)]));
    return {
      epochEnd(_, weights, at) {
        const since = at.epoch - startEpoch;
        if (since >= 0 && since % every === 0) {
          count++;
          for (const { path, variable, trainable } of weights) {
            if (!trainable) continue;
            const mean = means.get(path);
            put(path, mean ? runningMean(mean, variable, count) : tf.clone(variable));
          }
        }
        // of the updates from the next epoch on
        return learningRate !== null && since >= -1 ? { learningRate } : undefined;
      },
      end: snapshot,
      state: () => ({
        tensors: Object.fromEntries([...means].map(([path, mean]) => [path, tf.clone(mean)])),
        values: count,
      }),
      restore({ tensors, values }) {
        for (const [path, mean] of Object.entries(tensors)) put(path, tf.clone(mean));
        count = values as number;
      },
      dispose() {
        tf.dispose([...means.values()]);
        means.clear();
      },
    };
  },
});
