/** The same numbers on wasm as on cpu: whole-number labels, masks, passes over layers that no mask changes. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, test } from 'vitest';
import { effectiveL2, weightSpread } from '../src/index.ts';

const numbers = (count: number, scale: number): number[] =>
  Array.from({ length: count }, (_, i) => scale * Math.sin(3 * i + 1));

async function measured(backend: string): Promise<number[]> {
  await tf.setBackend(backend);
  const dense = (inputs: number, units: number, activation: 'relu' | 'softmax', name: string) =>
    tf.layers.dense({
      units,
      activation,
      useBias: false,
      name,
      inputShape: [inputs],
      weights: [tf.tensor2d(numbers(inputs * units, 0.4), [inputs, units])],
    });
  const model = tf.sequential({
    layers: [dense(5, 12, 'relu', 'h1'), dense(12, 8, 'relu', 'h2'), dense(8, 3, 'softmax', 'out')],
  });
  const data = {
    x: tf.tensor2d(numbers(200, 1), [40, 5]),
    y: tf.tensor1d(
      Array.from({ length: 40 }, (_, i) => i % 3),
      'int32',
    ),
  };
  const found = await effectiveL2(model, data, { keepProbs: { h1: 0.5, h2: 0.7 }, samples: 8 });
  const { matrices } = await weightSpread(model, data);
  return [
    found.loss.value,
    found.penalty.value,
    found.sampled.value,
    ...found.sites.flatMap(s => [s.penalty.value, s.sampled.value, s.sampled.error, ...s.weights!.values]),
    ...matrices.flatMap(m => [m.squaredNorm, m.activations!.zeros, m.activations!.sparsity, m.activationWeightedNorm!]),
  ];
}

test('wasm and cpu', async () => {
  const cpu = await measured('cpu');
  expect(await measured('wasm')).toEqual(cpu.map(v => expect.closeTo(v, 5)));
});
