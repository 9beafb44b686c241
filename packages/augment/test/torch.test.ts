/** Label smoothing against PyTorch's cross-entropy with `label_smoothing`, at ranks 2 and 3. */
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { smoothLabels } from '../src/index.ts';

type Nested = number[] | Nested[];
interface Oracle {
  logits: Nested;
  labels: Nested;
  smoothing: number;
  loss: number;
  /** At rank 2. */
  grad?: number[][];
}
const file = new URL('./oracle/torch.json', import.meta.url);
const oracle = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Oracle>;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test.each(['labelSmoothing', 'labelSmoothingRank3'])('%s', name => {
  const { logits, labels, smoothing, loss, grad } = oracle[name]!;
  const z = tf.tensor(logits as never);
  const classes = z.shape.at(-1)!;
  const targets = smoothLabels(tf.oneHot(tf.tensor(labels as never, undefined, 'int32'), classes), smoothing);
  const crossEntropy = (x: tf.Tensor): tf.Scalar =>
    tf.mean(tf.neg(tf.sum(tf.mul(targets, tf.logSoftmax(x)), -1))) as tf.Scalar;
  expect(crossEntropy(z).dataSync()[0]).toBeCloseTo(loss, 5);
  if (!grad) return;
  const gradient = [...tf.grad(crossEntropy)(z).dataSync()];
  grad.flat().forEach((v, i) => {
    expect(gradient[i]).toBeCloseTo(v, 6);
  });
});
