import {
  definePlugin,
  option,
  type Snapshot,
  type TrainingPlugin,
  type Varying,
  valueAt,
  type Weight,
} from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

export interface EmaOptions {
  /** d: share of the average that is kept at each update, 0 ≤ d < 1; .99 to .9999 for long runs. */
  readonly decay: Varying;
  /**
   * True (default): the average starts at 0 and is divided by 1 − Π d, so that it is a mean of the weights of this run alone, from the first
   * step on (Kingma & Ba 2015, §3). False: it starts at the initial weights.
   */
  readonly debias?: boolean;
  /** Whether evaluation sees the averaged weights; true by default. Stock fit has no place for that: there it must be false. */
  readonly evaluate?: boolean;
}

/** d · average + (1 − d) · w. */
export const blend = (average: tf.Tensor, w: tf.Tensor, decay: number): tf.Tensor =>
  tf.tidy(() => tf.add(tf.mul(average, decay), tf.mul(w, 1 - decay)));

/**
 * Exponential moving average of the weights (Polyak & Juditsky 1992): after every update e ← d e + (1 − d) w. Evaluation sees the average, training goes
 * on with the weights themselves, and the model ends with the average.
 *
 * `ema(0.999)`, `ema({ decay: 0.999, debias: false })`; in stock fit `ema({ decay: 0.999, evaluate: false })`
 */
export const ema: (options: EmaOptions | number) => TrainingPlugin = definePlugin<EmaOptions>({
  name: 'ema',
  shorthand: 'decay',
  options: {
    decay: option.varying<Varying>({ min: 0, below: 1 }),
    debias: option.boolean({ fallback: true }),
    evaluate: option.boolean({ fallback: true }),
  },
  setup({ decay, debias, evaluate }) {
    const averages = new Map<string, tf.Tensor>();
    /** Π d over the updates so far: the weight that the average's start still has in it. */
    let start = 1;
    const put = (path: string, average: tf.Tensor): void => {
      averages.get(path)?.dispose();
      averages.set(path, tf.keep(average));
    };
    const begin = (weights: readonly Weight[]): void => {
      for (const { path, variable } of weights) {
        if (!averages.has(path)) put(path, debias ? tf.zerosLike(variable) : tf.clone(variable));
      }
    };
    const snapshot = (): Snapshot | undefined => {
      if (start === 1) return undefined;
      return new Map([...averages].map(([path, e]) => [path, debias ? tf.div(e, 1 - start) : tf.clone(e)]));
    };
    return {
      beforeUpdate: begin,
      afterUpdate(weights, at) {
        const d = valueAt(decay, at);
        for (const { path, variable } of weights) put(path, blend(averages.get(path)!, variable, d));
        start *= d;
      },
      ...(evaluate && { evaluate: snapshot }),
      end: snapshot,
      state: () => ({
        tensors: Object.fromEntries([...averages].map(([path, e]) => [path, tf.clone(e)])),
        values: start,
      }),
      restore({ tensors, values }) {
        for (const [path, e] of Object.entries(tensors)) put(path, tf.clone(e));
        start = values as number;
      },
      dispose() {
        tf.dispose([...averages.values()]);
        averages.clear();
      },
    };
  },
});
