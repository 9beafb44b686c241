/** Dev data out of the training data, limits of their own, and epochs that go on through a stream. */
import { DataError, definePlugin, OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { type FitOptions, fit, memoryStore, type TrainingData } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** What each update saw, and what dev data were: the model gives x, labels are 0, so losses are means of x². */
async function seen(data: TrainingData, options: Partial<FitOptions>) {
  const batches: number[][] = [];
  const watch = definePlugin<object>({
    name: 'watch',
    options: {},
    setup: () => ({
      batch(batch) {
        batches.push(Object.values(batch.x).flatMap(x => [...x.dataSync()]));
        return batch;
      },
    }),
  });
  const dense = tf.layers.dense({ units: 1, inputShape: [1], useBias: false, kernelInitializer: 'ones' });
  const run = await fit(tf.sequential({ layers: [dense] }), data, {
    loss: 'meanSquaredError',
    optimizer: tf.train.sgd(0),
    batchSize: 2,
    seed: 3,
    shuffle: false,
    progress: false,
    plugins: [watch()],
    ...options,
  });
  return { batches, run };
}
const rows = (numbers: readonly number[]) => ({ x: numbers.map(n => [n]), y: numbers.map(() => [0]) });
const range = (n: number, from = 0) => Array.from({ length: n }, (_, i) => i + from);
const meanSquare = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n * n, 0) / numbers.length;
/** Batches of one row each: 0, 1, … */
const counting = (count: number, from = 0) =>
  async function* () {
    for (let n = from; n < from + count; n++) yield { x: tf.tensor2d([[n]]), y: tf.zeros([1, 1]) };
  };

describe('validationSplit', () => {
  test('the last rows are dev data and never trained on; with and without shuffling, as in stock fit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 30 }),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.boolean(),
        async (n, validationSplit, shuffle) => {
          const first = Math.floor(n * (1 - validationSplit));
          fc.pre(first > 0 && first < n);
          const { batches, run } = await seen(rows(range(n)), { validationSplit, shuffle, epochs: 2 });
          const trained = batches.flat();
          expect([...trained].sort((a, b) => a - b)).toEqual([...range(first), ...range(first)].sort((a, b) => a - b));
          expect(run.history.valLoss?.[0]).toBeCloseTo(meanSquare(range(n - first, first)), 2);
          expect(run.history.cleanLoss?.[0]).toBeCloseTo(meanSquare(range(first)), 2);
        },
      ),
      { numRuns: 25 },
    );
  });
  test('weights go with their rows; nothing leaks', async () => {
    const before = tf.memory().numTensors;
    const { run } = await seen({ ...rows([1, 1, 2, 3]), sampleWeight: [1, 1, 0, 2] }, { validationSplit: 0.5 });
    expect(run.history.valLoss?.[0]).toBeCloseTo((2 * 9) / 2, 5);
    // the model and its optimizer
    expect(tf.memory().numTensors - before).toBe(2);
  });
  test('a run that resumes has the same rows; another split is another run', async () => {
    const store = memoryStore();
    const options = { validationSplit: 0.5, checkpoint: { store } };
    await seen(rows(range(6)), { ...options, epochs: 1 });
    const { run } = await seen(rows(range(6)), { ...options, epochs: 2, resume: true });
    expect(run.history.valLoss).toHaveLength(2);
    const other = seen(rows(range(6)), { ...options, validationSplit: 0.2, epochs: 3, resume: true });
    await expect(other).rejects.toThrow(/training.rows/);
  });
  test.each<[string, TrainingData, Partial<FitOptions>, typeof OptionError | typeof DataError, RegExp]>([
    [
      'beside validation',
      rows([1, 2]),
      { validation: rows([1]), validationSplit: 0.5 },
      OptionError,
      /validationSplit/,
    ],
    ['of a stream', counting(3), { validationSplit: 0.5 }, OptionError, /validationSplit.*stream.*validation/],
    ['that leaves no row', rows([1, 2]), { validationSplit: 0.6 }, DataError, /on both sides/],
    ['of 1', rows([1, 2]), { validationSplit: 1 }, OptionError, /> 0 and < 1/],
  ])('%s: refused', async (_, data, options, kind, message) => {
    await expect(seen(data, options)).rejects.toThrow(kind);
    await expect(seen(data, options)).rejects.toThrow(message);
  });
});

describe('validationBatches', () => {
  test.each<[Partial<FitOptions>, number[]]>([
    [{}, [0, 1, 2, 3, 4]],
    [{ validationBatches: 1 }, [0, 1]],
    [{ limitBatches: 2 }, [0, 1, 2, 3]],
    [{ limitBatches: 1, validationBatches: 2 }, [0, 1, 2, 3]],
  ])('%o: the dev rows %o', async (options, dev) => {
    const { run } = await seen(rows([1, 1, 1, 1]), { validation: rows(range(5)), ...options });
    expect(run.history.valLoss?.[0]).toBeCloseTo(meanSquare(dev), 5);
  });
  test('of a stream without end', async () => {
    const { run } = await seen(rows([1, 1]), { validation: counting(Infinity), validationBatches: 3 });
    expect(run.history.valLoss?.[0]).toBeCloseTo(meanSquare([0, 1, 2]), 5);
  });
});

describe('stepsPerEpoch', () => {
  test('epochs go on through the stream, which begins again at its end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 2 }),
        async (length, stepsPerEpoch, epochs, prefetch) => {
          const { batches, run } = await seen(counting(length), { stepsPerEpoch, epochs, prefetch });
          expect(batches.flat()).toEqual(range(stepsPerEpoch * epochs).map(i => i % length));
          expect(run.history.loss).toHaveLength(epochs);
        },
      ),
      { numRuns: 25 },
    );
  });
  test('a generator, which can be gone through once, serves many epochs; the last may be shorter', async () => {
    const { batches, run } = await seen(counting(5)(), { stepsPerEpoch: 2, epochs: 3 });
    expect([batches.flat(), run.steps, run.history.loss?.length]).toEqual([[0, 1, 2, 3, 4], 5, 3]);
    const ended = seen(counting(4)(), { stepsPerEpoch: 2, epochs: 3 });
    await expect(ended).rejects.toThrow(/a stream that has ended/);
  });
  test('a run that was interrupted anywhere sees what one that was not sees', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 7 }), async at => {
        const [store, stopper] = [memoryStore(), new AbortController()];
        const options = { stepsPerEpoch: 2, epochs: 4, checkpoint: { store, every: 1 } };
        if (at === 0) stopper.abort();
        const progress = ({ step }: { step: number }) => void (step === at && stopper.abort());
        const first = await seen(counting(3), { ...options, signal: stopper.signal, progress });
        const second = await seen(counting(3), { ...options, resume: true });
        expect([...first.batches, ...second.batches].flat()).toEqual(range(8).map(i => i % 3));
        expect(second.run.history.loss).toHaveLength(4);
      }),
      { numRuns: 8 },
    );
  });
  test('the stream is closed, and no tensor left', async () => {
    let closed = 0;
    const watched = async function* () {
      try {
        yield* counting(9)();
      } finally {
        closed++;
      }
    };
    const before = tf.memory().numTensors;
    await seen(watched, { stepsPerEpoch: 2, epochs: 2, trainEvaluation: false });
    expect([closed, tf.memory().numTensors - before]).toEqual([1, 2]);
  });
  test.each<[FitOptions['trainEvaluation'], number]>([
    [true, meanSquare([0, 1])],
    [3, meanSquare([0, 1, 2])],
  ])(
    'trainEvaluation %s of a stream without end looks at as much as an epoch trains on, or as was asked for',
    async (trainEvaluation = true, loss) => {
      let pulled = 0;
      const endless = async function* () {
        for await (const batch of counting(Infinity)()) {
          pulled++;
          yield batch;
        }
      };
      const { run } = await seen(endless, { stepsPerEpoch: 2, epochs: 2, trainEvaluation });
      expect(run.history.cleanLoss).toEqual([loss, loss].map(value => expect.closeTo(value, 5)));
      expect(pulled).toBeLessThan(20);
    },
  );
  test.each<[string, TrainingData, Partial<FitOptions>]>([
    ['of arrays', rows([1, 2]), { stepsPerEpoch: 1 }],
    ['beside limitBatches', counting(3), { stepsPerEpoch: 1, limitBatches: 1 }],
    ['of 0', counting(3), { stepsPerEpoch: 0 }],
  ])('%s: refused', async (_, data, options) => {
    await expect(seen(data, options)).rejects.toThrow(/`stepsPerEpoch`/);
  });
});
