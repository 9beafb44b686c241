/** Epochs at whose end validation data are evaluated: `validationFreq`. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chain, definePlugin, masked, OptionError } from '@keepprob/core';
import { earlyStopping, reduceOnPlateau } from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { CheckpointError, checkpoints, type FitEvent, type FitOptions, fit, memoryStore } from '../../src/index.ts';
import { csv } from '../../src/node.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const net = () =>
  tf.sequential({
    layers: [tf.layers.dense({ units: 1, inputShape: [1], useBias: false, kernelInitializer: 'ones' })],
  });
const data = { x: [[1], [2]], y: [[0], [0]] };
const train = async (options: Partial<FitOptions> = {}) => {
  const model = net();
  const optimizer = tf.train.sgd(0.01);
  try {
    const given = {
      loss: 'meanSquaredError',
      optimizer,
      epochs: 6,
      seed: 1,
      progress: false,
      validation: data,
    } as const;
    return { run: await fit(model, data, { ...given, ...options }), weight: model.getWeights()[0]?.dataSync()[0] };
  } finally {
    optimizer.dispose();
    model.dispose();
  }
};
const isNumber = (values: readonly number[] = []) => values.map(v => !Number.isNaN(v));
/** Whether each epoch is evaluated, from such a word. */
const epochs = (word: string) => [...word].map(letter => letter === 'v');

test.each<[FitOptions['validationFreq'], string]>([
  [undefined, 'vvvvvv'],
  [1, 'vvvvvv'],
  [2, '-v-v-v'],
  [4, '---v--'],
  [6, '-----v'],
  [[1, 5], 'v---v-'],
  [[2, 99], '-v----'],
])('%j evaluates epochs %s, whose numbers are those of a run that evaluates all', async (validationFreq, word) => {
  const { run } = await train(validationFreq === undefined ? {} : { validationFreq });
  const whole = (await train()).run;
  for (const [name, values] of Object.entries(whole.history)) {
    const has = name.startsWith('val') ? epochs(word) : epochs('vvvvvv');
    expect(isNumber(run.history[name])).toEqual(has);
    expect(run.history[name]).toEqual(values.map((v, i) => (has[i] ? v : Number.NaN)));
  }
  const last = word.lastIndexOf('v');
  expect(run.gap).toBe((whole.history.valLoss?.[last] ?? 0) - (whole.history.cleanLoss?.[last] ?? 0));
});

test.each([[0], [1.5], [-1], [[]], [[0]], [[1.5]], ['2'], [7], [[7, 8]]])('refuses %j', async value => {
  const before = tf.memory().numTensors;
  const error = await train({ validationFreq: value as unknown as number }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(OptionError);
  expect(error).toMatchObject({ option: 'validationFreq' });
  expect(tf.memory().numTensors).toBe(before);
});

/** Tells at which epochs it is asked, and of which validation losses. */
const asked = (epochsAsked: [number, number | undefined][], monitors?: () => string[]) =>
  definePlugin<object>({
    name: 'asked',
    options: {},
    setup: () => ({
      ...(monitors && { monitors }),
      epochEnd(logs, _, at) {
        epochsAsked.push([at.epoch, logs.valLoss]);
      },
    }),
  })();

describe('plugins', () => {
  test('that watch a validation log are asked where there is one; others always, without it', async () => {
    const [watching, free]: [number, number | undefined][][] = [[], []];
    await train({ validationFreq: 3, plugins: [asked(watching ?? [], () => ['val_loss']), asked(free ?? [])] });
    expect(watching).toEqual([2, 5].map(epoch => [epoch, expect.any(Number)]));
    expect(free?.map(([epoch, loss]) => [epoch, loss !== undefined])).toEqual(
      [0, 1, 2, 3, 4, 5].map(e => [e, e % 3 === 2]),
    );
  });
  test('patience counts epochs that were evaluated', async () => {
    // no change is large enough: the second evaluation is the first without improvement
    const plugins = [earlyStopping({ patience: 2, minDelta: 100 })];
    const { run } = await train({ validationFreq: 2, epochs: 20, plugins });
    expect(run.epochs).toBe(6);
    expect(run.stopped).toContain('of epoch 2 for 2 epochs (epoch 6)');
  });
  test('chained, each goes by its own log', async () => {
    const rates: number[] = [];
    const plugins = [
      reduceOnPlateau({ monitor: 'valLoss', factor: 0.5, patience: 1, minDelta: 100 }),
      definePlugin<object>({
        name: 'rates',
        options: {},
        setup: () => ({ epochEnd: (_, __, at) => void rates.push(at.learningRate) }),
      })(),
    ];
    await train({ validationFreq: 2, plugins: [chain(masked(chain(...plugins), () => true))] });
    // set after every plugin was asked
    expect(rates.map(r => Number(r.toFixed(4)))).toEqual([0.01, 0.01, 0.01, 0.01, 0.005, 0.005]);
  });
});

describe('checkpoints', () => {
  test('the best one is of an epoch that was evaluated', async () => {
    const store = memoryStore();
    await train({ validationFreq: 4, checkpoint: { store } });
    expect((await checkpoints(store).best())?.manifest).toMatchObject({ epoch: 4 });
  });
  test.each([1, 2, 3, 4, 5])('a run killed in epoch %i and resumed is the one that was not', async dies => {
    const options = { validationFreq: [2, 3, 6], plugins: [earlyStopping({ patience: 9 })] };
    const whole = await train(options);
    const checkpoint = { store: memoryStore() };
    const progress = ({ type, epoch }: FitEvent) => {
      if (type === 'step' && epoch === dies) throw new Error('killed');
    };
    await expect(train({ ...options, checkpoint, progress })).rejects.toThrow('killed');
    const resumed = await train({ ...options, checkpoint, resume: true });
    expect(resumed).toEqual(whole);
  });
  test('one of another frequency is refused', async () => {
    const checkpoint = { store: memoryStore() };
    await train({ validationFreq: 2, epochs: 2, checkpoint });
    await expect(train({ validationFreq: 3, checkpoint, resume: true })).rejects.toThrow(CheckpointError);
  });
});

test('a stream that is read once per evaluation is left at its place', async () => {
  const passes: number[] = [];
  const validation = async function* () {
    passes.push(passes.length);
    yield { x: tf.tensor2d(data.x), y: tf.tensor2d(data.y) };
  };
  await train({ validationFreq: 2, validation: validation as NonNullable<FitOptions['validation']> });
  expect(passes).toHaveLength(3);
});

test('a table has a column for each log, empty where an epoch lacks it', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'freq-')), 'log.csv');
  await train({ validationFreq: 3, epochs: 3, listeners: [csv(file)] });
  const [header = '', ...rows] = readFileSync(file, 'utf8').trim().split('\n');
  const place = header.split(',').indexOf('valLoss');
  expect(place).toBeGreaterThan(0);
  expect(rows.map(row => row.split(',')[place] !== '')).toEqual([false, false, true]);
});

test('fastDevRun evaluates its only epoch', async () => {
  const { run } = await train({ fastDevRun: true, validationFreq: 5 });
  expect(isNumber(run.history.valLoss)).toEqual([true]);
});
