/** Models that take batches of one size, and layers that keep a state from batch to batch. */
import { DataError, OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { evaluateRows, type FitOptions, fit } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const BATCH = 4;
const seed = 1;
const kernelInitializer = () => tf.initializers.glorotUniform({ seed });
const recurrent = (stateful: boolean) =>
  tf.sequential({
    layers: [
      tf.layers.simpleRNN({
        units: 3,
        batchInputShape: [BATCH, 5, 2],
        stateful,
        kernelInitializer: kernelInitializer(),
        recurrentInitializer: kernelInitializer(),
      }),
      tf.layers.dense({ units: 1, kernelInitializer: kernelInitializer() }),
    ],
  });
const part = (rows: number) => ({
  x: tf.randomNormal([rows, 5, 2], 0, 1, 'float32', 2),
  y: tf.randomNormal([rows, 1], 0, 1, 'float32', 3),
});
const options = (more: Partial<FitOptions> = {}): FitOptions => ({
  loss: 'meanSquaredError',
  optimizer: tf.train.sgd(0),
  batchSize: BATCH,
  shuffle: false,
  progress: false,
  ...more,
});

test.each([true, false])('they are trained and evaluated in batches of their size (stateful: %s)', async stateful => {
  const data = part(16);
  const { history } = await fit(recurrent(stateful), data, options({ epochs: 2, validation: data }));
  // the rate is 0: every pass sees the same weights, in the same order, from a state of zeros
  const [first] = history.loss ?? [];
  expect(history.loss?.[1]).toBeCloseTo(first ?? Number.NaN, 6);
  expect(history.cleanLoss?.[1]).toBeCloseTo(first ?? Number.NaN, 6);
  expect(history.valLoss?.[0]).toBeCloseTo(first ?? Number.NaN, 6);
  const { loss } = await evaluateRows(recurrent(stateful), data, { loss: 'meanSquaredError' });
  expect(loss.reduce((a, b) => a + b) / 16).toBeCloseTo(first ?? Number.NaN, 5);
});

test('a state is carried from batch to batch of a pass, as in stock fit', async () => {
  const data = part(8);
  const run = async (stateful: boolean) => (await fit(recurrent(stateful), data, options())).history.loss?.[0];
  const stock = recurrent(true);
  stock.compile({ optimizer: tf.train.sgd(0), loss: 'meanSquaredError' });
  const { history } = await stock.fit(data.x, data.y, { batchSize: BATCH, shuffle: false, verbose: 0 });
  expect(await run(true)).toBeCloseTo(Number(history.loss?.[0]), 5);
  expect(await run(true)).not.toBeCloseTo((await run(false)) ?? Number.NaN, 4);
});

describe('before anything happens', () => {
  const stream = async function* () {
    yield part(3);
  };
  test.each<[string, () => Promise<unknown>, typeof DataError | typeof OptionError, RegExp]>([
    [
      'another batchSize',
      () => fit(recurrent(true), part(16), options({ batchSize: 8 })),
      OptionError,
      /`batchSize`.*4/,
    ],
    ['rows left over', () => fit(recurrent(true), part(18), options()), DataError, /multiple of 4 rows.*dropLast.*18/],
    [
      'dev rows left over',
      () => fit(recurrent(true), part(16), options({ validation: part(3) })),
      DataError,
      /validation data.*multiple of 4/,
    ],
    ['a batch of a stream', () => fit(recurrent(true), stream, options()), DataError, /batches of 4 rows.*3/],
    [
      'rows asked for',
      () => evaluateRows(recurrent(true), part(5), { loss: 'meanSquaredError' }),
      DataError,
      /multiple of 4/,
    ],
  ])('%s: refused', async (_, run, kind, message) => {
    const error = await run().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toMatch(message);
  });
  test('dropLast leaves the rest out, in evaluation too', async () => {
    const run = await fit(recurrent(true), part(18), options({ dropLast: true }));
    expect([run.steps, run.history.cleanLoss?.length]).toEqual([4, 1]);
  });
  test('some rows of the training data are evaluated: whole batches', async () => {
    await fit(recurrent(true), part(16), options({ trainEvaluation: 7 }));
    await fit(recurrent(true), part(16), options({ trainEvaluation: 1 }));
  });
});
