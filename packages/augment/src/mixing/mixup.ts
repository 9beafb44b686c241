import { DataError, definePlugin, option } from '@keepprob/core';
import { uniforms } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { rowsOf } from '../images.ts';
import { checkLabels, type LabelKind, labelsOption } from '../labels/labels.ts';
import { betas } from './betas.ts';
import { mixLabels } from './labels.ts';
import { partners } from './partners.ts';
import { countedRows, mixRows } from './weights.ts';

export { mixRows } from './weights.ts';

/** Options of `mixup`. */
export interface MixupOptions {
  /** α > 0 of λ ~ Beta(α, α); 0.1 to 0.4 in the paper. */
  readonly alpha: number;
  /** Fraction of the samples that are mixed; 1 by default. */
  readonly probability?: number;
  /**
   * 'classes' (the default): one-hot or float labels [batch, …, classes]. 'values': any other numbers that can be mixed: 0 and 1 of a binary classification, or the targets of a regression. Class numbers cannot be mixed.
   */
  readonly labels?: LabelKind;
}

/**
 * Mixup: every input, label and sample weight becomes λ own + (1 − λ) partner's, λ ~ Beta(α, α) per sample (Zhang et al. 2018, eq. 2). With sample
 * weights
 * w the share of a label is λ w / (λ w + (1 − λ) wₚ), and a row of weight 0 is never a partner, so it has no effect. Partners come from the same block
 * of eight rows of the global batch, so shards made of whole blocks mix exactly as the whole batch does. Metrics see the original labels.
 *
 * Inputs must be float32, and labels one-hot, float, or of the kind that `labels` says. Anything else is a `DataError`.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [mixup(0.2)] });
 * mixup({ alpha: 0.2, labels: 'values' }); // 0 and 1, or targets of a regression
 * @throws OptionError for an alpha ≤ 0 or a probability outside [0, 1]; DataError for inputs that are not float32, and for labels that are class numbers
 */
export const mixup = definePlugin<MixupOptions, 'alpha'>({
  name: 'mixup',
  shorthand: 'alpha',
  streams: ['partner', 'probability'],
  options: {
    alpha: option.number({ above: 0 }),
    probability: option.number({ min: 0, max: 1, fallback: 1 }),
    labels: labelsOption,
  },
  setup: ({ alpha, probability, labels }) => ({
    batch(batch, at) {
      checkLabels('mixup', batch.y, labels);
      for (const [name, t] of Object.entries(batch.x)) {
        if (t.dtype !== 'float32') throw DataError.of(`mixup, input "${name}"`, 'float32 values', t.dtype);
      }
      const rows = rowsOf(batch);
      const [first] = at.rows;
      const chosen = uniforms(at.key('probability'), rows, first);
      const lambda = betas(alpha, at.key(), rows, first).map((l, i) => ((chosen[i] ?? 1) < probability ? l : 1));
      const own = tf.tensor1d(Float32Array.from(lambda));
      const counted = countedRows(batch, rows);
      const partner = tf.tensor1d(partners(at.key('partner'), rows, first, counted), 'int32');
      const x = Object.entries(batch.x).map(([name, t]) => [name, mixRows(t, own, partner)]);
      return { ...mixLabels(batch, own, partner), x: Object.fromEntries(x) };
    },
  }),
});
