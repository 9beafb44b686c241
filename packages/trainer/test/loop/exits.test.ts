/**
 * Whatever happens in whatever phase of a run, what was done is kept: the history, the newest checkpoint, a model that works; nothing leaks; and the run that goes
 * on from there ends as one that nothing happened to.
 */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ema } from '@keepprob/averaging';
import { PluginError } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import { gradientNoise } from '@keepprob/gradients';
import { l2 } from '@keepprob/l2';
import { earlyStopping } from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type CheckpointStore,
  checkpoints,
  type FitOptions,
  type FittedRun,
  fit,
  memoryStore,
} from '../../src/index.ts';
import { directoryStore } from '../../src/node.ts';
import { canMount, makeReadOnly, smallDisk } from '../support/smallDisk.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

// every kind of batch has rows of its own, so that a metric knows where it is: batches of 8, 8 and 6; all 22 rows with dropout off; dev data
const [ROWS, BATCH, DEV] = [22, 8, 9];
const EPOCHS = 4;

const build = (units = 6): tf.LayersModel =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        units,
        activation: 'relu',
        inputShape: [3],
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
      }),
      dropout({ keepProb: 0.7 }),
      tf.layers.dense({
        units: 2,
        activation: 'softmax',
        kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }),
      }),
    ],
  });
const part = (seed: number, rows: number) => ({
  x: tf.randomNormal([rows, 3], 0, 1, 'float32', seed),
  y: tf.tidy(() =>
    tf.oneHot(
      tf.tensor1d(
        Array.from({ length: rows }, (_, i) => i % 2),
        'int32',
      ),
      2,
    ),
  ),
});

interface Outcome {
  readonly run: FittedRun | undefined;
  readonly error: unknown;
  readonly weights: readonly number[];
  /** Tensors that there are more of, after all that the caller owns is disposed. */
  readonly left: number;
}

/** Trains to whatever end, with data in tensors of the caller's own. */
async function train(options: Partial<FitOptions>, units?: number): Promise<Outcome> {
  const before = tf.memory().numTensors;
  const [model, data, validation, optimizer] = [build(units), part(3, ROWS), part(4, DEV), tf.train.adam(0.05)];
  let run: FittedRun | undefined;
  let error: unknown;
  try {
    run = await fit(model, data, {
      loss: 'categoricalCrossentropy',
      optimizer,
      epochs: EPOCHS,
      batchSize: BATCH,
      seed: 11,
      validation,
      plugins: [l2(1e-3), gradientNoise({ eta: 0.01 }), ema(0.9)],
      progress: false,
      ...options,
    });
  } catch (caught) {
    error = caught;
  }
  const weights = model.getWeights().flatMap(w => [...w.dataSync()]);
  // the model works
  const answers = tf.tidy(() => [...(model.predict(validation.x) as tf.Tensor).dataSync()]);
  expect(answers.every(Number.isFinite)).toBe(true);
  optimizer.dispose();
  model.dispose();
  tf.dispose([data, validation]);
  return { run, error, weights, left: tf.memory().numTensors - before };
}

/** Where something happens: a run with options in which `now` is called once, in that phase. */
type Phase = (now: () => void) => Partial<FitOptions> & { readonly store?: CheckpointStore };

const once = (now: () => void, time = 1): (() => void) => {
  let times = 0;
  return () => {
    if (++times === time) now();
  };
};
/** In the `time`th forward pass over so many rows. */
const inPass = (rows: number, time: number): Phase => {
  return now => {
    const called = once(now, time);
    const accuracy = (y: tf.Tensor, p: tf.Tensor): tf.Tensor => {
      if (y.shape[0] === rows) called();
      return tf.metrics.categoricalAccuracy(y, p);
    };
    return { metrics: [accuracy] };
  };
};
const inWrite = (time: number): Phase => {
  return now => {
    const [store, called] = [memoryStore(), once(now, time)];
    const write: CheckpointStore['write'] = async (name, bytes) => {
      // after it was asked to, before it has
      await null;
      called();
      await store.write(name, bytes);
    };
    return { store: { ...store, write } };
  };
};
const inListener = (type: string, step: number): Phase => {
  return now => ({ listeners: [e => void (e.type === type && e.step === step && now())] });
};

/** With the updates and the whole epochs that an abort there leaves. */
const phases: Readonly<Record<string, readonly [phase: Phase, steps: number, epochs: number]>> = {
  'before the first step': [inListener('begin', 0), 0, 0],
  'in the first forward pass': [inPass(BATCH, 1), 1, 0],
  'in mid-epoch, in a forward pass': [inPass(BATCH, 3), 4, 1],
  'in mid-epoch, in a listener': [inListener('step', 5), 5, 1],
  // after 2 updates; the best one and the last one after 3
  'in mid-epoch, while saving': [inWrite(4), 4, 1],
  // an epoch that is not evaluated whole is not in the history, and the rest begins with its evaluation
  'in the last step of an epoch': [inListener('step', 6), 6, 1],
  'in evaluation on training data': [inPass(ROWS, 2), 6, 1],
  'in evaluation on dev data, its last batch': [inPass(DEV, 2), 6, 2],
  'in a listener at the end of an epoch': [inListener('epoch', 6), 6, 2],
};
const metrics = [inPass(0, 1)(() => undefined).metrics].flat() as FitOptions['metrics'];

describe.each(Object.entries(phases))('%s', (_, [phase, steps, epochs]) => {
  /** What the whole run is, with the metric that a phase may need. */
  const expected = (options: Partial<FitOptions>): Promise<Outcome> =>
    train({ ...(options.metrics && { metrics }), checkpoint: { store: memoryStore() } });

  const resumed = async (store: CheckpointStore, options: Partial<FitOptions>): Promise<void> => {
    const [whole, again] = [
      await expected(options),
      await train({ ...(options.metrics && { metrics }), checkpoint: { store, every: 2 }, resume: true }),
    ];
    expect(again.error).toBeUndefined();
    expect(again.weights).toEqual(whole.weights);
    expect(again.run).toEqual(whole.run);
  };

  test('an abort: the history is kept, nothing leaks, the rest follows', async () => {
    const stopper = new AbortController();
    const { store = memoryStore(), ...options } = phase(() => stopper.abort());
    const whole = await expected(options);
    const { run, left } = await train({ ...options, checkpoint: { store, every: 2 }, signal: stopper.signal });
    expect(run).toMatchObject({ stopped: 'aborted', steps, epochs });
    for (const [name, values] of Object.entries(whole.run!.history))
      expect(run!.history[name] ?? []).toEqual(values.slice(0, epochs));
    expect(left).toBe(0);
    expect((await checkpoints(store).latest())!.manifest).toMatchObject({ step: steps, stopped: null });
    await resumed(store, options);
  });

  test('an error: thrown as it is, nothing leaks, the rest follows', async () => {
    const failure = new Error('planted');
    const { store = memoryStore(), ...options } = phase(() => {
      throw failure;
    });
    const { run, error, left } = await train({ ...options, checkpoint: { store, every: 2 } });
    expect(run).toBeUndefined();
    expect([error, (error as Error).cause]).toContain(failure);
    expect(left).toBe(0);
    await resumed(store, options);
  });
});

test('aborted before it begins: no update, no history', async () => {
  const { run, left } = await train({ signal: AbortSignal.abort() });
  expect(run).toMatchObject({ stopped: 'aborted', steps: 0, epochs: 0, history: {} });
  expect(left).toBe(0);
});

test('an abort after the last update comes too late: all epochs are done', async () => {
  const stopper = new AbortController();
  const aborts = inListener('epoch', 12)(() => stopper.abort());
  const { run } = await train({ ...aborts, signal: stopper.signal });
  expect(stopper.signal.aborted).toBe(true);
  expect(run).toMatchObject({ steps: 12, epochs: EPOCHS });
  expect(run!.stopped).toBeUndefined();
});

describe('a disk that fails in mid-training: an error, the last good checkpoint, all tensors given back', () => {
  const UNITS = 3000;
  const stepOf = async (disk: string): Promise<number> =>
    (await checkpoints(directoryStore(disk), { warn: message => expect.unreachable(message) }).latest())!.manifest.step;

  test.skipIf(!canMount)('full', async () => {
    const disk = smallDisk();
    // six weights of each unit, two slots and an average of each weight: 288 kB a file
    const { error, left } = await train({ checkpoint: { store: directoryStore(disk), every: 1, keep: 9 } }, UNITS);
    expect(error).toMatchObject({ name: 'CheckpointError', problem: 'full' });
    expect(left).toBe(0);
    const files = (await readdir(disk)).sort();
    expect(files).toHaveLength(3);
    expect(await stepOf(disk)).toBe(3);
    // room again
    for (const name of files.slice(0, -1)) await rm(join(disk, name));
    const checkpoint = { store: directoryStore(disk), keep: 1, best: null };
    const resumed = await train({ checkpoint, resume: true }, UNITS);
    expect(resumed.error).toBeUndefined();
    expect(resumed.weights).toEqual((await train({}, UNITS)).weights);
  });

  test.skipIf(!canMount)('read-only', async () => {
    const disk = smallDisk();
    const { error, left } = await train({
      checkpoint: { store: directoryStore(disk), every: 1 },
      listeners: [e => void (e.step === 5 && makeReadOnly(disk))],
    });
    expect(error).toMatchObject({ name: 'CheckpointError', problem: 'readOnly' });
    expect(left).toBe(0);
    expect(await stepOf(disk)).toBe(4);
  });

  test('not there and not to be made', async () => {
    const { error, left } = await train({ checkpoint: { store: directoryStore('/dev/null/runs'), every: 1 } });
    expect(error).toMatchObject({ name: 'CheckpointError', problem: 'storage' });
    expect(left).toBe(0);
    expect(existsSync('/dev/null/runs')).toBe(false);
  });
});

describe('a model that is disposed in mid-run', () => {
  let dispose: () => void;
  test.each<[string, FitOptions['progress']]>([
    ['after a step', ({ type, step }) => void (type === 'step' && step === 4 && dispose())],
    ['after the last step of an epoch', ({ type, step }) => void (type === 'step' && step === 6 && dispose())],
    ['after an epoch', ({ type, epoch }) => void (type === 'epoch' && epoch === 1 && dispose())],
  ])('%s', async (_, progress) => {
    const before = tf.memory().numTensors;
    const [model, data, validation, optimizer] = [build(), part(3, ROWS), part(4, DEV), tf.train.adam(0.05)];
    dispose = () => model.dispose();
    const running = fit(model, data, {
      loss: 'categoricalCrossentropy',
      optimizer,
      epochs: EPOCHS,
      batchSize: BATCH,
      validation,
      plugins: [l2(1e-3), ema(0.9), earlyStopping()],
      checkpoint: { store: memoryStore() },
      progress: progress ?? false,
    });
    await expect(running).rejects.toThrow(PluginError);
    await expect(running).rejects.toThrow(/the model was disposed while it was training/);
    optimizer.dispose();
    tf.dispose([data, validation]);
    expect(tf.memory().numTensors).toBe(before);
  });
});
