/** Compositions pass the kit as what they are made of does; each family puts its own catalogue to the test. */
import { chain, masked, option } from '@keepprob/core';
import { defineMergeLayer, register } from '@keepprob/core/layers';
import { logisticNoise } from '@keepprob/core/random';
import { dropout, register as registerDropout } from '@keepprob/dropout';
import { l2, maxNorm } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import { conformance } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
const runner = { describe, it };

conformance(runner, {
  kind: 'layer',
  name: 'dropout of whole features of a sequence',
  create: dropout,
  register: registerDropout,
  inputShape: [4, 3],
  options: { keepProb: 0.5, seed: 1, noiseShape: [null, 1, null] },
  variants: [{ keepProb: 0.5, seed: 1, noiseShape: [null, null, 1] }],
  bad: [],
});

const shake = defineMergeLayer<{ spread?: number; seed?: number | null }>({
  name: 'shake',
  className: 'TestShake',
  inputs: 2,
  options: { spread: option.number({ min: 0, max: 1, fallback: 1 }), seed: option.seed() },
  noise: { spread: { strength: 'stddev', effect: 'multiplies', target: 'activations', unlike: 'it mixes branches' } },
  forward([a, b], { spread }, at) {
    const perRow = a!.shape.map((size, axis) => (axis === 0 ? size : 1));
    const uniform = tf.sigmoid(logisticNoise(perRow, at.key(), { first: at.rows[0] }));
    const share = tf.add(0.5, tf.mul(spread, tf.sub(uniform, 0.5)));
    return tf.add(tf.mul(a!, share), tf.mul(b!, tf.sub(1, share)));
  },
  inference: ([a, b]) => tf.div(tf.add(a!, b!), 2),
});
conformance(runner, {
  kind: 'layer',
  name: 'a layer of two inputs',
  create: shake,
  register: () => register(shake),
  inputShape: [3],
  inputs: 2,
  identity: false,
  options: { seed: 1 },
  variants: [{ seed: 2 }, { seed: 1, spread: 0.5 }],
  bad: [{ options: { spread: 2 }, option: 'spread' }],
});

// Compositions are plugins again
const both = (options: { l2: number; maxNorm: number }) => {
  const { l2: strength, maxNorm: norm, ...rest } = options;
  return chain(l2({ strength, ...rest }), maxNorm({ maxNorm: norm }));
};
conformance(runner, {
  kind: 'training',
  name: 'chain(l2, maxNorm)',
  create: both,
  weights: true,
  options: { l2: 0.1, maxNorm: 0.5 },
  variants: [
    { l2: 0.2, maxNorm: 0.5 },
    { l2: 0.1, maxNorm: 0.4 },
  ],
  bad: [{ options: { l2: 0.1, maxNorm: 0 }, option: 'maxNorm' }],
});
conformance(runner, {
  kind: 'training',
  name: 'masked(l2)',
  create: (options: { strength: number }) => masked(l2(options), w => w.path.startsWith('0')),
  weights: true,
  options: { strength: 0.1 },
  variants: [{ strength: 0.2 }],
  bad: [{ options: { strength: -1 }, option: 'strength' }],
});
