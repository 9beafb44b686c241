/**
 * Nothing depends on the name of a backend or on kernels that only some have. The binary of tfjs-node is not on npm, so a stand-in has its place: a backend called `tensorflow`, as that of
 * tfjs-node is, which has the kernels of `cpu` and none of ours. Every technique trains on it to the weights that it has on `cpu`.
 */
import type { TrainingPlugin } from '@keepprob/core';
import type { LayerEntry, PluginEntry } from '@keepprob/core/catalogue';
import { FIT_ONLY } from '@keepprob/core/driver';
import { ADAM_KERNEL, DROPOUT_KERNEL, hasExtraKernel, READ_KERNEL } from '@keepprob/core/kernels';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fit } from '../src/index.ts';
import { catalogue, plugins } from './support/candidates.ts';

const NAME = 'tensorflow';

beforeAll(async () => {
  await tf.setBackend('cpu');
  tf.registerBackend(NAME, () => new MathBackendCPU());
  for (const kernel of tf.getKernelsForBackend('cpu')) tf.registerKernel({ ...kernel, backendName: NAME });
  tf.unregisterKernel('Transform', NAME);
  tf.registerKernel({ kernelName: 'Transform', backendName: NAME, kernelFunc: transform });
});
afterAll(async () => {
  await tf.setBackend('cpu');
  for (const { kernelName } of tf.getKernelsForBackend(NAME)) tf.unregisterKernel(kernelName, NAME);
  tf.removeBackend(NAME);
});

/** That of cpu returns after the first image of a batch, so that it is given one after another. */
const transform: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const cpu = backend as MathBackendCPU;
  const [image, maps] = [inputs.image as tf.TensorInfo, inputs.transforms as tf.TensorInfo];
  const [rows = 1, ...shape] = image.shape;
  const valuesOf = ({ dataId }: tf.TensorInfo) => cpu.data.get(dataId).values as Float32Array;
  const rowOf = (info: tf.TensorInfo, row: number, ...sizes: number[]): tf.TensorInfo => {
    const size = sizes.reduce((a, b) => a * b, 1);
    return cpu.makeTensorInfo([1, ...sizes], 'float32', valuesOf(info).slice(row * size, (row + 1) * size));
  };
  const results = Array.from({ length: rows }, (_, row) => {
    const given = { image: rowOf(image, row, ...shape), transforms: rowOf(maps, row, 8) };
    const result = tf.getKernel('Transform', 'cpu').kernelFunc({ inputs: given, attrs: attrs ?? {}, backend });
    return [result].flat()[0] as tf.TensorInfo;
  });
  const values = Float32Array.from(results.flatMap(one => [...valuesOf(one)]));
  return cpu.makeTensorInfo([rows, ...(results[0]?.shape.slice(1) ?? [])], 'float32', values);
};

const ROWS = 24;
const SEED = 9;
const SIZES = { epochs: 2, batchSize: 8 } as const;
const loss = 'categoricalCrossentropy';
const init = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });

/** A net with a layer in it, and what goes in. */
interface Subject {
  net(): tf.LayersModel;
  x(): tf.Tensor;
}

const numbers: Subject = {
  net: () =>
    tf.sequential({
      layers: [
        tf.layers.dense({ units: 8, activation: 'tanh', inputShape: [6], ...init(1) }),
        tf.layers.dense({ units: 3, activation: 'softmax', ...init(2) }),
      ],
    }),
  x: () => tf.randomNormal([ROWS, 6], 0, 1, 'float32', 5),
};
const images: Subject = {
  net: () =>
    tf.sequential({
      layers: [
        tf.layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [6, 6, 3], ...init(1) }),
        tf.layers.flatten(),
        tf.layers.dense({ units: 3, activation: 'softmax', ...init(2) }),
      ],
    }),
  x: () => tf.randomUniform([ROWS, 6, 6, 3], 0, 1, 'float32', 5),
};
/** The layer of an entry on what it takes. */
const around = ({ make, options, around: inner, trial }: LayerEntry): Subject => {
  const { inputShape, input } = trial;
  return {
    net() {
      const x = tf.input({ shape: [...inputShape] });
      const y = make(trial.options ?? options, inner()).apply(x) as tf.SymbolicTensor;
      const flat = y.shape.length > 2 ? (tf.layers.flatten().apply(y) as tf.SymbolicTensor) : y;
      const out = tf.layers.dense({ units: 3, activation: 'softmax', ...init(2) }).apply(flat);
      return tf.model({ inputs: x, outputs: out as tf.SymbolicTensor });
    },
    x: () =>
      tf.tidy(() => {
        const rows = input?.();
        return rows ? tf.tile(rows, [ROWS / (rows.shape[0] ?? 1), ...inputShape.map(() => 1)]) : numbersOf(inputShape);
      }),
  };
};
const numbersOf = (shape: readonly number[]): tf.Tensor => tf.randomNormal([ROWS, ...shape], 0, 1, 'float32', 5);

type Train = (model: tf.LayersModel, x: tf.Tensor, y: tf.Tensor) => Promise<unknown>;

/** The weights after training on a backend, from the same ones on each. */
async function weightsOn(backend: string, { net, x: given }: Subject, train: Train): Promise<number[]> {
  await tf.setBackend(backend);
  const model = net();
  for (const [i, weight] of model.weights.entries()) {
    const variable = weight.read() as tf.Variable;
    if (weight.originalName.includes('kernel') || weight.originalName.includes('embeddings'))
      variable.assign(tf.tidy(() => tf.randomNormal(variable.shape, 0, 0.3, 'float32', i + 1)));
  }
  const x = given();
  const y = tf.tidy(() =>
    tf
      .oneHot(
        tf.tensor1d(
          Array.from({ length: ROWS }, (_, i) => i % 3),
          'int32',
        ),
        3,
      )
      .toFloat(),
  );
  await train(model, x, y);
  expect(tf.getBackend()).toBe(backend);
  const weights = model.weights.flatMap(weight => [...weight.read().dataSync()]);
  model.dispose();
  tf.dispose([x, y]);
  return weights;
}

/** Numbers of `cpu`, up to the order in which they are added. */
async function expectSame(subject: Subject, train: Train): Promise<void> {
  const wanted = await weightsOn('cpu', subject, train);
  const found = await weightsOn(NAME, subject, train);
  expect(found.every(Number.isFinite)).toBe(true);
  expect(found).toHaveLength(wanted.length);
  expect(Math.max(...found.map((value, i) => Math.abs(value - (wanted[i] ?? Number.NaN))))).toBeLessThan(1e-5);
}

const byFit =
  (list: () => readonly TrainingPlugin[]): Train =>
  (model, x, y) => {
    const run = { ...SIZES, loss, seed: SEED, progress: false, validationSplit: 0.25 } as const;
    return fit(model, { x, y }, { ...run, optimizer: tf.train.adam(0.01), plugins: list() });
  };

const byStock =
  (plugin: () => TrainingPlugin): Train =>
  async (model, x, y) => {
    const reg = attach(model, { optimizer: tf.train.sgd(0.05), seed: SEED }, plugin());
    model.compile({ optimizer: reg.optimizer, loss });
    await model.fitDataset(reg.dataset(batches(x, y)) as never, {
      epochs: SIZES.epochs,
      verbose: 0,
      validationData: [x, y] as never,
      callbacks: reg.callback as never,
    });
    reg.dispose();
  };

const batches = (x: tf.Tensor, y: tf.Tensor) => ({
  async iterator() {
    let from = 0;
    return {
      async next(): Promise<IteratorResult<{ xs: tf.Tensor; ys: tf.Tensor }>> {
        if (from === ROWS) return { done: true, value: undefined };
        const [begin, size] = [from, SIZES.batchSize];
        from += size;
        return { done: false, value: { xs: tf.slice(x, [begin], [size]), ys: tf.slice(y, [begin], [size]) } };
      },
    };
  },
});

test('it is the backend that they train on, and has no kernel of ours', async () => {
  await tf.setBackend(NAME);
  expect(tf.getBackend()).toBe(NAME);
  expect([ADAM_KERNEL, DROPOUT_KERNEL, READ_KERNEL].filter(hasExtraKernel)).toEqual([]);
});

/** `npm test` trains every third technique, `npm run test:long` all of them. */
const tried = <T>(all: readonly T[]): readonly T[] =>
  process.env.CASES === 'all' ? all : all.filter((_, i) => i % 3 === 0);

describe('plugins', () => {
  test.each(tried(Object.entries(plugins)))('%s', (_, make) =>
    expectSame(
      numbers,
      byFit(() => [make(1)]),
    ),
  );

  const onImages = catalogue.filter(
    (entry): entry is PluginEntry =>
      entry.kind === 'plugin' && entry.takes === 'options' && entry.trial.images === true,
  );
  test.each(tried(onImages).map(entry => [entry.name, entry] as const))('%s', (_, { make, options, trial }) =>
    expectSame(
      images,
      byFit(() => [make(trial.options ?? options, { model: tf.sequential(), of: [] })]),
    ),
  );

  const inStock = Object.entries(plugins).filter(([, make]) => {
    const hooks = make(1).setup({ host: 'stock', site: 0 });
    return FIT_ONLY.every(hook => hooks[hook] === undefined);
  });
  test.each(tried(inStock))('%s in stock fit', (_, make) =>
    expectSame(
      numbers,
      byStock(() => make(1)),
    ),
  );
});

describe('layers', () => {
  const single = catalogue.filter((entry): entry is LayerEntry => entry.kind === 'layer' && !entry.trial.inputs);
  test.each(tried(single).map(entry => [entry.name, entry] as const))('%s', (_, entry) =>
    expectSame(
      around(entry),
      byFit(() => []),
    ),
  );
});
