import { FIRST_SAMPLE, layerPluginsOf, sampling } from '@keepprob/core/layers';
import { keepBits } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { answer } from '../src/stage/dense.ts';
import { withDropout } from '../src/stage/worker/dropout.ts';
import { denseNetwork, weightsOf } from '../src/stage/worker/network.ts';

beforeAll(() => tf.setBackend('cpu'));

const keepProbs = { input: 0.75, hidden1: 0.5, hidden2: 0.25 };
const sizes = { input: 6, hidden1: 8, hidden2: 5 };

test.each([
  ['sigmoid', 1],
  ['softmax', 3],
] as const)('the page answers as TensorFlow.js does, whole and thinned by the same masks: %s', (last, outputs) => {
  const model = withDropout(denseNetwork([6, 8, 5, outputs], last, 3), keepProbs);
  const weights = weightsOf(model);
  expect(weights.map(({ kernel, bias }) => [kernel.length, bias.length])).toEqual([
    [48, 8],
    [40, 5],
    [5 * outputs, outputs],
  ]);
  const layers = layerPluginsOf(model);
  const x = tf.randomNormal([1, 6], 0, 1, 'float32', 4);
  const values = x.dataSync();
  const close = (found: Float64Array, expected: tf.Tensor): void => {
    for (const [i, value] of expected.dataSync().entries()) expect(found[i]).toBeCloseTo(value, 4);
  };
  close(answer(weights, values), model.predict(x) as tf.Tensor);
  for (let index = 0; index < 5; index++) {
    const sample = sampling({ seed: 9, index, rows: [0, 1], layers }, () => model.predict(x) as tf.Tensor).value;
    const thinnings = Object.entries(keepProbs).map(([name, keepProb]) => {
      const site = layers.findIndex(layer => layer.name === `${name}_dropout`);
      const key = { seed: 9, step: FIRST_SAMPLE + index, site, draw: 0 };
      return { kept: keepBits([1, sizes[name as keyof typeof sizes]], keepProb, key, [0, 1]), keepProb };
    });
    close(answer(weights, values, thinnings), sample);
  }
  model.dispose();
});
