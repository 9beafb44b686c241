import { weightsOf } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { earlyStopping } from '@keepprob/stopping';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import type { Trial } from '../../src/contract.ts';
import { random } from '../../src/samplers/random.ts';
import { kFold } from '../../src/splits/kFold.ts';
import { rescaled } from '../../src/splits/takeFold.ts';
import { search } from '../../src/study/search.ts';
import { rows, settings } from '../support/problem.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const build = (keep: number, seed: number): tf.LayersModel => {
  const kernelInitializer = tf.initializers.glorotUniform({ seed });
  const layers = [
    tf.layers.dense({ units: 6, activation: 'relu', inputShape: [4], kernelInitializer }),
    dropout({ keepProb: keep }),
    tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer }),
  ];
  return tf.sequential({ layers });
};
const of = () => ({ loss: 'categoricalCrossentropy', optimizer: tf.train.adam(0.1), batchSize: 16, epochs: 20 });

/** The seed of each call, that of the refit by its fold. */
const seeds = new Map<number, number>();
const trial: Trial<{ keep: number }> = ({ keep }, { seed, fold }) => {
  seeds.set(fold, seed);
  return { model: build(keep, seed), options: { ...of(), plugins: [l2(1e-3), [earlyStopping({ patience: 1 })]] } };
};
const options = {
  ...settings,
  trials: 2,
  sampler: random(),
  folds: kFold({ k: 2 }),
  confirm: { top: 1, seeds: 1 },
  scale: 'standardize',
} as const;

test('the model is what fit makes of the chosen values on all rows, for the mean of the epochs that counted, without what watches dev rows', async () => {
  const found = await search(trial, rows(), options);
  const { model, scaling, epochs, chosen, trials } = found;
  if (!model || !scaling) return expect.unreachable();
  const counted = (trials[chosen.trial]?.units ?? []).filter(({ fold }) => fold >= 2).map(unit => unit.epochs);
  expect(counted.length).toBe(2);
  expect(epochs).toBe(Math.round(counted.reduce((a, b) => a + b) / counted.length));
  const data = await rescaled(rows(), scaling);
  const seed = seeds.get(-1) ?? Number.NaN;
  const again = build(chosen.values.keep, seed);
  await fit(again, data, { ...of(), epochs, seed, plugins: [l2(1e-3)], progress: false });
  const numbers = (net: tf.LayersModel) => net.getWeights().map(w => [...w.dataSync()]);
  expect(numbers(model)).toEqual(numbers(again));
});

test('nothing is left in memory but the model', async () => {
  // what backends keep for good is made by the first
  await search(trial, rows(), { ...options, refit: false });
  const before = tf.memory().numTensors;
  const { model } = await search(trial, rows(), options);
  tf.dispose(weightsOf(model ?? expect.unreachable()).map(({ variable }) => variable));
  expect(tf.memory().numTensors).toBe(before);
});

test('an abort leaves no model', async () => {
  const abort = new AbortController();
  const stopping: Trial<{ keep: number }> = (values, context) => {
    if (context.fold === -1) abort.abort();
    return trial(values, context);
  };
  const found = await search(stopping, rows(), { ...options, signal: abort.signal });
  expect(found.model).toBe(null);
  expect(found.stopped).toBe('aborted');
  expect(found.chosen.isConfirmed).toBe(true);
});
