/** Streams over several passes: what a resumed run sees of them is what the whole run saw. */
import { Readable } from 'node:stream';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FitOptions, fit, memoryStore, type TrainingData } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const ROWS = 24;
const STEPS = 3;
const EPOCHS = 4;
const row = (i: number) => ({ xs: [i % 5, i / ROWS], ys: [i % 3] });

/** Trains anew or on; `dies` after so many updates. */
async function train(data: TrainingData, options: Partial<FitOptions> = {}, dies = Infinity) {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer })] });
  const optimizer = tf.train.momentum(0.01, 0.9);
  try {
    const { history } = await fit(model, data, {
      ...{ loss: 'meanSquaredError', optimizer, epochs: EPOCHS, seed: 5 },
      progress: ({ type, step }) => {
        if (type === 'step' && step === dies) throw new Error('killed');
      },
      ...options,
    });
    return { history, weights: model.getWeights().flatMap(w => [...w.dataSync()]) };
  } finally {
    model.dispose();
    optimizer.dispose();
  }
}

/** As a new process makes it. */
const shuffledDataset = (): TrainingData =>
  tf.data
    .array(Array.from({ length: ROWS }, (_, i) => row(i)))
    .shuffle(ROWS, 'seed')
    .batch(ROWS / STEPS) as never;

describe.each<[string, Partial<FitOptions>]>([
  ['evaluated on', {}],
  ['not evaluated on', { trainEvaluation: false }],
  ['as dev data too', { overfitBatches: 2 }],
])('a dataset of tf.data that shuffles itself, %s', (_, options) => {
  test.each([1, 4, 6, 8])('killed after step %i: same weights, same history', async dies => {
    const whole = await train(shuffledDataset(), options);
    const checkpoint = { store: memoryStore(), every: 1 };
    await expect(train(shuffledDataset(), { ...options, checkpoint }, dies)).rejects.toThrow('killed');
    const resumed = await train(shuffledDataset(), { ...options, checkpoint, resume: true });
    expect(resumed).toEqual(whole);
  });
});

test('dev data that shuffle themselves are in the same order, too', async () => {
  const options = () => ({ validation: shuffledDataset() });
  const whole = await train(shuffledDataset(), options());
  const checkpoint = { store: memoryStore(), every: 1 };
  await expect(train(shuffledDataset(), { ...options(), checkpoint }, 7)).rejects.toThrow('killed');
  expect(await train(shuffledDataset(), { ...options(), checkpoint, resume: true })).toEqual(whole);
});

test('a function is told the epoch, by every pass, and resumes exactly', async () => {
  const told: number[] = [];
  async function* byEpoch(epoch: number) {
    told.push(epoch);
    for (let i = 0; i < STEPS; i++) yield { x: tf.tensor2d([[epoch, i]]), y: tf.tensor2d([[epoch * i]]) };
  }
  const whole = await train(byEpoch);
  expect(told).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
  const checkpoint = { store: memoryStore(), every: 1 };
  await expect(train(byEpoch, { checkpoint }, 7)).rejects.toThrow('killed');
  told.length = 0;
  expect(await train(byEpoch, { checkpoint, resume: true })).toEqual(whole);
  expect(told).toEqual([2, 2, 3, 3]);
});

test('streams of Node and of the web are gone through once: one epoch, no evaluation on them', async () => {
  const batches = () => [1, 2].map(i => ({ x: tf.tensor2d([[i, i]]), y: tf.tensor2d([[i]]) }));
  for (const stream of [Readable.from(batches()), Readable.toWeb(Readable.from(batches()))] as never[]) {
    const { history } = await train(stream, { epochs: 1 });
    expect(Object.keys(history)).toEqual(['cost', 'loss', 'penalty']);
  }
});
