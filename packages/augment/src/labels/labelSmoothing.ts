import { DataError, definePlugin, option, type Tensors } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { checkLabels } from './labels.ts';

/** Options of `labelSmoothing`. */
export interface LabelSmoothingOptions {
  /** ε: the fraction of each label that is spread over all classes, 0 ≤ ε < 1. */
  readonly smoothing: number;
  /** 'classes' (the default): [batch, …, classes]. 'binary': each label is 0 or 1, of two classes, and becomes y (1 − ε) + ε / 2, as in Keras. */
  readonly labels?: 'classes' | 'binary';
  /** Names of the outputs whose labels are smoothed; all by default. */
  readonly outputs?: readonly string[] | null;
}

/**
 * y (1 − ε) + ε / K. K is the size of the last axis unless `classes` is given.
 * @example
 * smoothLabels(tf.tensor2d([[1, 0, 0, 0]]), 0.1); // [[0.925, 0.025, 0.025, 0.025]]
 */
export const smoothLabels = (y: tf.Tensor, smoothing: number, classes = y.shape.at(-1) ?? 1): tf.Tensor =>
  tf.tidy(() => tf.add(tf.mul(tf.cast(y, 'float32'), 1 - smoothing), smoothing / classes));

/**
 * Label smoothing, y ← y (1 − ε) + ε / K (Szegedy et al. 2016, §7). Metrics see the original labels.
 *
 * `labelSmoothing(0.1)`, `labelSmoothing({ smoothing, labels: 'binary' })`, `labelSmoothing({ smoothing, outputs: ['tags'] })`. Labels [batch, …, K] are
 * one-hot or
 * probabilities. If the model has several outputs, name those that are classes. A label without classes is a `DataError`.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [labelSmoothing(0.1)] });
 * labelSmoothing({ smoothing: 0.1, labels: 'binary' });
 * @throws OptionError for a smoothing outside [0, 1); DataError for labels without classes
 */
export const labelSmoothing = definePlugin<LabelSmoothingOptions, 'smoothing'>({
  name: 'labelSmoothing',
  shorthand: 'smoothing',
  options: {
    smoothing: option.number({ min: 0, below: 1 }),
    labels: option.oneOf<'classes' | 'binary'>(['classes', 'binary'], { fallback: 'classes' }),
    outputs: option.orNull({ ...option.list(option.string()), expected: 'a list of names of outputs' }),
  },
  setup: ({ smoothing, labels, outputs }) => ({
    batch(batch) {
      const chosen = chosenLabels(batch.y, outputs);
      checkLabels('labelSmoothing', chosen, labels);
      const two = labels === 'binary' ? 2 : undefined;
      const smoothed = Object.entries(chosen).map(([name, t]) => [name, smoothLabels(t, smoothing, two)]);
      return { ...batch, y: { ...batch.y, ...Object.fromEntries(smoothed) }, metricY: batch.metricY ?? batch.y };
    },
  }),
});

function chosenLabels(y: Tensors, outputs: readonly string[] | null): Tensors {
  if (outputs === null) return y;
  const missing = outputs.filter(name => !(name in y));
  if (missing.length)
    throw DataError.of('labelSmoothing, outputs', `names among ${Object.keys(y).join(', ')}`, missing.join(', '));
  return Object.fromEntries(outputs.map(name => [name, y[name] as tf.Tensor]));
}
