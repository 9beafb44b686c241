/** Weights swapped for an evaluation and at the end: who sees which, who owns them, and what an error leaves. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { openRun } from '../../src/driver.ts';
import { chain, type Hooks, masked, PluginError, type Plugins, type Snapshot, type Weight } from '../../src/index.ts';
import { probe } from './line.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const filled = (weights: readonly Weight[], value: number): Snapshot =>
  new Map(weights.map(({ path, variable }) => [path, tf.fill(variable.shape, value)]));
/** Evaluates, and ends with, weights of 7; the trained ones are 1. */
const sevens = probe({ evaluate: w => filled(w, 7), end: w => filled(w, 7) });
const open = (...plugins: Plugins[]) => {
  const dense = tf.layers.dense({ units: 1, inputShape: [1], kernelInitializer: 'ones', useBias: false });
  const model = tf.sequential({ layers: [dense] });
  const run = openRun(model, plugins, { host: 'fit', optimizer: tf.train.sgd(1), seed: 1, epoch: () => 0 });
  return { run, kernel: () => dense.getWeights()[0]!.dataSync()[0] };
};

test.each([
  ['plain', (p: Hooks) => [sevens, probe(p)]],
  ['chained', (p: Hooks) => [chain(chain(probe(p)), sevens)]],
  ['masked', (p: Hooks) => [masked(probe(p), () => true), sevens]],
])('epochEnd is on the trained weights and is told the evaluated ones: %s', async (_, list) => {
  const seen: unknown[] = [];
  const { run, kernel } = open(
    ...list({
      epochEnd: (_, [weight], __, evaluated) =>
        void seen.push(weight!.variable.dataSync()[0], evaluated?.get(weight!.path)?.dataSync()[0]),
    }),
  );
  const at = run.moment('evaluate');
  const before = tf.memory().numTensors;
  await run.evaluating(at, async () => seen.push(kernel()));
  run.epochEnd({}, at);
  run.epochEnd({}, at); // nothing was evaluated since
  expect(seen).toEqual([7, 1, 7, 1, undefined]);
  expect(tf.memory().numTensors).toBe(before);
  run.dispose();
});

test('an evaluation that fails, or that no epoch end follows, leaves nothing behind', async () => {
  const { run, kernel } = open(sevens);
  const before = tf.memory().numTensors;
  const failing = run.evaluating(run.moment('evaluate'), () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(kernel()).toBe(1);
  run.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test.each([
  [
    'throws',
    () => {
      tf.scalar(1);
      throw new Error('no');
    },
    { plugin: 'probe', hook: 'evaluate' },
  ],
  [
    'knows a weight that there is not',
    (weights: readonly Weight[]) => new Map([...filled(weights, 7), ['elsewhere', tf.ones([1, 1])]]),
    { message: expect.stringContaining('"elsewhere"') },
  ],
])('an `evaluate` hook that %s: nothing is evaluated, the weights are as they were', async (_, evaluate, error) => {
  const { run, kernel } = open(probe({ evaluate }));
  const before = tf.memory().numTensors;
  let evaluated = false;
  const evaluating = run.evaluating(run.moment('evaluate'), async () => {
    evaluated = true;
  });
  await expect(evaluating).rejects.toThrow(PluginError);
  await expect(evaluating).rejects.toMatchObject(error);
  expect([evaluated, kernel(), tf.memory().numTensors]).toEqual([false, 1, before]);
  run.dispose();
});

test('a snapshot stays the plugin’s, at the evaluation and at the end', async () => {
  const kept = tf.keep(tf.tensor2d([[5]]));
  const snapshot = (weights: readonly Weight[]): Snapshot => new Map([[weights[0]!.path, kept]]);
  const { run, kernel } = open(probe({ evaluate: snapshot, end: snapshot }));
  await run.evaluating(run.moment('evaluate'), async () => expect(kernel()).toBe(5));
  run.end();
  expect(kernel()).toBe(5);
  run.dispose();
  expect(kept.isDisposed).toBe(false);
  kept.dispose();
});

test('an `end` hook that throws, or that knows a weight that there is not, is a PluginError and leaves nothing', () => {
  const unknown = (): Snapshot => new Map([['elsewhere', tf.ones([1, 1])]]);
  const failing = (): never => {
    tf.scalar(1);
    throw new Error('no');
  };
  for (const end of [unknown, failing]) {
    const { run } = open(probe({ end }));
    const before = tf.memory().numTensors;
    expect(() => run.end()).toThrow(PluginError);
    expect(tf.memory().numTensors).toBe(before);
    run.dispose();
  }
});

test('at the end a plugin that swaps yields to one that does not, in either order', () => {
  const twos = probe({ end: w => filled(w, 2) });
  for (const list of [[sevens, twos], [twos, sevens], [chain(twos, sevens)]]) {
    const { run, kernel } = open(...list);
    run.end();
    expect(kernel()).toBe(2);
    run.dispose();
  }
});
