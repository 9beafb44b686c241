/** Which weights `epochEnd` and `end` see and choose when a plugin swaps weights for evaluation. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { openRun } from '../../src/driver.ts';
import { chain, definePlugin, type Hooks, masked, type Plugins, type Snapshot, type Weight } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const probe = (hooks: Hooks) => definePlugin({ name: 'probe', options: {}, setup: () => hooks })();
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

test('at the end a plugin that swaps yields to one that does not, in either order', () => {
  const twos = probe({ end: w => filled(w, 2) });
  for (const list of [[sevens, twos], [twos, sevens], [chain(twos, sevens)]]) {
    const { run, kernel } = open(...list);
    run.end();
    expect(kernel()).toBe(2);
    run.dispose();
  }
});
