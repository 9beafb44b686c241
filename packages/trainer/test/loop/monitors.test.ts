/** A run has the logs that its plugins and its checkpoints go by, or it does not begin. */
import { chain, masked, OptionError } from '@keepprob/core';
import {
  earlyStopping,
  reduceOnPlateau,
  stopOnGeneralizationLoss,
  stopOnIncreases,
  stopOnProgressQuotient,
} from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FitOptions, fit, memoryStore } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const data = { x: [[1], [2]], y: [[1], [2]] };
async function attempt(options: Partial<FitOptions>) {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  const numbers = () => model.getWeights().flatMap(w => [...w.dataSync()]);
  const events: string[] = [];
  const optimizer = tf.train.sgd(0.1);
  const [before, tensors] = [numbers(), tf.memory().numTensors];
  const given = {
    optimizer,
    loss: 'meanSquaredError',
    progress: ({ type }: { type: string }) => void events.push(type),
  };
  const error = await fit(model, data, { ...given, ...options }).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  const isUntouched = events.length === 0 && tf.memory().numTensors === tensors;
  return { error, isUntouched, isTrained: numbers().some((w, i) => w !== before[i]) };
}

describe('without dev data', () => {
  test.each([
    ['earlyStopping', earlyStopping()],
    ['reduceOnPlateau', reduceOnPlateau()],
    ['stopOnGeneralizationLoss', stopOnGeneralizationLoss(5)],
    ['stopOnIncreases', stopOnIncreases(2)],
    ['stopOnProgressQuotient', stopOnProgressQuotient(1)],
    ['in a chain', chain(earlyStopping())],
    ['masked', masked(earlyStopping(), () => true)],
  ])('%s is refused before the first update', async (_, plugin) => {
    const { error, isUntouched, isTrained } = await attempt({ plugins: [plugin] });
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toMatch(
      /one of the logs of this run \(loss, penalty, cost, cleanLoss\).*"valLoss".*`validation`/,
    );
    expect([isUntouched, isTrained]).toEqual([true, false]);
    expect((await attempt({ plugins: [plugin], validation: data })).error).toBeUndefined();
  });
  test.each(['valLoss', 'val_loss'])('so is a checkpoint’s best that was named: %s', async best => {
    const store = memoryStore();
    const { error, isUntouched } = await attempt({ checkpoint: { store, best } });
    expect((error as Error).message).toMatch(/^fit: checkpoint: .*`best`.*`validation`/);
    expect([isUntouched, await store.list()]).toEqual([true, []]);
    expect((await attempt({ checkpoint: { store, best }, validation: data })).error).toBeUndefined();
    expect((await attempt({ checkpoint: { store: memoryStore() } })).error).toBeUndefined();
  });
});

test.each<[string, Partial<FitOptions>, string | undefined]>([
  ['val_loss', { validation: data }, undefined],
  ['valLos', { validation: data }, 'valLoss'],
  ['cleanLoss', {}, undefined],
  ['cleanLoss', { trainEvaluation: false }, 'no log'],
  ['accuracy', {}, 'no log'],
  ['valMse', { validation: data, metrics: ['mse'] }, undefined],
  ['val_mse', { validation: data, metrics: ['mse'] }, undefined],
  ['valMse', { overfitBatches: 1, metrics: ['mse'] }, undefined],
  ['valLoss', { validationSplit: 0.5 }, undefined],
])('monitor %s, with %o', async (monitor, options, meant) => {
  const { error } = await attempt({ ...options, plugins: [earlyStopping({ monitor, mode: 'min' })] });
  if (meant === undefined) expect(error).toBeUndefined();
  else expect((error as Error).message).toContain(meant === 'no log' ? 'one of the logs' : `Did you mean "${meant}"?`);
});
