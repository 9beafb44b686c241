/** Training in workers of a page. */
import { BackendError, fit } from '@keepprob/trainer';
import { fitInWorker } from '@keepprob/trainer/worker';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { makeTask } from './task.ts';

/** In Node each test of workers runs with one and with several (test/worker); here only `npm run test:long` does it. */
const numbers = (one: number): number[] => (import.meta.env.CASES === 'all' ? [1, 2] : [one]);

beforeAll(async () => {
  await tf.setBackend('cpu');
});
const create = () => new Worker(new URL('./task.ts', import.meta.url), { type: 'module' });
const here = async () => {
  const { model, data, options } = makeTask();
  const run = await fit(model, data, { ...options, progress: false });
  return { history: run.history, weights: model.getWeights().map(w => [...w.dataSync()]) };
};

test('one worker trains as the page does, to the bit, and tells every update', async () => {
  const steps: number[] = [];
  const { model } = makeTask();
  const run = await fitInWorker(create, {
    into: model,
    progress: ({ type, step }) => void (type === 'step' && steps.push(step)),
  });
  const local = await here();
  expect(model.getWeights().map(w => [...w.dataSync()])).toEqual(local.weights);
  expect(run.history).toEqual(local.history);
  expect(steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('two workers share every batch where the page is isolated', async () => {
  expect(crossOriginIsolated).toBe(true);
  const run = await fitInWorker(create, { workers: 2, progress: false });
  const { weights } = await here();
  const sent = run.weights.flatMap(w => [...w.data]);
  for (const [i, w] of weights.flat().entries()) expect(Math.abs(sent[i]! - w)).toBeLessThan(1e-5);
});

test.each(numbers(2))('an abort ends %i worker(s) after the step in progress', async workers => {
  const controller = new AbortController();
  const progress = ({ step }: { step: number }) => void (step === 3 && controller.abort());
  const args = { epochs: 100_000 };
  const run = await fitInWorker(create, { args, workers, signal: controller.signal, progress });
  expect(run.stopped).toBe('aborted');
  expect(run.steps).toBeGreaterThanOrEqual(3);
  expect(run.weights).toHaveLength(4);
});

test.each(numbers(1))('an abort ends %i worker(s) that do not answer, after the time of grace', async workers => {
  const controller = new AbortController();
  const make = () => {
    const worker = create();
    worker.addEventListener('message', ({ data }) => data.type === 'hanging' && controller.abort());
    return worker;
  };
  const options = { args: { hangs: true }, workers, grace: 1, signal: controller.signal, progress: false } as const;
  await expect(fitInWorker(make, options)).rejects.toThrow(BackendError);
});

test('a module that cannot be loaded is an error that says so', async () => {
  const missing = () => new Worker(new URL('./no-such-task.ts', import.meta.url), { type: 'module' });
  await expect(fitInWorker(missing, { restarts: 0, progress: false })).rejects.toThrow(/its worker died once/);
});
