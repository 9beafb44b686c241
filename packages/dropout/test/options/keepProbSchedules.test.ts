import { type Moment, OptionError, valueAt } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { curriculum, dropout, earlyDropout, lateDropout, register } from '../../src/index.ts';
import { train } from '../support/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
});

const at = (step: number): Moment => ({ step }) as Moment;
const values = (schedule: ReturnType<typeof curriculum>, ...steps: number[]) =>
  steps.map(s => valueAt(schedule, at(s)));

test('early dropout: the rate falls evenly to 0 in the first steps, or stays and then ends', () => {
  const rates = values(earlyDropout({ keepProb: 0.8, steps: 4 }), 0, 1, 2, 3, 4, 99).map(keepProb => 1 - keepProb);
  for (const [i, rate] of [0.2, 0.15, 0.1, 0.05, 0, 0].entries()) expect(rates[i]).toBeCloseTo(rate, 12);
  const constant = earlyDropout({ keepProb: 0.8, steps: 4, decline: 'constant' });
  expect(values(constant, 0, 3, 4, 99)).toEqual([0.8, 0.8, 1, 1]);
});

test('late dropout: none in the first steps, then keepProb', () => {
  expect(values(lateDropout({ keepProb: 0.8, steps: 4 }), 0, 3, 4, 99)).toEqual([1, 1, 0.8, 0.8]);
});

test('curriculum: θ(t) = (1 − θ̄) exp(−γ t) + θ̄ with γ = 10 / steps', () => {
  const steps = [0, 1, 50, 100, 1000];
  const got = values(curriculum({ keepProb: 0.6, steps: 100 }), ...steps);
  for (const [i, t] of steps.entries()) expect(got[i]).toBeCloseTo(0.4 * Math.exp(-0.1 * t) + 0.6, 12);
});

test.each([earlyDropout, lateDropout, curriculum])('%o refuses bad options', schedule => {
  for (const options of [{ keepProb: 0, steps: 3 }, { keepProb: 0.5, steps: 0 }, { keepProb: 0.5 }, 0.5])
    expect(() => schedule(options as never)).toThrow(OptionError);
});

test('they survive a saved model', async () => {
  for (const keepProb of [
    earlyDropout({ keepProb: 0.5, steps: 2 }),
    earlyDropout({ keepProb: 0.5, steps: 2, decline: 'constant' }),
    lateDropout({ keepProb: 0.5, steps: 2 }),
    curriculum({ keepProb: 0.5, steps: 2 }),
  ]) {
    const model = tf.sequential({ layers: [dropout({ keepProb, seed: 1, inputShape: [64] })] });
    const loaded = await tf.models.modelFromJSON(JSON.parse(JSON.stringify(model.toJSON(null, false))));
    const run = (m: tf.LayersModel) => [0, 1, 2, 3].map(() => [...train(m, tf.ones([1, 64])).dataSync()]);
    expect(run(loaded)).toEqual(run(model));
  }
});
