import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { type FitOptions, fit } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Longer than a frame of 16 ms. */
function busy(): void {
  const end = performance.now() + 20;
  while (performance.now() < end);
}

/** Six updates, each followed by work that takes more than a frame. */
async function train(options: Partial<FitOptions>) {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  const data = { x: tf.ones([6, 1]), y: tf.ones([6, 1]) };
  const optimizer = tf.train.sgd(0.1);
  try {
    return await fit(model, data, {
      ...{ loss: 'meanSquaredError', optimizer, batchSize: 1, epochs: 1, progress: busy, trainEvaluation: false },
      ...options,
    });
  } finally {
    model.dispose();
    optimizer.dispose();
    tf.dispose(data);
  }
}

test('onYield comes after each step longer than a frame, when others had their turn, and is waited for', async () => {
  const order: string[] = [];
  await train({
    progress: ({ type, step }) => {
      if (type !== 'step') return;
      busy();
      setImmediate(() => order.push(`others ${step}`));
    },
    async onYield({ type, step, logs }) {
      expect([type, Number.isFinite(logs.cost)]).toEqual(['step', true]);
      await new Promise(resolve => setTimeout(resolve, 1));
      order.push(`yield ${step}`);
    },
  });
  expect(order).toEqual([1, 2, 3, 4, 5, 6].flatMap(step => [`others ${step}`, `yield ${step}`]));
});

test('an error in it ends training; nothing leaks', async () => {
  const before = tf.memory().numTensors;
  const failing = train({
    onYield({ step }) {
      if (step === 2) throw new Error('the page is gone');
    },
  });
  await expect(failing).rejects.toThrow('the page is gone');
  expect(tf.memory().numTensors).toBe(before);
});

test('whatever is no function is refused', async () => {
  await expect(train({ onYield: 16 as never })).rejects.toThrow(/onYield.*a function/);
});
