/** Every plugin of the repository passes the kit that outside authors use. */
import { chain, masked } from '@keepprob/core';
import { linear } from '@keepprob/core/schedules';
import { dropout, register } from '@keepprob/dropout';
import { l2, maxNorm, weightDecay } from '@keepprob/l2';
import { earlyStopping } from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, it } from 'vitest';
import { conformance } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
const runner = { describe, it };

conformance(runner, {
  kind: 'layer',
  name: 'dropout',
  create: dropout,
  register,
  inputShape: [6],
  options: { keepProb: 0.5, seed: 1 },
  variants: [
    { keepProb: 0.8, seed: 1 },
    { rate: 0.3, seed: 1 },
    { keepProb: 0.5, seed: 2 },
    { keepProb: 0.5, seed: 1, noiseShape: [null, 1] },
    { keepProb: linear({ from: 1, to: 0.5, steps: 2 }), seed: 1 },
  ],
  bad: [
    { options: { keepProb: 0 }, option: 'keepProb' },
    { options: { keepProb: 0.5, rate: 0.5 }, option: 'rate' },
    { options: { rate: 1 }, option: 'rate' },
    { options: {}, option: 'keepProb' },
    { options: { keepProb: 0.5, seed: 0.5 }, option: 'seed' },
    { options: { keepProb: 0.5, noiseShape: [0] }, option: 'noiseShape' },
    { options: 0.5 },
  ],
});

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

conformance(runner, {
  kind: 'training',
  name: 'l2',
  create: l2,
  weights: true,
  options: { strength: 0.1 },
  variants: [
    { strength: 0.2 },
    { strength: 0.1, where: () => true },
    { strength: linear({ from: 0, to: 1, steps: 3 }) },
    { strength: () => 0.3 },
  ],
  bad: [
    { options: { strength: -1 }, option: 'strength' },
    { options: { strength: Number.NaN }, option: 'strength' },
    { options: {}, option: 'strength' },
    { options: { strength: 1, where: 'kernel' }, option: 'where' },
  ],
});

conformance(runner, {
  kind: 'training',
  name: 'weightDecay',
  create: weightDecay,
  weights: true,
  options: { strength: 0.1 },
  variants: [{ strength: 0.5 }, { strength: 0.1, where: () => true }],
  bad: [
    { options: { strength: -1 }, option: 'strength' },
    { options: { strength: 1, where: 1 }, option: 'where' },
  ],
});

conformance(runner, {
  kind: 'training',
  name: 'maxNorm',
  create: maxNorm,
  weights: true,
  options: { maxNorm: 0.5 },
  variants: [{ maxNorm: 0.25 }, { maxNorm: 0.5, where: w => w.path.startsWith('0') }],
  bad: [
    { options: { maxNorm: 0 }, option: 'maxNorm' },
    { options: { maxNorm: 1, where: 1 }, option: 'where' },
  ],
});

conformance(runner, {
  kind: 'training',
  name: 'earlyStopping',
  create: earlyStopping,
  neutral: true,
  options: { monitor: 'valLoss', patience: 2 },
  variants: [
    { monitor: 'loss', patience: 2 },
    { patience: 3 },
    { patience: 2, minDelta: 0.1 },
    { patience: 2, baseline: 3 },
    { patience: 2, mode: 'max' },
    { patience: 2, restoreBest: false },
  ],
  bad: [
    { options: { patience: -1 }, option: 'patience' },
    { options: { minDelta: -1 }, option: 'minDelta' },
    { options: { mode: 'up' }, option: 'mode' },
    { options: { monitor: '' }, option: 'monitor' },
    { options: { baseline: 'low' }, option: 'baseline' },
    { options: { restoreBest: 1 }, option: 'restoreBest' },
  ],
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
