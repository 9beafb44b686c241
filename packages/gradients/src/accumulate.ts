import { definePlugin, option, type StepResult } from '@keepprob/core';
import { addSteps, cuts, meanOfParts, sliceBatch, stepTensors, tidyStep, weighPart } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';

/** Options of `accumulate`. */
export interface AccumulateOptions {
  /** Parts that each batch is cut into, ≥ 1. */
  readonly parts: number;
}

/**
 * Gradient accumulation: each batch is cut into parts that go through the network one after the other, so that memory holds the
 * activations of one part, and there is one update from the mean over all rows, or over all time steps that count where masks reach the
 * loss. The result is that of the whole batch up to rounding, dropout masks included, except that batch normalization sees one part at a time. Plugins that
 * change gradients see the sum. In `fit` only.
 * @example
 * await fit(model, { x, y }, { ...options, batchSize: 64, plugins: [accumulate(4)] }); // 16 rows at a time
 * @throws OptionError if the number of parts is not an integer ≥ 1; in training, DataError where masks of time steps reach one of several outputs
 */
export const accumulate = definePlugin<AccumulateOptions, 'parts'>({
  name: 'accumulate',
  shorthand: 'parts',
  options: { parts: option.number({ min: 1, integer: true }) },
  setup: ({ parts }) => ({
    step(inner, batch, _, at) {
      const rows = Object.values(batch.x)[0]?.shape[0] ?? 0;
      const [first, total] = at.rows;
      let sum: StepResult | undefined;
      for (const [from, to] of cuts(rows, parts)) {
        const before = sum;
        sum = tidyStep(() => {
          const part = inner(sliceBatch(batch, from, to), [first + from, total]);
          const weighed = weighPart('accumulate', part, (to - from) / rows);
          return before ? addSteps(before, weighed) : weighed;
        });
        if (before) tf.dispose(stepTensors(before));
      }
      return sum ? meanOfParts(sum) : inner(batch);
    },
  }),
});
