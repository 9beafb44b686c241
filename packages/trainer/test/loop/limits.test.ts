/** How much of the data an epoch sees, and in which order. */
import { OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type FitOptions, fit, memoryStore } from '../../src/index.ts';
import { prefetch } from '../../src/loop/prefetch.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const line = () => tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false })] });

/** Trains on rows 0 … n − 1 and gives what each update saw, and what each epoch logged. */
async function seen(
  rows: number,
  options: Partial<FitOptions>,
  data?: () => AsyncIterable<{ x: tf.Tensor; y: tf.Tensor }>,
) {
  const batches: number[][] = [];
  const model = line();
  const x = Array.from({ length: rows }, (_, i) => [i]);
  const run = await fit(model, data ?? { x, y: x }, {
    loss: 'meanSquaredError',
    optimizer: tf.train.sgd(0),
    batchSize: 4,
    seed: 3,
    progress: false,
    plugins: [
      {
        name: 'watch',
        apiVersion: 1,
        config: null,
        setup: () => ({
          batch(batch) {
            batches.push([...batch.x[model.inputNames[0]!]!.dataSync()]);
            return batch;
          },
        }),
      },
    ],
    ...options,
  });
  return { batches, run };
}
const sizes = (batches: readonly number[][]) => batches.map(b => b.length);

describe('arrays', () => {
  test('the last batch is kept, or dropped', async () => {
    expect(sizes((await seen(10, {})).batches)).toEqual([4, 4, 2]);
    expect(sizes((await seen(10, { dropLast: true })).batches)).toEqual([4, 4]);
    expect(sizes((await seen(8, { dropLast: true })).batches)).toEqual([4, 4]);
  });

  test('fewer rows than a batch, of which dropLast leaves nothing, are refused before anything happens', async () => {
    await expect(seen(3, { dropLast: true })).rejects.toThrow(/a batch of 4 rows, since dropLast is true. Received: 3/);
  });

  test('a list of numbers is a column: for an input as for a label', async () => {
    const { batches } = await seen(0, { shuffle: false }, { x: [1, 2, 3], y: [2, 4, 6] } as never);
    expect(batches).toEqual([[1, 2, 3]]);
  });

  test.each(['100', true, Number.NaN, 0])('maxTime %j is refused', async maxTime => {
    await expect(seen(4, { maxTime: maxTime as number })).rejects.toThrow(OptionError);
  });

  test('with dropLast, other rows are left out in other epochs: in eight epochs all are seen', async () => {
    const { batches } = await seen(10, { dropLast: true, epochs: 8 });
    expect(new Set(batches.flat()).size).toBe(10);
  });

  test('limitBatches: so many batches of each epoch, of evaluation as well', async () => {
    const { batches, run } = await seen(100, {
      limitBatches: 2,
      epochs: 2,
      validation: {
        x: [[1], [1], [1], [1], [1], [1], [1], [1], [9]],
        y: [[0], [0], [0], [0], [0], [0], [0], [0], [0]],
      },
    });
    expect(sizes(batches)).toEqual([4, 4, 4, 4]);
    const w = (run.history.valLoss![0]! as number) ** 0.5; // (w · 1)², the 9 lies beyond
    expect(run.history.valLoss![0]).toBeCloseTo(w * w, 6);
    const all = await seen(100, { epochs: 1, validation: { x: [[1], [9]], y: [[0], [0]] } });
    expect(sizes(all.batches).length).toBe(25);
  });

  test('overfitBatches: the same rows in the same order, which are the dev data too', async () => {
    const { batches, run } = await seen(100, { overfitBatches: 2, epochs: 2 });
    expect(batches).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
    expect(run.history.valLoss).toEqual(run.history.cleanLoss);
  });

  test('fastDevRun: one batch, one epoch', async () => {
    const { batches, run } = await seen(100, { fastDevRun: true, epochs: 9, validation: { x: [[1]], y: [[1]] } });
    expect(sizes(batches)).toEqual([4]);
    expect([run.epochs, run.history.valLoss!.length]).toEqual([1, 1]);
  });

  test('fastDevRun leaves checkpoints and logs alone, also those of a run that would go on', async () => {
    const heard = vi.fn();
    const store = memoryStore();
    const { run } = await seen(100, { fastDevRun: true, checkpoint: { store }, resume: true, listeners: [heard] });
    expect([run.steps, heard.mock.calls, await store.list()]).toEqual([1, [], []]);
  });
});

describe('streams', () => {
  const opened = { open: 0, closed: 0, read: 0 };
  const stream = (count: number) =>
    async function* () {
      opened.open++;
      try {
        for (let i = 0; i < count; i++) {
          opened.read++;
          yield { x: tf.tensor2d([[i]]), y: tf.tensor2d([[i]]) };
        }
      } finally {
        opened.closed++;
      }
    };

  test('limitBatches counts batches; overfitBatches sees the first ones', async () => {
    expect((await seen(0, { limitBatches: 3, epochs: 2 }, stream(9))).batches).toEqual([[0], [1], [2], [0], [1], [2]]);
    expect((await seen(0, { overfitBatches: 2 }, stream(9))).batches).toEqual([[0], [1]]);
  });

  test.each([0, 1, 3])('prefetch %i: the same batches, streams closed, no tensor left', async count => {
    Object.assign(opened, { open: 0, closed: 0, read: 0 });
    const before = tf.memory().numTensors;
    const { batches } = await seen(0, { prefetch: count, trainEvaluation: false }, stream(5));
    expect(batches).toEqual([[0], [1], [2], [3], [4]]);
    expect(opened).toEqual({ open: 1, closed: 1, read: 5 });
    const controller = new AbortController();
    const abort = async () => controller.abort();
    const { run } = await seen(0, { prefetch: count, signal: controller.signal, progress: abort }, stream(50));
    expect(run.stopped).toBe('aborted');
    expect(opened.closed).toBe(2);
    // what stays: two models with a weight, two optimizers with a learning rate
    expect(tf.memory().numTensors - before).toBe(4);
  });

  test('an error of the stream comes in its turn, behind the batches before it', async () => {
    async function* failing() {
      for (let i = 0; i < 3; i++) yield { x: tf.tensor2d([[i]]), y: tf.tensor2d([[i]]) };
      throw new Error('the disk is gone');
    }
    const batches: number[] = [];
    const progress = async ({ type }: { type: string }) => void (type === 'step' && batches.push(1));
    await expect(seen(0, { prefetch: 2, progress }, failing)).rejects.toThrow('the disk is gone');
    expect(batches.length).toBe(3);
  });

  test('prefetch is the identity on any list, and asks for no more than it should', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 0, max: 5 }), async (list, count) => {
        let asked = 0;
        async function* items() {
          for (const item of list) {
            asked++;
            yield item;
          }
        }
        const got: number[] = [];
        for await (const item of prefetch(items(), count, () => undefined)) {
          got.push(item);
          expect(asked).toBeLessThanOrEqual(got.length + count);
        }
        expect(got).toEqual(list);
      }),
    );
  });
});

test.each<[string, (abort: () => void) => Partial<FitOptions>, string]>([
  ['an abort', abort => ({ progress: ({ type }) => void (type === 'step' && setImmediate(abort)) }), 'aborted'],
  // of which the clock is turned forward
  [
    'maxTime',
    over => ({ maxTime: 1500, progress: ({ type }) => void (type === 'step' && setImmediate(over)) }),
    'the maxTime of 1.5 s is over',
  ],
])('%s ends the wait for a batch that does not come', async (_, options, stopped) => {
  async function* hangs() {
    yield { x: tf.tensor2d([[1]]), y: tf.tensor2d([[1]]) };
    await new Promise(() => undefined);
  }
  for (const prefetch of [0, 2]) {
    const [abort, time] = [new AbortController(), new AbortController()];
    const clock = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(time.signal);
    onTestFinished(() => clock.mockRestore());
    const ends = stopped === 'aborted' ? abort : time;
    const given = { ...options(() => ends.abort()), prefetch, signal: abort.signal };
    const { run } = await seen(0, given, hangs);
    expect(run.stopped).toBe(stopped);
    if (prefetch === 0) expect(run.steps).toBe(1);
  }
});

test('maxTime ends training after the step in progress, and says so', async () => {
  let now = 1000;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  try {
    const progress = ({ type }: { type: string }) => {
      if (type === 'step') now += 10;
    };
    const { run, batches } = await seen(100, { maxTime: 25, progress, epochs: 50 });
    expect(run.stopped).toBe('the maxTime of 25 ms is over');
    expect(batches.length).toBe(3);
  } finally {
    clock.mockRestore();
  }
});

test.each<[keyof FitOptions, unknown]>([
  ['limitBatches', 0],
  ['overfitBatches', 1.5],
  ['maxTime', -1],
  ['maxTime', 'soon'],
  ['prefetch', -1],
  ['dropLast', 1],
  ['fastDevRun', null],
])('%s: %s is refused', async (option, value) => {
  await expect(seen(4, { [option]: value })).rejects.toThrow(OptionError);
  await expect(seen(4, { [option]: value })).rejects.toThrow(option);
});
