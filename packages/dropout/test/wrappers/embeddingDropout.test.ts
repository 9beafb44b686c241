import { OptionError, weightsOf } from '@keepprob/core';
import { keepScale, mask } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { embeddingDropout, register, setKeepProb } from '../../src/index.ts';
import { train } from '../support/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
});

const WORDS = 9;
const numbers = (t: tf.Tensor): number[] => [...t.dataSync()];
const words = () =>
  tf.layers.embedding({
    inputDim: WORDS,
    outputDim: 2,
    maskZero: false,
    inputLength: [2, 3],
    inputShape: [2, 3],
    embeddingsInitializer: tf.initializers.randomUniform({ minval: 1, maxval: 2, seed: 1 }),
  });
/** Eight texts of two lines of three words. */
const texts = (): tf.Tensor =>
  tf.tensor3d(
    Array.from({ length: 48 }, (_, i) => i % WORDS),
    [8, 2, 3],
    'int32',
  );

test('a word is dropped wherever it stands in the batch, with all of its vector, or divided by keepProb', () => {
  const layer = embeddingDropout(words(), { keepProb: 0.7, seed: 2 });
  const ids = texts();
  const y = train(layer, ids);
  const kept = numbers(mask([WORDS, 1], 0.7, { seed: 2, step: 0, site: 0, draw: 0 }));
  expect(new Set(kept)).toEqual(new Set([0, keepScale(0.7)]));
  const plain = numbers(layer.apply(ids) as tf.Tensor);
  const expected = plain.map((value, i) => Math.fround(value * kept[numbers(ids)[i >> 1]!]!));
  expect(numbers(y)).toEqual(expected);
});

test('the gradient of a dropped word is 0, that of a kept one is counted and scaled', () => {
  const layer = embeddingDropout(words(), { keepProb: 0.5, seed: 1 });
  const x = tf.input({ shape: [2, 3], dtype: 'int32' });
  const model = tf.model({ inputs: x, outputs: layer.apply(x) as tf.SymbolicTensor });
  const [embeddings] = weightsOf(model);
  expect([embeddings!.role, embeddings!.fanInAxes]).toEqual(['embedding', [1]]);
  const { grads } = tf.variableGrads(() => tf.sum(train(layer, texts())), [embeddings!.variable]);
  const kept = numbers(mask([WORDS, 1], 0.5, { seed: 1, step: 0, site: 0, draw: 0 }));
  const counts = kept.map((_, word) => numbers(texts()).filter(id => id === word).length);
  expect(numbers(grads[embeddings!.variable.name]!)).toEqual(kept.flatMap((m, w) => [m * counts[w]!, m * counts[w]!]));
});

test('setKeepProb turns it off; padding stays masked', () => {
  const layer = embeddingDropout(tf.layers.embedding({ inputDim: 9, outputDim: 2, maskZero: true, inputLength: 6 }), {
    keepProb: 0.5,
  });
  const model = tf.sequential({ layers: [layer, tf.layers.lstm({ units: 2 })] });
  const ids = tf.tensor2d([[1, 2, 3, 0, 0, 0]], [1, 6], 'int32');
  const short = tf.tensor2d([[1, 2, 3]], [1, 3], 'int32');
  const say = (training: boolean) => numbers(model.apply(ids, { training }) as tf.Tensor);
  const restore = setKeepProb(model, 1);
  expect(say(true)).toEqual(say(false));
  restore();
  expect(say(true)).not.toEqual(say(false));
  const unpadded = embeddingDropout(tf.layers.embedding({ inputDim: 9, outputDim: 2, maskZero: true }), {
    keepProb: 0.5,
  });
  const other = tf.sequential({ layers: [unpadded, tf.layers.lstm({ units: 2 })] });
  other.build();
  other.setWeights(model.getWeights());
  for (const [i, value] of numbers(other.predict(short) as tf.Tensor).entries())
    expect(say(false)[i]).toBeCloseTo(value, 6);
});

test('only embeddings', () => {
  expect(() => embeddingDropout(tf.layers.dense({ units: 2 }), { keepProb: 0.5 }).apply(tf.ones([1, 2]))).toThrow(
    OptionError,
  );
});
