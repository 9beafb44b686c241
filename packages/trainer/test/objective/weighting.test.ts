/** What weights of rows and classes do to a loss, and what they cannot do. */
import { DataError, OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type ArrayData, evaluateRows, type FitOptions, fit } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const line = (units = 1) =>
  tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [1], kernelInitializer: 'ones', useBias: false })] });
const quiet = { optimizer: tf.train.sgd(0), progress: false, shuffle: false } as const;
const lossOf = async (data: ArrayData, options: Pick<FitOptions, 'loss'> & Partial<FitOptions>, model = line()) =>
  (await fit(model, data, { ...quiet, ...options })).history.loss?.[0];

describe('weights of classes', () => {
  const sigmoid = () =>
    tf.sequential({
      layers: [tf.layers.dense({ units: 1, inputShape: [1], activation: 'sigmoid', kernelInitializer: 'zeros' })],
    });
  test('soft binary labels have the class that they are nearest to, as in Keras', async () => {
    await fc.assert(
      fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), async y => {
        // every prediction is ½, and so every loss ln 2
        const loss = await lossOf(
          { x: [[1]], y: [[y]] },
          { loss: 'binaryCrossentropy', classWeight: { 1: 10 } },
          sigmoid(),
        );
        const nearest = Math.fround(y) > 0.5 ? 10 : 1;
        expect(loss).toBeCloseTo(nearest * Math.LN2, 4);
      }),
      { numRuns: 30 },
    );
  });
  test.each([[-1], [2], [1.5]])('the label %f, of no class that has a weight, is refused', async y => {
    const run = lossOf({ x: [[1]], y: [[y]] }, { loss: 'meanSquaredError', classWeight: { 1: 10 } }, sigmoid());
    await expect(run).rejects.toThrow(DataError);
  });
  test('a class that the output has no unit for is refused', async () => {
    const run = lossOf({ x: [[1]], y: [[1, 0]] }, { loss: 'meanSquaredError', classWeight: { 2: 10 } }, line(2));
    await expect(run).rejects.toThrow(/classWeight.*classes 0 … 1.*2 units/);
  });
});

describe('a loss that gives one number for a batch', () => {
  const data = { x: [[1], [1]], y: [[0], [1]] };
  const sampleWeight = [1, 0];
  const mse = (y: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.losses.meanSquaredError(y, p);
  const perSample = (y: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.metrics.meanSquaredError(y, p);
  const stream = async function* () {
    yield { x: tf.ones([2, 1]), y: tf.ones([2, 1]), sampleWeight: tf.tensor1d(sampleWeight) };
  };
  test.each<[string, () => Promise<unknown>]>([
    ['weights of rows', () => lossOf({ ...data, sampleWeight }, { loss: mse })],
    ['weights of classes', () => lossOf(data, { loss: mse, classWeight: { 1: 2 } })],
    ['weights of dev rows', () => lossOf(data, { loss: mse, validation: { ...data, sampleWeight } })],
    ['weights in a stream', () => fit(line(), stream, { ...quiet, loss: mse })],
    ['rows asked for', () => evaluateRows(line(), data, { loss: mse })],
    ['a metric of rows asked for', () => evaluateRows(line(), data, { loss: perSample, metrics: [mse] })],
  ])('%s: refused, before any update', async (_, run) => {
    const error = await run().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(OptionError);
    expect((error as Error).message).toMatch(/shape \[\].*one number for each of them/);
  });
  test('without weights it trains, and so does one of each row with them', async () => {
    expect(await lossOf(data, { loss: mse })).toBeCloseTo(0.5, 6);
    expect(await lossOf({ ...data, sampleWeight }, { loss: perSample })).toBeCloseTo(0.5, 6);
  });
});

describe('a row of weight 0', () => {
  // NaN for negative predictions, its slope too
  const root = (y: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.squeeze(tf.abs(tf.sub(tf.sqrt(p), y)), [1]);
  const after = async (data: ArrayData, more: Partial<FitOptions> = {}) => {
    const model = line();
    const { history } = await fit(model, data, {
      ...quiet,
      optimizer: tf.train.sgd(0.1),
      loss: root,
      validation: data,
      trainEvaluation: false,
      ...more,
    });
    return [history.loss, history.valLoss, [...(model.getWeights()[0]?.dataSync() ?? [])]];
  };
  test('may be anything: neither loss nor gradient knows of it', async () => {
    const row = fc.tuple(fc.double({ min: 0.25, max: 4, noNaN: true }), fc.double({ min: 0, max: 4, noNaN: true }));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 4 }), fc.nat(4), async (given, place) => {
        const put = <T>(list: readonly T[], value: T) => [...list.slice(0, place), value, ...list.slice(place)];
        const withRow = (x: number, y: number): ArrayData => ({
          x: put(
            given.map(r => [r[0]]),
            [x],
          ),
          y: put(
            given.map(r => [r[1]]),
            [y],
          ),
          sampleWeight: put(
            given.map(() => 1),
            0,
          ),
        });
        const [good, nan] = [await after(withRow(1, 1)), await after(withRow(-1, 5))];
        expect(nan).toEqual(good);
        expect(nan.flat().every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 25 },
    );
  });
  test('a class of weight 0 likewise', async () => {
    const data = { x: [[1], [-1]], y: [[0], [1]] };
    const [loss, , weights] = await after(data, { classWeight: { 1: 0 }, validation: null });
    expect(loss?.[0]).toBeCloseTo(0.5, 6);
    expect(weights?.every(Number.isFinite)).toBe(true);
  });
  test('and if no row has weight, the loss is 0', async () => {
    const [loss, , weights] = await after({ x: [[1], [4]], y: [[0], [0]], sampleWeight: [0, 0] });
    expect([loss, weights]).toEqual([[0], [1]]);
  });
});

test('the loss of one unit that is always 0 is warned of', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  try {
    await lossOf({ x: [[1]], y: [[1]] }, { loss: 'categoricalCrossentropy' });
    expect(warn.mock.calls.flat().join()).toMatch(/categoricalCrossentropy.*one unit.*binaryCrossentropy/);
    warn.mockClear();
    await lossOf({ x: [[1]], y: [[1, 0]] }, { loss: 'categoricalCrossentropy' }, line(2));
    await lossOf({ x: [[1]], y: [[1]] }, { loss: 'binaryCrossentropy' });
    expect(warn).not.toHaveBeenCalled();
  } finally {
    warn.mockRestore();
  }
});
