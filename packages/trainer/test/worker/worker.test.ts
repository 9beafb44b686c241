/** Training in workers of Node. The workers run the built packages, as they would for a user. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DataError, OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { BackendError, CheckpointError } from '../../src/index.ts';
import { fitInWorker } from '../../src/worker.ts';
import { buildModel } from '../programs/problem.mjs';
import {
  create,
  ended,
  givesWholeBatches,
  here,
  losesNothing,
  numbers,
  sent,
  sharesEachBatch,
} from '../support/workers.ts';

let folder: string;
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'keepprob-worker-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('one worker', () => {
  test('trains as this thread does, to the bit, tells every event, and fills a model of ours', async () => {
    const steps: number[] = [];
    const into = buildModel() as unknown as tf.LayersModel;
    const run = await fitInWorker(create, {
      args: {},
      into,
      progress: ({ type, step }) => void (type === 'step' && steps.push(step)),
    });
    const local = await here();
    expect(sent(run)).toEqual(local.weights);
    expect(numbers(into)).toEqual(local.weights);
    expect(run.history).toEqual(local.run.history);
    expect(steps).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  });

  test('an abort ends it after the step in progress', async () => {
    const controller = new AbortController();
    const args = { options: { epochs: 100_000 } };
    const progress = ({ step }: { step: number }) => void (step === 3 && controller.abort());
    const run = await fitInWorker(create, { args, signal: controller.signal, progress });
    expect(run.stopped).toBe('aborted');
    expect(run.steps).toBeGreaterThanOrEqual(3);
  });

  const nothing = { stopped: 'aborted', steps: 0, epochs: 0, history: {}, weights: [] };
  test.each([
    ['whose module says nothing', 'setInterval(() => undefined, 1000)'],
    ['that is loading', 'await new Promise(resolve => setInterval(resolve, 1e8))'],
    ['that never prepares', 'serveFit(() => (tell(), new Promise(() => setInterval(() => undefined, 1000))))'],
    ['that prepares without a pause', 'serveFit(() => { tell(); for (;;); })'],
  ])('an abort ends it at once while it waits for a worker %s', async (_, program) => {
    const module = new URL('../../dist/worker.node.js', import.meta.url).href;
    const tell =
      "import { parentPort } from 'node:worker_threads'; const tell = () => parentPort.postMessage({ type: 'told' });";
    const served = `import { serveFit } from ${JSON.stringify(module)}; ${tell}`;
    const code = program.startsWith('serveFit') ? `${served} ${program}` : program;
    const controller = new AbortController();
    const workers: Worker[] = [];
    const make = () => {
      const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
      workers.push(worker);
      const abort = () => controller.abort();
      if (program.includes('tell()')) worker.on('message', ({ type }) => type === 'told' && abort());
      else worker.on('online', abort);
      return worker;
    };
    const into = buildModel() as unknown as tf.LayersModel;
    const before = numbers(into);
    const run = await fitInWorker(make, { signal: controller.signal, progress: false, workers: 2, into });
    expect(run).toMatchObject(nothing);
    expect(numbers(into)).toEqual(before);
    // and the workers are gone
    await Promise.all(workers.map(worker => worker.terminate()));
  });

  test.each([
    ['computes for ever', 1, null],
    ['waits for ever with others', 2, 'hangs'],
  ])(
    'an abort ends a worker that %s in the middle of training, after the time of grace',
    async (how, workers, name) => {
      const controller = new AbortController();
      const make = () => create().on('message', ({ type }) => type === 'hanging' && controller.abort());
      const into = buildModel() as unknown as tf.LayersModel;
      const before = numbers(into);
      const args = { hangsAt: 3, computes: how.startsWith('computes'), directory: name && join(folder, name) };
      // it never answers, however long that is
      const options = { args, workers, into, grace: 1, signal: controller.signal, progress: false } as const;
      const failed = await fitInWorker(make, options).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(BackendError);
      const saved = name ? 'The run is saved up to update 2' : 'Nothing of this run is saved';
      expect(failed).toMatchObject({ message: expect.stringContaining(`nothing for 0.001 s (\`grace\`)`) });
      expect(failed).toMatchObject({ message: expect.stringContaining(saved) });
      expect(numbers(into)).toEqual(before);
    },
  );

  test('aborted before it begins, no worker is made', async () => {
    const make = vi.fn(create);
    const run = await fitInWorker(make, { signal: AbortSignal.abort(), progress: false });
    expect(run).toMatchObject(nothing);
    expect(make).not.toHaveBeenCalled();
  });

  test('aborted while it reads its data, it does nothing', async () => {
    const controller = new AbortController();
    const make = () => {
      const worker = create();
      worker.on('message', ({ type }) => type === 'prepared' && controller.abort());
      return worker;
    };
    expect(await fitInWorker(make, { args: {}, signal: controller.signal, progress: false })).toMatchObject(nothing);
  });

  test.each([
    ['task', RangeError, /no such task/],
    ['data', DataError, /training data/],
  ] as const)('an error of the %s comes out as what it is', async (fails, _, message) => {
    const error = await fitInWorker(create, { args: { fails }, progress: false }).catch((e: unknown) => e);
    expect((error as Error).name).toBe(fails === 'data' ? 'DataError' : 'RangeError');
    expect((error as Error).message).toMatch(message);
    if (fails === 'data') expect(error).toBeInstanceOf(DataError);
  });

  test('an error of its store is a CheckpointError, and names the problem', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    const error = await fitInWorker(create, { args: { directory: join(file, 'run') }, progress: false }).catch(e => e);
    expect(error).toBeInstanceOf(CheckpointError);
    expect(error.problem).toBe('storage');
  });

  test('what cannot be sent to it is refused', async () => {
    const args = { rows: () => 50 };
    const error = await fitInWorker(create, { args, progress: false }).catch(e => e);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.message).toMatch(/^fitInWorker: option `args`: .*no functions.*\(\) => 50/);
  });

  test('a model of another shape is refused, and keeps its weights', async () => {
    const into = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [4] })] });
    const before = numbers(into);
    await expect(fitInWorker(create, { args: {}, into, progress: false })).rejects.toThrow(DataError);
    expect(numbers(into)).toEqual(before);
  });
});

describe('a worker that dies', () => {
  // worker.long.test.ts: two of them, and those that have saved nothing
  losesNothing(1, () => folder);

  test('again and again: an error', async () => {
    const warn = vi.fn();
    const run = fitInWorker(create, { args: { diesAt: 2 }, warn, restarts: 1, progress: false });
    await expect(run).rejects.toThrow(/died 2 times.*code 7.*Nothing of this run is saved/);
    await expect(run).rejects.toThrow(BackendError);
    expect(warn).toHaveBeenCalledTimes(1);
  });
});

describe('several workers', () => {
  // worker.long.test.ts: other numbers of them, and more of what they have in common
  sharesEachBatch(2);
  givesWholeBatches(2);

  test('an abort stops all of them', async () => {
    const controller = new AbortController();
    const progress = ({ step }: { step: number }) => void (step === 3 && controller.abort());
    const args = { options: { epochs: 100_000 } };
    const run = await fitInWorker(create, { args, workers: 2, signal: controller.signal, progress });
    expect(run.stopped).toBe('aborted');
  });

  test('where memory cannot be shared: one worker, and a plain message', async () => {
    vi.stubGlobal('crossOriginIsolated', false);
    try {
      const warn = vi.fn();
      const run = await fitInWorker(create, { args: {}, workers: 2, warn, progress: false });
      expect(sent(run)).toEqual((await here()).weights);
      expect(warn.mock.calls[0]![0]).toMatch(/one worker instead of 2/);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

test.each<[object, RegExp]>([
  [{ workers: 0 }, /`workers`. Expected an integer ≥ 1/],
  [{ workers: 1.5 }, /`workers`/],
  [{ restarts: -1 }, /`restarts`/],
  [{ grace: -1 }, /`grace`. Expected a number ≥ 0/],
  [{ grace: Infinity }, /`grace`/],
  [{ wokers: 2 }, /unknown option `wokers`. Did you mean `workers`/],
  [{ progress: 'barr' }, /`progress`. Expected one of 'bar', 'lines', false, or a function/],
  [{ signal: 'abort' }, /`signal`/],
  [{ into: {} }, /expected a tf.LayersModel/],
])('%o is refused, before a worker is made', async (options, message) => {
  const made = vi.fn(create);
  await expect(fitInWorker(made, options)).rejects.toThrow(message);
  await expect(fitInWorker(made, options)).rejects.toThrow(OptionError);
  expect(made).not.toHaveBeenCalled();
});

test('every worker has ended', async () => {
  await ended();
});
