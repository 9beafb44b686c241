import { type Batch, DataError } from '@keepprob/core';

/** One-hot or float labels, or an error that says what to do. Shape [batch, …, classes], classes ≥ 2. */
export function checkLabels(owner: string, y: Batch['y']): void {
  for (const [name, t] of Object.entries(y)) {
    if (t.rank >= 2 && (t.shape.at(-1) ?? 0) >= 2) continue;
    throw DataError.of(
      `${owner}, labels of "${name}"`,
      'one-hot or float labels of shape [batch, …, classes] (for class numbers: tf.oneHot(labels, classes), with a categorical loss)',
      `${t.dtype} of shape [${t.shape}]`,
    );
  }
}
