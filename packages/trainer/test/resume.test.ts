/** A run that was interrupted anywhere and resumed ends with the weights, to the bit, of one that was not. */
import { ema } from '@keepprob/averaging';
import { cosine } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import { gradientNoise } from '@keepprob/gradients';
import { install, uninstall } from '@keepprob/kernels/wasm';
import { l2 } from '@keepprob/l2';
import { schedule } from '@keepprob/schedules';
import { earlyStopping } from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CheckpointError, type FitOptions, fit, memoryStore } from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const ROWS = 22;
const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
const build = (units = 6) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units, activation: 'relu', inputShape: [3], kernelInitializer: seeded(1) }),
      dropout({ keepProb: 0.7 }),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seeded(2) }),
    ],
  });
const part = (seed: number, rows: number) => ({
  x: tf.randomNormal([rows, 3], 0, 1, 'float32', seed),
  y: tf.oneHot(
    tf.tensor1d(
      Array.from({ length: rows }, (_, i) => i % 2),
      'int32',
    ),
    2,
  ),
});
const numbers = (model: tf.LayersModel) => model.getWeights(false).flatMap(w => [...w.dataSync()]);

type Plugins = () => NonNullable<FitOptions['plugins']>;
const recipes: Record<string, { plugins: Plugins; optimizer: () => tf.Optimizer; more?: Partial<FitOptions> }> = {
  'Adam, early stopping that stops': {
    plugins: () => [l2(1e-3), earlyStopping({ patience: 1, minDelta: 0.02 })],
    optimizer: () => tf.train.adam(0.05),
  },
  'momentum, average, noise, a schedule, no last batch': {
    plugins: () => [
      schedule({ learningRate: cosine({ from: 0.2, to: 0.01, steps: 12 }) }),
      gradientNoise({ eta: 0.01 }),
      ema(0.9),
    ],
    optimizer: () => tf.train.momentum(0.1, 0.9),
    more: { dropLast: true },
  },
};

/** Trains; `dies` throws after that many updates, as a killed process would stop: after the update, before or after it is saved. */
async function train(
  { plugins, optimizer, more }: (typeof recipes)[string],
  options: Partial<FitOptions> = {},
  dies = Infinity,
) {
  const model = build();
  const [data, validation] = [part(3, ROWS), part(4, 9)];
  const adam = optimizer();
  const run = fit(model, data, {
    loss: 'categoricalCrossentropy',
    optimizer: adam,
    epochs: 4,
    batchSize: 8,
    seed: 11,
    metrics: ['accuracy'],
    validation,
    plugins: plugins(),
    progress: ({ type, step }) => {
      if (type === 'step' && step === dies) throw new Error('killed');
    },
    ...more,
    ...options,
  });
  try {
    const result = await run;
    return { result, weights: numbers(model) };
  } finally {
    tf.dispose([data, validation]);
    adam.dispose();
    model.dispose();
  }
}

const backends = {
  cpu: () => tf.setBackend('cpu'),
  'wasm with kernels': async () => {
    await tf.setBackend('wasm');
    expect((await install()).installed).toBe(true);
  },
};
const everywhere = Object.entries(backends).flatMap(([backend, enter]) =>
  Object.entries(recipes).map(([name, recipe]) => ({ name, backend, enter, recipe })),
);

describe.each(everywhere)('$name, on $backend', ({ enter, recipe }) => {
  beforeAll(enter);
  afterAll(async () => {
    uninstall();
    await tf.setBackend('cpu');
  });

  test.each<number | 'epoch'>([1, 2, 'epoch'])(
    'saved every %s, killed after every step: same weights, same history',
    async every => {
      const whole = await train(recipe);
      for (let dies = 1; dies <= whole.result.steps; dies++) {
        const store = memoryStore();
        const checkpoint = { store, every };
        await expect(train(recipe, { checkpoint, resume: true }, dies)).rejects.toThrow('killed');
        const resumed = await train(recipe, { checkpoint, resume: true });
        expect(resumed.weights, `killed after ${dies}`).toEqual(whole.weights);
        expect(resumed.result).toEqual(whole.result);
      }
    },
  );

  test('resumed again and again, one step each time', async () => {
    const whole = await train(recipe);
    const checkpoint = { store: memoryStore(), every: 1 };
    for (let dies = 1; dies < whole.result.steps; dies++) {
      await expect(train(recipe, { checkpoint, resume: true }, dies)).rejects.toThrow('killed');
    }
    expect((await train(recipe, { checkpoint, resume: true })).weights).toEqual(whole.weights);
  });

  test('aborted in mid-epoch: saved there', async () => {
    const whole = await train(recipe);
    const checkpoint = { store: memoryStore() };
    const controller = new AbortController();
    const { result } = await train(recipe, {
      checkpoint,
      signal: controller.signal,
      progress: ({ type, step }) => void (type === 'step' && step === 4 && controller.abort()),
    });
    expect([result.stopped, result.steps]).toEqual(['aborted', 4]);
    const resumed = await train(recipe, { checkpoint, resume: true });
    expect(resumed.weights).toEqual(whole.weights);
    expect(resumed.result).toEqual(whole.result);
  });
});

const recipe = recipes['Adam, early stopping that stops']!;

describe('what has ended', () => {
  test('a finished run gives its result again and trains no further', async () => {
    const checkpoint = { store: memoryStore() };
    const whole = await train(recipe, { checkpoint });
    const steps: number[] = [];
    const again = await train(recipe, { checkpoint, resume: true, progress: ({ step }) => void steps.push(step) });
    expect(again).toEqual(whole);
    expect(new Set(steps)).toEqual(new Set([whole.result.steps]));
  });

  test('more epochs go on from there', async () => {
    const plain = { ...recipe, plugins: () => [l2(1e-3)] };
    const checkpoint = { store: memoryStore() };
    await train(plain, { checkpoint, epochs: 2 });
    const more = await train(plain, { checkpoint, epochs: 4, resume: true });
    expect(more.weights).toEqual((await train(plain, { epochs: 4 })).weights);
  });

  test('without resume a run starts anew in the same store, and is the newest there', async () => {
    const checkpoint = { store: memoryStore() };
    await train(recipe, { checkpoint });
    await train(recipe, { checkpoint, epochs: 1 });
    const again = await train(recipe, { checkpoint, resume: true, epochs: 1 });
    expect(again.result.steps).toBe(3);
  });
});

test('streams are read again up to where the run was', async () => {
  async function* stream() {
    for (let i = 0; i < 4; i++) yield part(i + 1, 5); // TF.js ignores seed 0
  }
  const train = async (options: Partial<FitOptions>) => {
    const model = build();
    await fit(model, stream, {
      loss: 'categoricalCrossentropy',
      optimizer: tf.train.adam(0.01),
      epochs: 2,
      seed: 2,
      progress: false,
      trainEvaluation: false,
      ...options,
    });
    return numbers(model);
  };
  const whole = await train({});
  const checkpoint = { store: memoryStore(), every: 1 };
  const dies = {
    progress: ({ step }: { step: number }) => {
      if (step === 6) throw new Error('killed');
    },
  };
  await expect(train({ checkpoint, ...dies })).rejects.toThrow('killed');
  expect(await train({ checkpoint, resume: true })).toEqual(whole);
});

describe('another run', () => {
  const saved = async () => {
    const checkpoint = { store: memoryStore() };
    await train(recipe, { checkpoint, epochs: 1 });
    return { checkpoint, resume: true } as const;
  };
  test.each<[string, Partial<FitOptions>, RegExp]>([
    ['batch size', { batchSize: 4 }, /data.batchSize: 8 in the checkpoint, 4 now/],
    [
      'plugins',
      { plugins: [l2(2e-3), earlyStopping({ patience: 1, minDelta: 0.02 })] },
      /plugins.0.l2.l2: 0.001 in the checkpoint, 0.002 now/,
    ],
    ['optimizer', { optimizer: 'sgd' }, /optimizer/],
    ['seed', { seed: 12 }, /seed: 11 in the checkpoint, 12 now/],
    ['shuffling', { shuffle: false }, /shuffle/],
  ])('%s: refused, and named', async (_, options, message) => {
    const resume = await saved();
    await expect(train(recipe, { ...resume, ...options })).rejects.toThrow(CheckpointError);
    await expect(train(recipe, { ...resume, ...options })).rejects.toThrow(message);
  });

  test("'force' goes on with other options", async () => {
    const { checkpoint } = await saved();
    const forced = await train(recipe, { checkpoint, resume: 'force', batchSize: 4 });
    expect(forced.result.steps).toBeGreaterThan(3);
  });

  test('a seed that was not given is that of the checkpoint', async () => {
    const checkpoint = { store: memoryStore() };
    const options = { checkpoint, seed: null, epochs: 1 };
    const first = await train(recipe, options);
    const second = await train(recipe, { ...options, resume: true });
    expect(second.result.seed).toBe(first.result.seed);
  });

  test('resume without a store is refused', async () => {
    await expect(train(recipe, { resume: true })).rejects.toThrow(/resume/);
  });
});

test('saving leaves no tensor behind', async () => {
  const left = async (options: Partial<FitOptions>) => {
    const before = tf.memory().numTensors;
    await train(recipe, options);
    return tf.memory().numTensors - before;
  };
  // what stays is TF.js': it stays without checkpoints as well
  expect(await left({ checkpoint: { store: memoryStore(), every: 1 } })).toBe(await left({}));
});
