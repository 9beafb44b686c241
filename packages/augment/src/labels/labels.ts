import { type Batch, DataError, option } from '@keepprob/core';

/** 'classes': probabilities along the last axis. 'values': numbers that may be mixed as they are, such as 0 and 1, or targets of a regression. */
export type LabelKind = 'classes' | 'values';

export const labelsOption = option.oneOf<LabelKind>(['classes', 'values'], { fallback: 'classes' });

/** One-hot or float labels, or an error that says what to do. Shape [batch, …, classes], classes ≥ 2; of other kinds any. */
export function checkLabels(owner: string, y: Batch['y'], kind: LabelKind | 'binary'): void {
  if (kind !== 'classes') return;
  const other = owner === 'labelSmoothing' ? 'binary' : 'values';
  for (const [name, t] of Object.entries(y)) {
    if (t.rank >= 2 && (t.shape.at(-1) ?? 0) >= 2) continue;
    throw DataError.of(
      `${owner}, labels of "${name}"`,
      `one-hot or float labels of shape [batch, …, classes] (for class numbers: tf.oneHot(labels, classes), with a categorical loss; for single numbers: labels: '${other}')`,
      `${t.dtype} of shape [${t.shape}]`,
    );
  }
}
