import {
  countOf,
  definePlugin,
  type EverySteps,
  KeptTensors,
  option,
  type Varying,
  valueAt,
  type Weight,
} from '@keepprob/core';
import { BLEND_KERNEL, runExtraKernel } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { publish } from './averaged.ts';

/** Where an average starts; see `EmaOptions.start`. */
export type EmaStart = 'mean' | 'first' | 'initial';

/** Options of `ema`. */
export interface EmaOptions {
  /** d: fraction of the average that is kept at each of its updates, 0 ≤ d < 1; .99 to .9999 for long runs. */
  readonly decay: Varying;
  /**
   * If true, its nth update (from 0) uses min(d, (1 + n) / (10 + n)), so that a long memory does not keep the first steps (TensorFlow's `num_updates`). False
   * by default.
   */
  readonly warmup?: boolean;
  /** `{ steps: n }`, or n alone: the average is updated at every nth update of the weights; 1 by default. */
  readonly every?: EverySteps;
  /**
   * Where the average starts. 'mean' (the default): at 0, and divided by 1 − Π d, so that it is a mean of the weights of this run alone (Kingma & Ba 2015,
   * §3). 'first': at the weights after the first of its updates, as in Keras (`use_ema`) and PyTorch (`AveragedModel`). 'initial': at the weights before
   * training.
   */
  readonly start?: EmaStart;
  /** Whether evaluation uses the averaged weights; true by default. Must be false in stock fit, which cannot swap weights. */
  readonly evaluate?: boolean;
}

/**
 * d · average + (1 − d) · w.
 * @example
 * blend(tf.scalar(1), tf.scalar(2), 0.9); // 1.1
 */
export function blend(average: tf.Tensor, w: tf.Tensor, decay: number): tf.Tensor {
  const isFast = average.dtype === 'float32' && w.dtype === 'float32' && tf.util.arraysEqual(average.shape, w.shape);
  const fast = isFast ? runExtraKernel(BLEND_KERNEL, { a: average, b: w }, { share: decay }) : undefined;
  return fast ?? tf.tidy(() => tf.add(tf.mul(average, decay), tf.mul(w, 1 - decay)));
}

/**
 * The decay of the nth update of an average, from 0: min(d, (1 + n) / (10 + n)).
 * @example
 * warmedUp(0.999, 0); // 0.1
 * warmedUp(0.999, 10_000); // 0.999
 */
export const warmedUp = (decay: number, n: number): number => Math.min(decay, (1 + n) / (10 + n));

/**
 * Exponential moving average of the weights (Polyak & Juditsky 1992): after an update e ← d e + (1 − d) w. Evaluation sees the average, training continues
 * with the weights themselves, and the model ends with the average. `earlyStopping` in the same list keeps and restores the averages that were evaluated. Batch
 * norm's statistics are those of the trained weights; `updateBatchNorm` fits them to the average.
 * @example
 * await fit(model, { x, y }, { ...options, validation, plugins: [ema(0.999)] });
 * attach(model, tf.train.adam(1e-3), ema({ decay: 0.999, evaluate: false })); // in stock fit; `averaged` looks at the average
 * @throws OptionError for a decay outside [0, 1); PluginError in stock fit unless `evaluate` is false
 */
export const ema = definePlugin<EmaOptions, 'decay'>({
  name: 'ema',
  shorthand: 'decay',
  options: {
    decay: option.varying({ min: 0, below: 1 }),
    warmup: option.boolean({ fallback: false }),
    every: option.everySteps({ fallback: 1 }),
    start: option.oneOf<EmaStart>(['mean', 'first', 'initial'], { fallback: 'mean' }),
    evaluate: option.boolean({ fallback: true }),
  },
  setup({ decay, warmup, every, start, evaluate }) {
    const averages = new KeptTensors();
    /** Π d by path: what a start at 0 would still have of the average. By weight, since one may be frozen or thawed on the way. */
    const left = new Map<string, number>();
    const published = new Set<string>();
    let updates = 0;
    const begin = (weight: Weight): void => {
      const { path, variable } = weight;
      if (!averages.get(path)) {
        averages.set(path, variable);
        left.set(path, 1);
      }
      if (!published.has(path)) publish(weight, averages);
      published.add(path);
    };
    return {
      // the initial weights, which are gone after the update
      ...(start === 'initial' && { beforeUpdate: (weights: readonly Weight[]) => weights.forEach(begin) }),
      afterUpdate(weights, at) {
        if ((at.step + 1) % countOf(every) !== 0) return;
        const given = valueAt(decay, at);
        const d = warmup ? warmedUp(given, updates) : given;
        for (const weight of weights) {
          begin(weight);
          const average = averages.get(weight.path) ?? weight.variable;
          const rest = (left.get(weight.path) ?? 1) * d;
          left.set(weight.path, rest);
          // (e − Π d′ · 0) / (1 − Π d) as a recursion on the quotient
          averages.set(weight.path, blend(average, weight.variable, start === 'mean' ? 1 - (1 - d) / (1 - rest) : d));
        }
        updates++;
      },
      ...(evaluate && { evaluate: () => averages.all }),
      end: () => averages.all,
      state: () => ({ tensors: averages.copies(), values: { left: Object.fromEntries(left), updates } }),
      restore({ tensors, values }) {
        const state = values as { left: Record<string, number>; updates: number };
        averages.replace(tensors);
        left.clear();
        for (const [path, rest] of Object.entries(state.left)) left.set(path, rest);
        updates = state.updates;
      },
      dispose: () => averages.dispose(),
    };
  },
});
