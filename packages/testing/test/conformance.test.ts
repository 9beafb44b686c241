/** Compositions pass the kit as what they are made of does; each family puts its own catalogue to the test. */
import { chain, masked } from '@keepprob/core';
import { dropout, register } from '@keepprob/dropout';
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
  register,
  inputShape: [4, 3],
  options: { keepProb: 0.5, seed: 1, noiseShape: [null, 1, null] },
  variants: [{ keepProb: 0.5, seed: 1, noiseShape: [null, null, 1] }],
  bad: [],
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
