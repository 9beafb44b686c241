/** Workers of Node that train the problem of `programs/`, and laws that hold for any number of them. */
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type * as tf from '@tensorflow/tfjs';
import { expect, test, vi } from 'vitest';
import { fit } from '../../src/index.ts';
import { fitInWorker, type WorkerRun } from '../../src/worker.ts';
import { makeTask } from '../programs/problem.mjs';

const exits: Promise<unknown>[] = [];
export const create = (): Worker => {
  const worker = new Worker(new URL('../programs/task.mjs', import.meta.url));
  exits.push(new Promise(resolve => worker.on('exit', resolve)));
  return worker;
};
/** When all that were made have ended. */
export const ended = (): Promise<unknown> => Promise.all(exits);

export const numbers = (model: tf.LayersModel): number[][] => model.getWeights().map(w => [...w.dataSync()]);
export const sent = (run: WorkerRun): number[][] => run.weights.map(w => [...w.data]);
export const farthest = (a: readonly number[][], b: readonly number[][]): number =>
  Math.max(...a.flat().map((v, i) => Math.abs(v - b.flat()[i]!)));

/** The same in this thread. */
export async function here(args: object = {}) {
  const { model, data, options } = makeTask(args);
  const run = await fit(model, data, { ...options, progress: false });
  return { run, weights: numbers(model) };
}

export function sharesEachBatch(workers: number): void {
  test(`${workers}: the masks of one worker, and its weights up to the order of sums`, async () => {
    const run = await fitInWorker(create, { args: {}, workers, progress: false });
    const one = await here();
    expect(farthest(sent(run), one.weights)).toBeLessThan(1e-5);
    for (const name of ['loss', 'penalty', 'accuracy', 'valLoss', 'cleanLoss']) {
      expect(farthest([[...run.history[name]!]], [[...one.run.history[name]!]]), name).toBeLessThan(1e-5);
    }
    // other masks would end elsewhere
    const other = await here({ options: { seed: 6 } });
    expect(farthest(other.weights, one.weights)).toBeGreaterThan(1e-3);
  });
}

export function countsEachStep(workers: number): void {
  test(`${workers}: where a mask reaches the loss, each time step that counts does so once`, async () => {
    const args = { isMasked: true, rows: 40, options: { validationFreq: 3 } };
    const run = await fitInWorker(create, { args, workers, progress: false });
    const one = await here(args);
    expect(farthest(sent(run), one.weights)).toBeLessThan(1e-5);
    for (const name of ['loss', 'mae', 'cost', 'valLoss']) {
      // NaN where the epoch has no evaluation
      const [there, local] = [run, one.run].map(({ history }) => history[name]!.map(v => (Number.isNaN(v) ? -1 : v)));
      expect(farthest([there!], [local!]), name).toBeLessThan(1e-5);
    }
  });
}

export function givesWholeBatches(workers: number): void {
  test(`${workers}: a plugin around the step gets passes over the whole batch`, async () => {
    const args = { isSharp: true };
    const run = await fitInWorker(create, { args, workers, progress: false });
    const one = await here(args);
    expect(farthest(sent(run), one.weights)).toBeLessThan(1e-5);
    expect(farthest((await here()).weights, one.weights)).toBeGreaterThan(1e-2);
  });
}

/** What so many workers come to when nothing happens to them. One trains as this thread does. */
async function undisturbed(workers: number) {
  if (workers === 1) {
    const { run, weights } = await here();
    return { weights, history: run.history };
  }
  const run = await fitInWorker(create, { args: {}, progress: false, workers });
  return { weights: sent(run), history: run.history };
}

export function losesNothing(workers: number, folder: () => string): void {
  test(`${workers} worker(s), killed in mid-epoch: replaced, nothing is lost`, async () => {
    const warn = vi.fn();
    const [directory, diesOnce] = [join(folder(), `dies-${workers}`), join(folder(), `died-${workers}`)];
    const steps: number[] = [];
    const progress = ({ type, step }: { type: string; step: number }) => void (type === 'step' && steps.push(step));
    const run = await fitInWorker(create, { args: { directory, diesOnce, diesAt: 6 }, warn, progress, workers });
    const whole = await undisturbed(workers);
    expect(sent(run)).toEqual(whole.weights);
    expect(run.history).toEqual(whole.history);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]![0]).toMatch(/code 7.*checkpoint/);
    // it goes on behind the last update that was saved
    expect(steps.filter(s => s < 5)).toEqual([1, 2, 3, 4]);
  });
}
