import { type Batch, DataError, definePlugin, option } from '@keepprob/core';
import { uniforms } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { rowsOf } from '../images.ts';
import { checkLabels } from '../labels/labels.ts';
import { betas } from './betas.ts';
import { partners } from './partners.ts';

export interface MixupOptions {
  /** α > 0 of λ ~ Beta(α, α); 0.1 to 0.4 in the paper. */
  readonly alpha: number;
  /** Share of the samples that are mixed; 1 by default. */
  readonly probability?: number;
}

/** λ t + (1 − λ) t[partner]: one λ and one partner per row of t. λ = 1 is the identity. */
export const mixRows = (t: tf.Tensor, lambda: tf.Tensor1D, partner: tf.Tensor1D): tf.Tensor =>
  tf.tidy(() => {
    const own = tf.reshape(lambda, [-1, ...t.shape.slice(1).fill(1)]);
    return tf.add(tf.mul(own, t), tf.mul(tf.sub(1, own), tf.gather(tf.cast(t, 'float32'), partner)));
  });

/**
 * Mixup: every input, label and sample weight becomes λ own + (1 − λ) partner's, λ ~ Beta(α, α) per sample (Zhang et al. 2018, eq. 2).
 * Partners come from the same eight rows of the global batch, so that shards of whole eights mix as the whole. Metrics see the labels as they
 * were.
 *
 * `mixup(0.2)`, `mixup({ alpha, probability })`.
 * Inputs are float32, labels one-hot or float; others are a `DataError`.
 */
export const mixup = definePlugin<MixupOptions, 'alpha'>({
  name: 'mixup',
  shorthand: 'alpha',
  streams: ['partner', 'probability'],
  options: { alpha: option.number({ above: 0 }), probability: option.number({ min: 0, max: 1, fallback: 1 }) },
  setup: ({ alpha, probability }) => ({
    batch(batch, at) {
      checkLabels('mixup', batch.y);
      for (const [name, t] of Object.entries(batch.x)) {
        if (t.dtype !== 'float32') throw DataError.of(`mixup, input "${name}"`, 'float32 values', t.dtype);
      }
      const rows = rowsOf(batch);
      const [first] = at.rows;
      const chosen = uniforms(at.key('probability'), rows, first);
      const lambda = betas(alpha, at.key(), rows, first).map((l, i) => ((chosen[i] ?? 1) < probability ? l : 1));
      const own = tf.tensor1d(Float32Array.from(lambda));
      const partner = tf.tensor1d(partners(at.key('partner'), rows, first), 'int32');
      const mix = (ts: Batch['x']): Batch['x'] =>
        Object.fromEntries(Object.entries(ts).map(([name, t]) => [name, mixRows(t, own, partner)]));
      return {
        x: mix(batch.x),
        y: mix(batch.y),
        ...(batch.sampleWeight && { sampleWeight: mix(batch.sampleWeight) }),
        metricY: batch.metricY ?? batch.y,
      };
    },
  }),
});
