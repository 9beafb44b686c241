import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { directoryStore } from '../../src/node.ts';
import { fitInWorker } from '../../src/worker.ts';
import {
  countsEachStep,
  create,
  farthest,
  givesWholeBatches,
  here,
  losesNothing,
  sent,
  sharesEachBatch,
} from '../support/workers.ts';

let folder: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'keepprob-worker-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a worker that dies', () => {
  losesNothing(2, () => folder);

  test('without a store it begins anew, with the same result', async () => {
    const args = { diesAt: 6, diesOnce: join(folder, 'died-alone') };
    const run = await fitInWorker(create, { args, warn: () => undefined, progress: false });
    expect(sent(run)).toEqual((await here()).weights);
  });

  test('before it has saved anything: begins anew, whatever the store held before', async () => {
    const directory = join(folder, 'stale');
    const { run: before } = await here({ options: { seed: null, checkpoint: { store: directoryStore(directory) } } });
    const args = { directory, diesAt: 1, diesOnce: join(folder, 'died-early'), options: { seed: null } };
    const warn = vi.fn();
    const steps: number[] = [];
    const progress = ({ type, step }: { type: string; step: number }) => void (type === 'step' && steps.push(step));
    const run = await fitInWorker(create, { args, warn, progress });
    expect(steps).toEqual([1, ...Array.from({ length: 16 }, (_, i) => i + 1)]);
    expect(run.seed).not.toBe(before.seed);
    expect(sent(run)).toEqual((await here({ options: { seed: run.seed } })).weights);
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/code 7.*starting again/)]]);
  });
});

describe('several workers', () => {
  sharesEachBatch(3);
  countsEachStep(2);
  countsEachStep(3);
  givesWholeBatches(3);

  test('early stopping and batch norm: all workers stop together; one of them is told when the page had its turn', async () => {
    const yields = join(folder, 'yields');
    await mkdir(yields);
    const args = { batchNorm: true, patience: 2, yields, options: { epochs: 40 } };
    const run = await fitInWorker(create, { args, workers: 2, progress: false });
    expect(run.stopped).toMatch(/did not improve/);
    expect(await readdir(yields)).toHaveLength(1);
  });

  test('maxTime ends all of them, and is the reason', async () => {
    const args = { patience: 1e6, options: { epochs: 100_000, maxTime: 300 } };
    const run = await fitInWorker(create, { args, workers: 2, progress: false });
    expect(run.stopped).toBe('the maxTime of 300 ms is over');
  });

  test('they start with the weights of the first, whatever their own were; a seed that nobody gave is one for all', async () => {
    let rank = 0;
    const numbered = () => new Worker(new URL('../programs/task.mjs', import.meta.url), { workerData: rank++ });
    const args = { differs: true, options: { seed: null } };
    const run = await fitInWorker(numbered, { args, workers: 2, progress: false });
    const again = await here({ options: { seed: run.seed } });
    expect(farthest(sent(run), again.weights)).toBeLessThan(1e-5);
  });

  test('fewer rows than workers: everyone takes all of them', async () => {
    const args = { rows: 2 };
    const run = await fitInWorker(create, { args, workers: 3, progress: false });
    expect(farthest(sent(run), (await here(args)).weights)).toBeLessThan(1e-5);
  });

  test('an abort stops all of them while they evaluate, on dev data without end', async () => {
    const controller = new AbortController();
    const progress = ({ step }: { step: number }) => void (step === 3 && setTimeout(() => controller.abort(), 200));
    const args = { hasEndlessDev: true };
    const run = await fitInWorker(create, { args, workers: 2, signal: controller.signal, progress });
    expect(run).toMatchObject({ stopped: 'aborted', epochs: 0, history: {} });
  });
});
