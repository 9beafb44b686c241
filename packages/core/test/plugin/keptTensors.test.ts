import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { KeptTensors } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('values outlive the tidy and later changes of the variable; what is replaced, or disposed, is gone', () => {
  const variable = tf.variable(tf.tensor1d([1, 2]));
  const before = tf.memory().numTensors;
  const kept = new KeptTensors();
  tf.tidy(() => {
    kept.set('a', tf.zeros([2]));
    kept.set('a', variable);
    kept.set('b', tf.ones([1]));
  });
  tf.tidy(() => variable.assign(tf.tensor1d([3, 4])));
  expect([...kept.get('a')!.dataSync()]).toEqual([1, 2]);
  expect(tf.memory().numTensors).toBe(before + 2);

  const copies = kept.copies();
  kept.dispose();
  const other = new KeptTensors();
  tf.tidy(() => other.set('c', tf.zeros([1])));
  other.replace(copies);
  tf.dispose(copies);
  expect([...other.all].map(([path, t]) => [path, ...t.dataSync()])).toEqual([
    ['a', 1, 2],
    ['b', 1],
  ]);
  other.dispose();
  expect(tf.memory().numTensors).toBe(before);
  variable.dispose();
});
