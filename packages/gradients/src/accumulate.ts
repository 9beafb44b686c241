import {
  type Batch,
  definePlugin,
  type Gradients,
  option,
  type StepResult,
  stepTensors,
  type Tensors,
  type TrainingPlugin,
  tidyStep,
} from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

export interface AccumulateOptions {
  /** Parts that each batch is cut into, ≥ 1. */
  readonly parts: number;
}

/** Where the parts of `rows` rows begin and end: sizes differ by one at most, and there are no empty ones. */
export function cuts(rows: number, parts: number): readonly (readonly [from: number, to: number])[] {
  const count = Math.min(parts, rows);
  return Array.from({ length: count }, (_, i) => [
    Math.floor((i * rows) / count),
    Math.floor(((i + 1) * rows) / count),
  ]);
}

const sliceRows = (tensors: Tensors, from: number, to: number): Tensors =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, t]) => [
      name,
      tf.slice(t, [from, ...t.shape.slice(1).fill(0)], [to - from, ...t.shape.slice(1)]),
    ]),
  );

const rowsOf = (batch: Batch, from: number, to: number): Batch =>
  Object.fromEntries(Object.entries(batch).map(([kind, tensors]) => [kind, sliceRows(tensors, from, to)])) as never;

/** Σ share × part, over the losses, metrics and gradients of a step; L2 terms are the same in every part. */
function weighted(sum: StepResult | undefined, part: StepResult, share: number): StepResult {
  const add = (a: tf.Tensor | undefined, b: tf.Tensor): tf.Tensor =>
    a ? tf.add(a, tf.mul(b, share)) : tf.mul(b, share);
  const scalar = (name: 'loss' | 'penalty' | 'cost'): tf.Scalar => add(sum?.[name], part[name]) as tf.Scalar;
  const gradients: Gradients = new Map(
    [...part.gradients].map(([path, g]) => [path, add(sum?.gradients.get(path), g)]),
  );
  return {
    loss: scalar('loss'),
    penalty: scalar('penalty'),
    cost: scalar('cost'),
    metrics: Object.fromEntries(Object.entries(part.metrics).map(([name, m]) => [name, add(sum?.metrics[name], m)])),
    gradients,
    l2: part.l2,
  };
}

/**
 * Gradient accumulation: each batch is cut into parts that go through the network one after the other, so that memory holds the
 * activations of one part, and there is one update from the mean over all rows. Equal to the uncut batch up to rounding, its masks
 * included; but batch normalization sees one part at a time. Plugins that change gradients see the sum. In `fit` only.
 *
 * `accumulate(4)` with `batchSize: 512` computes on 128 rows at a time.
 * @throws OptionError for a number of parts that is no integer ≥ 1
 */
export const accumulate: (options: AccumulateOptions | number) => TrainingPlugin = definePlugin<AccumulateOptions>({
  name: 'accumulate',
  shorthand: 'parts',
  options: { parts: option.number({ min: 1, integer: true }) },
  setup: ({ parts }) => ({
    step(inner, batch, _, at) {
      const rows = (Object.values(batch.x)[0] as tf.Tensor).shape[0] as number;
      const [first, total] = at.rows;
      let sum: StepResult | undefined;
      for (const [from, to] of cuts(rows, parts)) {
        const before = sum;
        sum = tidyStep(() => {
          const part = inner(rowsOf(batch, from, to), [first + from, total]);
          return weighted(before, part, (to - from) / rows);
        });
        if (before) tf.dispose(stepTensors(before));
      }
      return sum!;
    },
  }),
});
