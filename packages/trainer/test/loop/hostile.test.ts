/** Whatever is given, wherever it is given: an error that says what to do, or a run; never an error of something inside, and no tensor left. */
import { DataError, OptionError, PluginError } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CheckpointError, evaluateRows, type FitOptions, fit, type TrainingData } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
const silent = ['log', 'warn'] as const;
beforeEach(() => {
  for (const method of silent) vi.spyOn(console, method).mockImplementation(() => undefined);
});
afterAll(() => void vi.restoreAllMocks());

const nets: tf.LayersModel[] = [];
const net = () => {
  const dense = tf.layers.dense({ units: 2, inputShape: [1], activation: 'softmax' });
  const model = tf.sequential({ layers: [dense] });
  nets.push(model);
  return model;
};
/** What a hostile value holds of its own. */
const held: { dispose(): void }[] = [];
const hold = <T extends { dispose(): void }>(one: T): T => {
  held.push(one);
  return one;
};

const refuses = (name: string) =>
  new Proxy(
    {},
    {
      get: (_, key) => {
        if (key === 'then' || key === Symbol.toStringTag) return undefined;
        throw new RangeError(`${name} refuses`);
      },
    },
  );
const circular: Record<string, unknown> = {};
circular.self = circular;
const gone = () => {
  const t = tf.ones([2, 1]);
  t.dispose();
  return t;
};

/** Made anew for each attempt; tensors among them are disposed behind it. */
const hostile: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  zero: () => 0,
  'minus one': () => -1,
  NaN: () => Number.NaN,
  Infinity: () => Number.POSITIVE_INFINITY,
  'a big integer': () => 10n,
  true: () => true,
  'no text': () => '',
  text: () => 'mse',
  'a name of every object': () => 'constructor',
  'a symbol': () => Symbol('s'),
  'no list': () => [],
  'a list of none': () => [[]],
  'a ragged list': () => [[1], [1, 2]],
  'a list of text': () => [['a'], ['b']],
  'a list of holes': () => [undefined, null],
  'a list of lists of tensors': () => [[hold(tf.ones([2, 1]))]],
  'no object': () => ({}),
  'an object of no class': () => Object.create(null),
  'an object that holds itself': () => circular,
  'a proxy that refuses': () => refuses('proxy'),
  'a getter that throws': () => ({
    get x() {
      throw new RangeError('getter');
    },
    y: [[1, 0]],
  }),
  'a function of nothing': () => () => undefined,
  'a function that gives itself': () => () => () => undefined,
  'a generator function of nothing': () => function* () {},
  'an async generator function of null': () =>
    async function* () {
      yield null;
    },
  'an iterator of nothing': () => ({ [Symbol.asyncIterator]: () => ({ next: async () => undefined }) }),
  'no iterator': () => ({ [Symbol.asyncIterator]: () => undefined }),
  'a dataset of nothing': () => ({ iterator: async () => undefined }),
  'a promise': () => Promise.resolve([[1]]),
  'a map': () => new Map([['x', 1]]),
  'a date': () => new Date(0),
  'a typed array': () => new Float32Array(2),
  'a view': () => new DataView(new ArrayBuffer(8)),
  'big integers': () => new BigInt64Array(2),
  'a shape that does not fit': () => ({ data: new Float32Array(3), shape: [2, 2] }),
  'a shape of text': () => ({ data: 'ab', shape: ['2'] }),
  'a scalar': () => hold(tf.scalar(1)),
  'a tensor without rows': () => hold(tf.zeros([0, 1])),
  'a tensor of strings': () => hold(tf.tensor2d([['a'], ['b']])),
  'a complex tensor': () => hold(tf.complex([[1], [1]], [[1], [1]])),
  'a tensor of high rank': () => hold(tf.ones([2, 1, 1, 1, 1])),
  'a disposed tensor': gone,
  'a layer': () => dropout({ keepProb: 0.5 }),
  'an optimizer': () => hold(tf.train.sgd(0.1)),
  'a model that is not built': () => tf.sequential(),
  'a graph model': () => ({ modelUrl: 'x', executor: {}, predict: () => undefined, inputs: [], outputs: [] }),
};

const data = (): TrainingData => ({
  x: [[1], [2]],
  y: [
    [1, 0],
    [0, 1],
  ],
});
const right: FitOptions = { loss: 'meanSquaredError', optimizer: 'sgd', progress: false };
const evaluation = { loss: right.loss };
const yields = (value: unknown) =>
  async function* () {
    yield value;
  } as never;

/** Where it is given. */
const places: Readonly<Record<string, (value: never) => Promise<unknown>>> = {
  'fit: model': v => fit(v, data(), right),
  'fit: data': v => fit(net(), v, right),
  'fit: options': v => fit(net(), data(), v),
  'fit: x': v =>
    fit(
      net(),
      {
        x: v,
        y: [
          [1, 0],
          [0, 1],
        ],
      },
      right,
    ),
  'fit: y': v => fit(net(), { x: [[1], [2]], y: v }, right),
  'fit: sampleWeight': v => fit(net(), { ...(data() as object), sampleWeight: v } as never, right),
  'fit: what a function returns': v => fit(net(), () => v, right),
  'fit: a batch of a stream': v => fit(net(), yields(v), right),
  'fit: x in a stream': v => fit(net(), yields({ x: v, y: [[1, 0]] }), right),
  'fit: validation': v => fit(net(), data(), { ...right, validation: v }),
  'fit: loss': v => fit(net(), data(), { ...right, loss: v }),
  'fit: loss, in a list': v => fit(net(), data(), { ...right, loss: [v] }),
  'fit: optimizer': v => fit(net(), data(), { ...right, optimizer: v }),
  'fit: metrics': v => fit(net(), data(), { ...right, metrics: v }),
  'fit: metrics, in a list': v => fit(net(), data(), { ...right, metrics: [v] }),
  'fit: plugins': v => fit(net(), data(), { ...right, plugins: v }),
  'fit: plugins, in a list': v => fit(net(), data(), { ...right, plugins: [v] }),
  'fit: lossWeights': v => fit(net(), data(), { ...right, lossWeights: v }),
  'fit: classWeight': v => fit(net(), data(), { ...right, classWeight: v }),
  'fit: checkpoint': v => fit(net(), data(), { ...right, checkpoint: v }),
  'fit: signal': v => fit(net(), data(), { ...right, signal: v }),
  'fit: listeners': v => fit(net(), data(), { ...right, listeners: v }),
  'fit: numbers': async v => {
    for (const option of [
      'epochs',
      'batchSize',
      'maxTime',
      'seed',
      'prefetch',
      'validationSplit',
      'stepsPerEpoch',
      'limitBatches',
    ])
      await fit(net(), data(), { ...right, [option]: v }).catch(throwUntyped);
  },
  'evaluateRows: model': v => evaluateRows(v, data(), evaluation),
  'evaluateRows: data': v => evaluateRows(net(), v, evaluation),
  'evaluateRows: options': v => evaluateRows(net(), data(), v),
  'evaluateRows: x': v =>
    evaluateRows(
      net(),
      {
        x: v,
        y: [
          [1, 0],
          [0, 1],
        ],
      },
      evaluation,
    ),
  'evaluateRows: loss': v => evaluateRows(net(), data(), { loss: v }),
};

const isTyped = (error: unknown): boolean =>
  [OptionError, DataError, PluginError, CheckpointError].some(kind => error instanceof kind);
const throwUntyped = (error: unknown): void => {
  if (!isTyped(error)) throw error;
};
/** A function of the caller's that throws, or an option that says "stop at once", says so itself. */
const own = /refuses|getter/;

describe.each(Object.entries(places))('%s', (_, attempt) => {
  test.each(Object.entries(hostile))('%s', async (__, make) => {
    const before = tf.memory().numTensors;
    const value = make();
    const error = await attempt(value as never).then(
      () => undefined,
      (caught: unknown) => caught,
    );
    if (error !== undefined && !isTyped(error)) expect(String(error)).toMatch(own);
    for (const model of nets.splice(0)) model.dispose();
    for (const one of held.splice(0)) one.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

test.each<[string, () => Promise<unknown>, RegExp]>([
  [
    'fit(model, x, y, options), as stock is called',
    () => fit(net(), tf.ones([2, 1]) as never, tf.ones([2, 2]) as never),
    /^training data: .*one object here: \{ x, y \}/,
  ],
  [
    'the same with lists',
    () => fit(net(), [tf.ones([2, 1])] as never, [tf.ones([2, 2])] as never),
    /one object here: \{ x, y \}/,
  ],
  [
    'evaluateRows(model, x, y)',
    () => evaluateRows(net(), tf.ones([2, 1]) as never, tf.ones([2, 2]) as never),
    /^evaluateRows: data: .*\{ x, y \}/,
  ],
  [
    'a graph model',
    () => fit({ modelUrl: 'x', executor: {} } as never, data(), right),
    /^fit: expected a tf.LayersModel.*GraphModel can only predict.*tfjs_layers_model/,
  ],
  [
    'a layer among plugins',
    () => fit(net(), data(), { ...right, plugins: [dropout({ keepProb: 0.5 }) as never] }),
    /training plugin.*Layer plugins such as dropout\(…\) go into the model/,
  ],
  ['a model that is not built', () => fit(tf.sequential(), data(), right), /^fit: model .* is not built.*inputShape/],
  [
    'a function that returns no stream',
    () => fit(net(), (() => 3) as never, right),
    /returns a generator.*one that returns 3/,
  ],
])('%s', async (_, run, message) => {
  await expect(run()).rejects.toThrow(message);
});

describe('a model of which nothing is trained', () => {
  const frozen = () => {
    const model = net();
    for (const layer of model.layers) layer.trainable = false;
    return model;
  };
  test.each<[string, () => tf.LayersModel]>([
    ['frozen', frozen],
    [
      'without weights',
      () => tf.sequential({ layers: [tf.layers.activation({ activation: 'softmax', inputShape: [2] })] }),
    ],
  ])('%s: refused', async (_, model) => {
    const width = model().inputs[0]?.shape[1] ?? 1;
    const given = { x: tf.ones([2, width]), y: tf.ones([2, 2]) };
    await expect(fit(model(), given, right)).rejects.toThrow(/no weights to train/);
    await expect(evaluateRows(model(), given, evaluation)).resolves.toBeDefined();
  });
});

describe('streams of every kind', () => {
  const batch = () => ({
    xs: tf.ones([2, 1]),
    ys: tf.tensor2d([
      [1, 0],
      [0, 1],
    ]),
  });
  test.each<[string, () => TrainingData]>([
    [
      'a generator function, as tf.data.generator takes',
      () =>
        function* () {
          yield batch();
          yield batch();
        },
    ],
    [
      'a generator',
      () =>
        (function* () {
          yield batch();
          yield batch();
        })(),
    ],
    [
      'an async generator function',
      () =>
        async function* () {
          yield batch();
          yield batch();
        },
    ],
    [
      'a function that returns a dataset',
      () => () =>
        tf.data.generator(function* () {
          yield batch();
          yield batch();
        } as never) as never,
    ],
    [
      'a function that promises a stream',
      () => async () =>
        (function* () {
          yield batch();
          yield batch();
        })(),
    ],
    ['a set of batches', () => new Set([batch(), batch()])],
  ])('%s', async (_, make) => {
    const { steps } = await fit(net(), make(), { ...right, trainEvaluation: false });
    expect(steps).toBe(2);
  });
});
