/** Where the lecture's "only when you overfit" can be seen: with 1,000 small digits dropout hurts. */
import { digits } from '@keepprob/datasets';
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { diagnose } from '../src/index.ts';

const { dense } = tf.layers;
const relu = { units: 128, activation: 'relu', kernelInitializer: 'heNormal' } as const;

test('1,000 digits, 64-128-128-10, 600 updates: dropout hurts', async () => {
  await tf.setBackend('wasm');
  await install();
  const { train, test: validation } = await digits({ train: 1000, seed: 1 });
  const model = tf.sequential({
    layers: [
      dense({ ...relu, inputShape: [64], name: 'hidden1' }),
      dense({ ...relu, name: 'hidden2' }),
      dense({ units: 10, activation: 'softmax', kernelInitializer: 'heNormal' }),
    ],
  });
  const found = await diagnose(
    { model, train, validation, loss: 'categoricalCrossentropy' },
    {
      ...{ measure: true, seeds: 4, batchSize: 100, progress: false },
      ...{ keepProbs: { hidden1: 0.5, hidden2: 0.5 }, input: 0.8 },
    },
  );
  const { verdict, loss, errorRate } = found.dropout!;
  expect(verdict, found.text).toBe('hurts');
  expect(loss.difference.interval[0]).toBeGreaterThan(0);
  // 2.4 ± .2 % and 4.1 ± .3 % over other splits of the digits; seeds and 797 validation rows leave about a point open
  expect(100 * errorRate!.plain.value).toBeGreaterThan(1.4);
  expect(100 * errorRate!.plain.value).toBeLessThan(4.4);
  expect(errorRate!.dropout.value).toBeGreaterThan(errorRate!.plain.value);
}, 600_000);
