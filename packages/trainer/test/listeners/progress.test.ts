/** The bar in a terminal, which is stderr here: written to a list. */
import { definePlugin, type Hooks, PluginError } from '@keepprob/core';
import { earlyStopping } from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import { SingleBar } from 'cli-progress';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { type FitOptions, fit } from '../../src/index.ts';

const { isTTY } = process.stderr;
let bars: SingleBar[] = [];
let written = '';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
beforeEach(() => {
  bars = [];
  written = '';
  process.stderr.isTTY = true;
  vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    written += text;
    return true;
  });
  vi.spyOn(console, 'log').mockImplementation(line => {
    written += `${line}\n`;
  });
  const { start } = SingleBar.prototype;
  vi.spyOn(SingleBar.prototype, 'start').mockImplementation(function (this: SingleBar, ...given) {
    bars.push(this);
    start.apply(this, given);
  });
});
afterEach(() => {
  for (const bar of bars) bar.stop();
  vi.restoreAllMocks();
  process.stderr.isTTY = isTTY;
});

const probe = (hooks: Hooks) => definePlugin({ name: 'probe', options: {}, setup: () => hooks })();
const fails = (hook: 'batch' | 'epochEnd' | 'end') =>
  probe({
    [hook]: () => {
      throw new Error('no');
    },
  });
const train = (more: Partial<FitOptions> = {}) =>
  fit(
    tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] }),
    { x: [[1], [2], [3], [4]], y: [[1], [2], [3], [4]] },
    { loss: 'meanSquaredError', optimizer: 'sgd', batchSize: 1, epochs: 3, ...more },
  );
const aborted = AbortSignal.abort();

test.each<[string, Partial<FitOptions>, string | undefined]>([
  ['done', {}, undefined],
  ['aborted', { signal: aborted }, 'aborted'],
  ['stopped early', { plugins: [earlyStopping({ monitor: 'loss', minDelta: 1e6 })] }, 'loss did not improve'],
])('%s: the bar is stopped', async (_, more, reason) => {
  const { stopped } = await train(more);
  if (reason) expect(stopped).toContain(reason);
  expect(bars.map(bar => bar.isActive)).toEqual([false]);
});

test.each(['batch', 'epochEnd', 'end'] as const)('hook %s fails: the bar is stopped', async hook => {
  await expect(train({ plugins: [fails(hook)] })).rejects.toThrow(PluginError);
  expect(bars.map(bar => bar.isActive)).toEqual([false]);
});

test('the terminal’s modes are never touched, so that a killed process leaves them as they were', async () => {
  await train();
  expect(written).toContain('epoch 1/3');
  // cursor hidden: ESC[?25l; no wrapping: ESC[?7l
  expect(written).not.toContain('\x1b[?');
});

test('the bar ends where it is, not where it began: lines of epochs stay', async () => {
  await train();
  const [lastLine, lastSave, lastRestore] = ['epoch 3/3  cost', '\x1b7', '\x1b8'].map(s => written.lastIndexOf(s));
  expect(lastLine).toBeGreaterThan(0);
  expect(lastSave).toBeGreaterThan(lastLine!);
  expect(lastRestore).toBeGreaterThan(lastSave!);
});
