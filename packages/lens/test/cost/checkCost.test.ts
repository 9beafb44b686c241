import { definePlugin, OptionError } from '@keepprob/core';
import { dropout, gaussianNoise } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { earlyStopping } from '@keepprob/stopping';

import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { type CheckCostOptions, checkCost, type LensEvent } from '../../src/index.ts';
import { Fails, Noisy, Root, WrongSlope } from '../support/broken.ts';
import { classes, glorot, loss, net, overflowing, stateOf } from '../support/nets.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const check = (model: tf.LayersModel, more: CheckCostOptions = {}) =>
  checkCost(model, classes(), { loss, learningRate: 0.2, steps: 20, progress: false, ...more });
/** Every J is finite, and SVG says so too. */
const drawn = async (found: { picture(): Promise<string> }) => {
  const svg = await found.picture();
  expect(svg).toMatch(/^<svg[^>]*xmlns/);
  // in coordinates; a caption may say it
  expect(svg).not.toMatch(/ (d|x1?|y1?|x2|y2|cx|cy|width|height|transform)="[^"]*(NaN|Infinity|undefined)/);
  return svg;
};

test('a sound model: J falls at every step with dropout off, and under dropout, smoothed', async () => {
  const model = net(tf.layers.batchNormalization());
  const before = [stateOf(model), tf.memory().numTensors];
  const adam = tf.train.adam(0.01);
  // what watches epochs or the learning rate is no part of J
  const found = await check(model, { plugins: [l2(1e-3), earlyStopping({ patience: 1 })], steps: 40 });
  adam.dispose();
  expect(found.verdict).toBe('falls');
  expect(found.text).toMatch(
    /^With dropout off J falls at every step, from 1\.\d+ to 0?\.\d+\.\nWith dropout on J rises \d+ times/,
  );
  expect([found.descent.costs.length, found.descent.rises.length, found.slower.length]).toEqual([41, 0, 0]);
  expect(found.gradient?.verdict).toBe('sound');
  expect(found.underDropout!.costs.slice(1).some((c, i) => c > found.underDropout!.costs[i]!)).toBe(true);
  expect(found.underDropout!.fall).toBeLessThan(-3);
  expect([stateOf(model), tf.memory().numTensors - 2]).toEqual(before); // the rows of `classes`
  expect((await drawn(found)).match(/<svg/g)!.length).toBe(3);
  expect(JSON.parse(JSON.stringify(found))).toMatchObject({ verdict: 'falls', warnings: [] });
});

test('J is loss + penalty, before each update: the first is that of the weights as they are', async () => {
  const model = net();
  const { x, y } = classes();
  const p = model.predict(x) as tf.Tensor;
  const data =
    tf.metrics
      .categoricalCrossentropy(y, p)
      .dataSync<'float32'>()
      .reduce((a, b) => a + b) / 48;
  const squares = ['first', 'last'].map(n => tf.sum(tf.square(model.getLayer(n).getWeights()[0]!)).dataSync()[0]!);
  const { descent } = await check(model, { plugins: [l2(0.1)] });
  expect(descent.costs[0]).toBeCloseTo(data + 0.1 * (squares[0]! + squares[1]!), 4);
});

describe('what keeps J from falling is named', () => {
  test('a learning rate 100 times too high', async () => {
    const found = await check(net(), { learningRate: 20 });
    expect(found.verdict).toBe('learningRateTooHigh');
    const { costs, rises } = found.descent;
    expect(rises[0]!.by).toBe(Math.max(...costs.slice(1).map((cost, i) => cost - costs[i]!)));
    expect(found.slower.at(-1)).toMatchObject({ falls: true });
    expect(found.slower.at(-1)!.learningRate).toBeLessThanOrEqual(2);
    expect(found.text).toMatch(
      /^The learning rate 20 is too high: J rises \d+ times.* at (2|0.2) it falls at every step/,
    );
    await drawn(found);
  });

  test('a learning rate at which J becomes infinite', async () => {
    const linear = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [5], ...glorot(1) })] });
    const found = await checkCost(linear, classes(), { loss: 'meanSquaredError', learningRate: 1e6, steps: 20, progress: false }); // biome-ignore format: one call
    expect(found.verdict).toBe('learningRateTooHigh');
    expect(found.descent.notFinite).toBeGreaterThan(0);
    await drawn(found);
  });

  test('a learning rate at which the gradient overflows, and J does not', async () => {
    const { model, data } = overflowing();
    const found = await checkCost(model, data, { loss: 'meanSquaredError', learningRate: 1000, steps: 20, progress: false }); // biome-ignore format: one call
    expect(found.verdict).toBe('learningRateTooHigh');
    expect(found.descent.notFinite).toBeNull();
    expect(found.descent.costs).toHaveLength(3);
    await drawn(found);
  });

  test('a wrong gradient, with its layer', async () => {
    const found = await check(net(new WrongSlope(-1)));
    expect(found.verdict).toBe('wrongGradient');
    expect(found.text).toMatch(/^The gradient of J is wrong in "first".*layer "wrongSlope"/);
  });

  test.each([
    [true, 'inference'],
    [false, 'training'],
  ] as const)('a layer that is random still (always: %s)', async (always, when) => {
    const found = await check(net(new Noisy(always)));
    expect(found.verdict).toBe('stochasticLayer');
    expect(found.nondeterministic).toEqual({ layer: 'noisy', className: 'Noisy', when });
    expect(found.gradient).toBeNull();
    expect(found.text).toMatch(/^The layer "noisy" \(Noisy\) is random at/);
  });

  test('NaN, with the layer that it comes from', async () => {
    const found = await check(net(tf.layers.dense({ units: 4, ...glorot(3) }), new Root()));
    expect(found.verdict).toBe('notANumber');
    expect(found.notFinite).toEqual({ what: 'output', layer: 'root' });
    expect(found.text).toMatch(/J is NaN at step 0.*layer "root"/);
    await drawn(found);
  });

  test('a loss that is no number', async () => {
    const found = await check(net(), { loss: (_, p) => tf.log(tf.sub(tf.mean(p, -1), 1)) });
    expect(found.notFinite).toEqual({ what: 'J', layer: null });
  });

  test('J that does not move', async () => {
    const found = await check(net(), { learningRate: 1e-7 });
    expect(found.verdict).toBe('flat');
    expect(found.text).toMatch(/hardly moves/);
  });
});

test('all known noise is off: ours, stock’s, and of recurrent cells', async () => {
  const x = tf.randomNormal([24, 4, 3], 0, 1, 'float32', 1);
  const y = tf.randomNormal([24, 2], 0, 1, 'float32', 2);
  const model = tf.sequential({
    layers: [
      tf.layers.gaussianNoise({ stddev: 1, inputShape: [4, 3] }),
      gaussianNoise({ stddev: 1 }),
      tf.layers.lstm({ units: 4, dropout: 0.5, recurrentDropout: 0.5, ...glorot(1) }),
      tf.layers.dropout({ rate: 0.5, seed: 3, name: 'frozen' }),
      tf.layers.alphaDropout({ rate: 0.5 }),
      tf.layers.dense({ units: 2, ...glorot(2) }),
    ],
  });
  const before = stateOf(model);
  const found = await checkCost(model, { x, y }, { loss: 'meanSquaredError', steps: 8, progress: false });
  expect(found.nondeterministic).toBeNull();
  expect(found.verdict).toBe('falls');
  expect(found.warnings[0]).toMatch(/"frozen" is TF.js' own dropout with seed 3: it repeats one mask forever/);
  expect(stateOf(model)).toEqual(before);
});

test('a model without dropout: what can still be said', async () => {
  const model = tf.sequential({
    layers: [tf.layers.dense({ units: 3, activation: 'softmax', inputShape: [5], ...glorot(1) })],
  });
  const found = await check(model);
  expect(found).toMatchObject({ verdict: 'falls', underDropout: null });
  expect(found.warnings).toEqual(['The model has no dropout and no noise, so there is only one J.']);
});

test('an optimizer lends its settings and is left alone', async () => {
  const model = net();
  const adam = tf.train.adam(0.05);
  const found = await check(model, { optimizer: adam, learningRate: null });
  expect(found.descent.learningRate).toBe(0.05);
  expect(found.descent.costs.at(-1)).toBeLessThan((await check(net(), { learningRate: 0.05 })).descent.costs.at(-1)!);
  expect(await adam.getWeights()).toHaveLength(1); // iterations; no slots
});

test('progress is told, and an abort or an error on the way gives the model back as it was', async () => {
  const seen: LensEvent[] = [];
  await check(net(), { steps: 5, progress: e => void seen.push(e) });
  expect(seen.filter(e => e.what === 'dropout off').map(e => e.done)).toEqual([1, 2, 3, 4, 5]);
  expect(seen.some(e => e.what === 'dropout on')).toBe(true);

  const model = net();
  const { x, y } = classes();
  const before = [stateOf(model), tf.memory().numTensors];
  const stop = new AbortController();
  const aborted = checkCost(
    model,
    { x, y },
    {
      ...{ loss, learningRate: 0.2, steps: 20, signal: stop.signal },
      progress: ({ what, done }) => void (what === 'dropout off' && done === 3 && stop.abort()),
    },
  );
  await expect(aborted).rejects.toThrow(/abort/i);
  expect([stateOf(model), tf.memory().numTensors]).toEqual(before);

  const failing = net(new Fails(12));
  const held = tf.memory().numTensors;
  await expect(checkCost(failing, { x, y }, { loss, progress: false })).rejects.toThrow(/this layer fails/);
  expect(tf.memory().numTensors).toBe(held);
  const crooked = definePlugin({ name: 'crooked', options: {}, setup: () => ({ penalty: () => tf.ones([2]) }) })();
  await expect(check(model, { plugins: [crooked] })).rejects.toThrow(/crooked/);
  expect(stateOf(model)).toEqual(before[0]);
});

test('bad options', async () => {
  await expect(check(net(), { steps: 0 })).rejects.toThrow(OptionError);
  await expect(check(net(), { learningRate: -1 })).rejects.toThrow(/learningRate/);
  await expect(check(net(), { optimizer: {} as never })).rejects.toThrow(OptionError);
  await expect(check(dropout as never)).rejects.toThrow(OptionError);
});
