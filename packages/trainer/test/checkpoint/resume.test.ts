/** A run that was interrupted anywhere and resumed ends with the weights, to the bit, of one that was not. */
import { ema } from '@keepprob/averaging';
import { cosine } from '@keepprob/core/schedules';
import { dropout } from '@keepprob/dropout';
import { amsgrad, gradientNoise } from '@keepprob/gradients';
import { install, uninstall } from '@keepprob/kernels/wasm';
import { l2, weightDecay } from '@keepprob/l2';
import { schedule } from '@keepprob/schedules';
import { earlyStopping, reduceOnPlateau } from '@keepprob/stopping';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fingerprints } from '../../src/data/fingerprint.ts';
import {
  CheckpointError,
  checkpoints,
  evaluateRows,
  type FitOptions,
  fit,
  memoryStore,
  restoreWeights,
} from '../../src/index.ts';

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
  'AMSGrad, weight decay': {
    plugins: () => [weightDecay(1e-2)],
    optimizer: () => amsgrad({ learningRate: 0.05, beta2: 0.9 }),
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

describe.each(everywhere)('$name, on $backend', ({ backend, enter, recipe }) => {
  beforeAll(enter);
  afterAll(async () => {
    uninstall();
    await tf.setBackend('cpu');
  });

  let whole: Awaited<ReturnType<typeof train>>;
  beforeAll(async () => {
    whole = await train(recipe);
  });

  // `npm run test:long` kills after every step, and saves as often on each backend; five steps apart, all three places of an epoch are met
  const all = process.env.CASES === 'all';
  const apart = all ? 1 : 5;
  test.each<number | null>(all || backend === 'cpu' ? [1, 2, null] : [2])(
    `saved every %s steps, killed after every ${apart === 1 ? 'step' : 'fifth step'}: same weights, same history`,
    async every => {
      for (let dies = Math.min(every ?? apart, apart); dies <= whole.result.steps; dies += apart) {
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
    const checkpoint = { store: memoryStore(), every: 1 };
    // `npm test`: through two epochs, their ends and evaluations
    for (let dies = 1; dies < (all ? whole.result.steps : 6); dies++) {
      await expect(train(recipe, { checkpoint, resume: true }, dies)).rejects.toThrow('killed');
    }
    expect((await train(recipe, { checkpoint, resume: true })).weights).toEqual(whole.weights);
  });

  test('aborted in mid-epoch: saved there', async () => {
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
  const rows = (row: number[]) => Array.from({ length: 9 }, () => row);
  const others = { x: rows([0, 0, 1]), y: rows([0, 1]) };
  const saved = async () => {
    const checkpoint = { store: memoryStore() };
    await train(recipe, { checkpoint, epochs: 1 });
    return { checkpoint, resume: true } as const;
  };
  /** Of all that is refused: it does nothing to the checkpoint. */
  let resume: Awaited<ReturnType<typeof saved>>;
  beforeAll(async () => {
    resume = await saved();
  });
  test.each<[string, Partial<FitOptions>, RegExp]>([
    ['batch size', { batchSize: 4 }, /data.batchSize: 8 in the checkpoint, 4 now/],
    [
      'plugins',
      { plugins: [l2(2e-3), earlyStopping({ patience: 1, minDelta: 0.02 })] },
      /plugins.0.l2.strength: 0.001 in the checkpoint, 0.002 now/,
    ],
    ['optimizer', { optimizer: 'sgd' }, /optimizer/],
    ['seed', { seed: 12 }, /seed: 11 in the checkpoint, 12 now/],
    ['shuffling', { shuffle: false }, /shuffle/],
    ['loss', { loss: 'meanSquaredError' }, /objective.loss.0: "categoricalCrossentropy" in .*, "meanSquaredError" now/],
    ['lossWeights', { lossWeights: [2] }, /objective.lossWeights.0: 1 in the checkpoint, 2 now/],
    ['classWeight', { classWeight: { 1: 50 } }, /objective.classWeight.0: null in the checkpoint, \[1,50\] now/],
    ['metrics', { metrics: [tf.metrics.cosineProximity] }, /objective.metrics.0: "accuracy" in .*cosineProximity/],
    [
      'no dev data',
      { validation: null, plugins: [l2(1e-3), earlyStopping({ monitor: 'loss', patience: 9 })] },
      /data.validation: \{"x":.* in the checkpoint, null now/,
    ],
    ['dev data of other numbers', { validation: others }, /data.validation.x.0: "\[9,3\] float32, CRC-32C \w{8}"/],
    ['trainEvaluation', { trainEvaluation: 7 }, /data.trainEvaluation: true in the checkpoint, 7 now/],
  ])('%s: refused, and named', async (_, options, message) => {
    const error = await train(recipe, { ...resume, ...options }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as Error).message).toMatch(message);
  });

  test('large arrays are told apart by rows at equal distances, the last among them, and leave no tensor', async () => {
    const shape = [2 ** 19 + 1, 8]; // twice as many numbers as are read
    const data = new Float32Array(shape[0]! * 8).fill(0.5);
    const before = tf.memory().numTensors;
    const of = async (numbers: Float32Array) => {
      const x = tf.tensor(numbers, shape);
      return fingerprints({ x }).finally(() => x.dispose());
    };
    const known = await of(data);
    expect(known).toEqual([expect.stringMatching(/^\[524289,8\] float32, CRC-32C [0-9a-f]{8}$/)]);
    expect(await of(data.slice())).toEqual(known);
    const [others, last] = [data.map(v => v + 1), data.slice()];
    last[last.length - 1] = 2;
    expect(await of(others)).not.toEqual(known);
    expect(await of(last)).not.toEqual(known);
    expect(tf.memory().numTensors).toBe(before);
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

describe('paused and resumed in one process, with one optimizer', () => {
  const moved: Record<string, { plugins: Plugins; optimizer: () => tf.Optimizer }> = {
    'a schedule of learning rate and momentum': {
      plugins: () => [
        schedule({
          learningRate: cosine({ from: 0.1, to: 0, steps: 12 }),
          momentum: cosine({ from: 0.5, to: 0.9, steps: 12 }),
        }),
      ],
      optimizer: () => tf.train.momentum(0.1, 0.5),
    },
    reduceOnPlateau: {
      plugins: () => [reduceOnPlateau({ monitor: 'loss', patience: 0, minDelta: 100, factor: 0.5 })],
      optimizer: () => tf.train.adam(0.1),
    },
  };
  const epochs = async (recipe: (typeof moved)[string], optimizer: tf.Optimizer, options: Partial<FitOptions>) => {
    const model = build();
    const result = await fit(model, part(3, ROWS), {
      ...{ loss: 'categoricalCrossentropy', optimizer, batchSize: 8, seed: 11, progress: false },
      ...{ plugins: recipe.plugins(), ...options },
    });
    return { result, weights: numbers(model) };
  };

  test.each(Object.entries(moved))('%s: as if it had gone through', async (_, recipe) => {
    const whole = await epochs(recipe, recipe.optimizer(), { epochs: 4 });
    const [optimizer, checkpoint] = [recipe.optimizer(), { store: memoryStore() }];
    for (const n of [1, 2, 3]) await epochs(recipe, optimizer, { epochs: n, checkpoint, resume: true });
    // and in a new process, where it is made as at first
    expect(await epochs(recipe, recipe.optimizer(), { epochs: 4, checkpoint, resume: true })).toEqual(whole);
  });

  test.each(Object.entries(moved))('%s: another rate is refused', async (_, recipe) => {
    const [optimizer, checkpoint] = [recipe.optimizer(), { store: memoryStore() }];
    await epochs(recipe, optimizer, { checkpoint });
    (optimizer as tf.SGDOptimizer & { learningRate: number }).learningRate = 0.3;
    await expect(epochs(recipe, optimizer, { checkpoint, epochs: 2, resume: true })).rejects.toThrow(
      /optimizer.\w+.learningRate: 0.1 in the checkpoint, 0.3 now/,
    );
  });
});

describe('the best epoch', () => {
  const plain = { ...recipe, plugins: () => [] };
  test.each([
    ['valAccuracy', (a: number, b: number) => a > b],
    ['valLoss', (a: number, b: number) => a < b],
  ] as const)('by %s', async (best, better) => {
    const store = memoryStore();
    const { result } = await train(plain, { epochs: 8, checkpoint: { store, best } });
    const values = result.history[best]!;
    const first = values.findIndex(v => !values.some(other => better(other, v)));
    expect((await checkpoints(store).best())!.manifest.epoch).toBe(first + 1);
  });

  test('by a log that there will not be: an error that names those there are, before anything happens', async () => {
    const checkpoint = { store: memoryStore(), best: 'valLos', mode: 'min' } as const;
    const failed = expect(train(plain, { checkpoint })).rejects;
    await failed.toThrow(
      /fit: checkpoint: .*`best`.* one of the logs of this run \(loss, accuracy, .*valAccuracy.*\).*"valLos".*Did you mean "valLoss"\?/,
    );
    expect(await checkpoint.store.list()).toEqual([]);
    // not named, and without dev data there is none
    await train(plain, { checkpoint: { store: memoryStore() }, validation: null, epochs: 1 });
    await train(plain, { checkpoint: { store: memoryStore(), best: null }, epochs: 1 });
  });

  test('beside an average has the weights that were evaluated; the last has the trained ones', async () => {
    const store = memoryStore();
    const averaging = { ...recipe, plugins: () => [ema(0.9)] };
    const { result } = await train(averaging, { checkpoint: { store } });
    const [best, last] = [await checkpoints(store).best(), await checkpoints(store).latest()];
    const measured = async (checkpoint: typeof best) => {
      const model = build();
      restoreWeights(model, checkpoint);
      const { loss } = await evaluateRows(model, part(4, 9), { loss: 'categoricalCrossentropy' });
      return loss.reduce((a, b) => a + b) / loss.length;
    };
    expect(await measured(best)).toBeCloseTo(Math.min(...result.history.valLoss!), 5);
    expect(await measured(last)).not.toBeCloseTo(result.history.valLoss!.at(-1)!, 5);
    // resumed and aborted before its first update: nothing has happened that could be saved
    const before = await store.read('best.safetensors');
    await train(averaging, { checkpoint: { store }, resume: true, epochs: 6, signal: AbortSignal.abort() });
    expect(await store.read('best.safetensors')).toEqual(before);
  });

  test('of an earlier run goes when a new one is saved, and not before', async () => {
    const store = memoryStore();
    await train(plain, { checkpoint: { store } });
    await expect(train(plain, { checkpoint: { store }, seed: 12 }, 2)).rejects.toThrow('killed');
    expect((await checkpoints(store).best())!.manifest.seed).toBe(11);
    await train(plain, { checkpoint: { store }, seed: 12, epochs: 1, validation: null });
    expect(await checkpoints(store).best()).toBeUndefined();
    expect((await checkpoints(store).latest())!.manifest.seed).toBe(12);
  });
});

test('a model that carries states from batch to batch is refused: they are in no checkpoint', async () => {
  const rnn = (stateful: boolean) =>
    tf.sequential({
      layers: [tf.layers.simpleRNN({ units: 1, stateful, batchInputShape: [2, 3, 1], name: `rnn${stateful}` })],
    });
  const data = () => ({ x: tf.zeros([4, 3, 1]), y: tf.zeros([4, 1]) });
  const options = {
    loss: 'meanSquaredError',
    optimizer: 'sgd',
    batchSize: 2,
    trainEvaluation: 2,
    progress: false,
  } as const;
  const checkpoint = { store: memoryStore() };
  await expect(fit(rnn(true), data(), { ...options, checkpoint })).rejects.toThrow(/stateful .*\("rnntrue"\)/);
  expect(await checkpoint.store.list()).toEqual([]);
  await fit(rnn(false), data(), { ...options, checkpoint });
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
