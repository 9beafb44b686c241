import { writeFileSync } from 'node:fs';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { digits } from '@keepprob/datasets';
import { install } from '@keepprob/kernels/wasm';
import { beforeAll, test } from 'vitest';
import { diagnose } from '../src/diagnose.ts';

beforeAll(async () => {
  await tf.setBackend('wasm');
  await install();
});
test('digits', async () => {
  const d = await digits({ train: 1000, seed: 1 });
  const dense = (units: number, more: object) => tf.layers.dense({ units, kernelInitializer: 'heNormal', ...more });
  const model = tf.sequential({
    layers: [
      dense(128, { activation: 'relu', inputShape: [64], name: 'h1' }),
      dense(128, { activation: 'relu', name: 'h2' }),
      dense(10, { activation: 'softmax', name: 'o' }),
    ],
  });
  const before = tf.memory().numTensors;
  const t0 = performance.now();
  const found = await diagnose(
    { model, train: d.train, dev: d.test, loss: 'categoricalCrossentropy' },
    { measure: true, batchSize: 100, seeds: 10, keepProbs: { h1: 0.5, h2: 0.5 }, input: 0.8 },
  );
  console.log(found.text, tf.memory().numTensors - before, performance.now() - t0);
  writeFileSync('/tmp/lab/dia1.svg', await found.picture());
  const optimizer = tf.train.adam(1e-3);
  const run = await fit(model, d.train, {
    loss: 'categoricalCrossentropy',
    optimizer,
    epochs: 20,
    batchSize: 100,
    validation: d.test,
    metrics: ['accuracy'],
    progress: false,
  });
  const r1 = await diagnose(run);
  console.log(r1.text);
  const r2 = await diagnose({ model, train: d.train, dev: d.test, loss: 'categoricalCrossentropy', run });
  console.log(r2.text);
  writeFileSync('/tmp/lab/dia2.svg', await r2.picture());
});
