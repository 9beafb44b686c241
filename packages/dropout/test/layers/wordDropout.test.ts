import { keepBits } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { wordDropout } from '../../src/index.ts';
import { train } from '../support/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Words 5 … 8 with padding in between. */
const texts = (): tf.Tensor =>
  tf.tensor2d(
    [...Array(48).keys()].map(i => (i % 6 === 5 ? 0 : 5 + (i % 4))),
    [8, 6],
    'int32',
  );

const bits = (): number[] => [...keepBits([8, 6], 0.5, { seed: 1, step: 0, site: 0, draw: 0 }, [0, 8])];

test.each(['int32', 'float32'] as const)('a word is kept or becomes unknownId; padding stays; %s', dtype => {
  const ids = tf.cast(texts(), dtype);
  const y = train(wordDropout({ keepProb: 0.5, seed: 1, unknownId: 2 }), ids);
  const [drawn, words] = [bits(), [...ids.dataSync()]];
  expect([...y.dataSync()]).toEqual(words.map((id, i) => (id === 0 || drawn[i] ? id : 2)));
  expect(y.dtype).toBe(dtype);
});

test('maskId null drops padding too', () => {
  const y = train(wordDropout({ keepProb: 0.5, seed: 1, maskId: null }), tf.zeros([8, 6], 'int32'));
  expect([...y.dataSync()]).toEqual(bits().map(bit => 1 - bit));
});

test('before an embedding: the dropped word has the vector of the unknown one, which is trained', async () => {
  const model = tf.sequential({
    layers: [
      wordDropout({ keepProb: 0.5, seed: 1, unknownId: 1, inputShape: [6], inputDType: 'int32' }),
      tf.layers.embedding({ inputDim: 9, outputDim: 2, maskZero: true }),
      tf.layers.lstm({ units: 2 }),
      tf.layers.dense({ units: 1 }),
    ],
  });
  const [before] = model.layers[1]!.getWeights().map(w => w.arraySync() as number[][]);
  model.compile({ optimizer: tf.train.sgd(1), loss: 'meanSquaredError' });
  await model.trainOnBatch(texts(), tf.ones([8, 1]));
  const [after] = model.layers[1]!.getWeights().map(w => w.arraySync() as number[][]);
  expect(after![1]).not.toEqual(before![1]);
  expect(after![3]).toEqual(before![3]); // no text holds word 3
});

test('another rank is refused when the layer is built', () => {
  expect(() => wordDropout({ rate: 0.5 }).apply(tf.input({ shape: [4, 4] }))).toThrow(/rank 2/);
});
