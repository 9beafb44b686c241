import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  chain,
  definePlugin,
  type Hooks,
  type Moment,
  masked,
  OptionError,
  option,
  PluginError,
  type Plugins,
  type TrainingPlugin,
} from '../../src/index.ts';
import { attach } from '../../src/stock.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const plugin = (hooks: Hooks, name = 'probe'): TrainingPlugin =>
  definePlugin({ name, options: {}, setup: () => hooks })();
const net = (bias = true) =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        units: 3,
        inputShape: [2],
        kernelInitializer: tf.initializers.glorotUniform({ seed: 1 }),
        useBias: bias,
      }),
      tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: 2 }), useBias: bias }),
    ],
  });
const data = () =>
  [tf.randomNormal([16, 2], 0, 1, 'float32', 1), tf.randomNormal([16, 1], 0, 1, 'float32', 2)] as const;
const fit = async (model: tf.LayersModel, optimizer: tf.Optimizer, more: tf.ModelFitArgs = {}) => {
  model.compile({ optimizer, loss: 'meanSquaredError' });
  const [x, y] = data();
  const history = await model.fit(x, y, { epochs: 2, batchSize: 8, shuffle: false, verbose: 0, ...more });
  tf.dispose([x, y]);
  return history;
};
const numbers = (model: tf.LayersModel): number[] => model.getWeights().flatMap(w => [...w.dataSync()]);

describe('the doors', () => {
  test('are opened in order, with the same step, on old and new weights', async () => {
    const seen: string[] = [];
    const note =
      (door: string) =>
      (...args: readonly unknown[]) => {
        const at = args[args.length - 1] as Moment;
        seen.push(`${door} ${at.step} ${at.phase}`);
      };
    const probe = plugin({
      penalty: (_, at) => {
        note('penalty')(at);
        return tf.scalar(0);
      },
      gradients: (g, _, at) => {
        note('gradients')(at);
        return g;
      },
      beforeUpdate: note('before'),
      afterUpdate: note('after'),
      epochEnd: (logs, _, at) => {
        seen.push(`epochEnd ${at.step} ${at.epoch} ${Object.keys(logs)}`);
      },
      end: () => {
        seen.push('end');
      },
    });
    const model = net();
    const reg = attach(model, tf.train.sgd(0.1), probe);
    await fit(model, reg.optimizer, { callbacks: reg.callback, epochs: 1 });
    const step = (n: number) => ['penalty', 'gradients', 'before', 'after'].map(door => `${door} ${n} train`);
    expect(seen).toEqual([...step(0), ...step(1), 'epochEnd 2 0 loss', 'end']);
  });

  test('no plugins: the same weights as the optimizer alone, bit for bit', async () => {
    const [plain, attached] = [net(), net()];
    await fit(plain, tf.train.adam(0.01));
    await fit(attached, attach(attached, tf.train.adam(0.01)).optimizer);
    expect(numbers(attached)).toEqual(numbers(plain));
  });

  test('a verdict stops training and sets the learning rate', async () => {
    const model = net();
    const inner = tf.train.sgd(0.5);
    const rates: number[] = [];
    const reg = attach(
      model,
      inner,
      plugin({
        beforeUpdate: (_, at) => void rates.push(at.learningRate),
        epochEnd: (_, __, at) => (at.epoch === 1 ? { stop: 'enough' } : { learningRate: 0.25 }),
      }),
    );
    const history = await fit(model, reg.optimizer, { callbacks: reg.callback, epochs: 9 });
    expect(history.epoch).toEqual([0, 1]);
    expect(rates).toEqual([0.5, 0.5, 0.25, 0.25]);
  });

  test('`end` chooses the final weights', async () => {
    const model = net();
    const reg = attach(
      model,
      tf.train.sgd(0.1),
      plugin({ end: w => new Map(w.map(({ path, variable }) => [path, tf.onesLike(variable)])) }),
    );
    await fit(model, reg.optimizer, { callbacks: reg.callback });
    expect(new Set(numbers(model))).toEqual(new Set([1]));
  });

  test('a batch hook acts on the dataset; tensors do not pile up', async () => {
    const model = net();
    const reg = attach(
      model,
      tf.train.sgd(0.1),
      plugin({ batch: b => ({ ...b, y: { ...b.y, [Object.keys(b.y)[0]!]: tf.zerosLike(Object.values(b.y)[0]!) } }) }),
    );
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    const ds = tf.data
      .array([
        { xs: [1, 0], ys: [5] },
        { xs: [0, 1], ys: [5] },
      ])
      .batch(2) as tf.data.Dataset<tf.TensorContainer>;
    for (const layer of model.layers) layer.setWeights(layer.getWeights().map(w => tf.zerosLike(w)));
    await model.fitDataset(reg.dataset(ds as never) as never, { epochs: 1, verbose: 0 });
    const before = tf.memory().numTensors;
    const history = await model.fitDataset(reg.dataset(ds as never) as never, { epochs: 3, verbose: 0 });
    expect(history.history.loss).toEqual([0, 0, 0]); // targets became 0, the net says 0
    expect(tf.memory().numTensors).toBe(before);
  });

  test('labels for metrics and weights of samples, which stock fit does not take, are let go of', async () => {
    const given = { xs: tf.ones([1, 2]), ys: tf.ones([1, 1]) };
    const hooks: Hooks = {
      batch: b => ({ ...b, metricY: { y: tf.zeros([1, 1]) }, sampleWeight: { y: tf.ones([1]) } }),
    };
    const reg = attach(net(), tf.train.sgd(0.1), plugin(hooks));
    const dataset = reg.dataset({ iterator: async () => ({ next: async () => ({ done: false, value: given }) }) });
    const iterator = await dataset.iterator();
    const before = tf.memory().numTensors;
    await iterator.next();
    expect(tf.memory().numTensors).toBe(before);
    expect([given.xs.isDisposed, given.ys.isDisposed]).toEqual([false, false]);
  });
});

describe('an error in a door leaves no tensor behind', () => {
  const no = (): never => {
    tf.scalar(1);
    throw new Error('no');
  };

  test.each<[string, Hooks]>([
    ['penalty', { penalty: no }],
    ['l2', { l2: no }],
    ['gradients', { gradients: no }],
    ['beforeUpdate', { beforeUpdate: no }],
    ['weightDecay', { weightDecay: no }],
    ['afterUpdate', { afterUpdate: no }],
    ['settings', { settings: no }],
  ])('%s', (_, hooks) => {
    const model = net();
    const { optimizer } = attach(model, tf.train.sgd(0.1), plugin(hooks));
    const [x, y] = data();
    const loss = (): tf.Scalar => tf.losses.meanSquaredError(y, model.apply(x, { training: true }) as tf.Tensor);
    const before = tf.memory().numTensors;
    expect(() => optimizer.minimize(loss, true)).toThrow(PluginError);
    expect(tf.memory().numTensors).toBe(before);
  });

  test('batch', async () => {
    const given = { xs: tf.ones([1, 2]), ys: tf.ones([1, 1]) };
    const reg = attach(net(), tf.train.sgd(0.1), plugin({ batch: no }));
    const dataset = reg.dataset({ iterator: async () => ({ next: async () => ({ done: false, value: given }) }) });
    const iterator = await dataset.iterator();
    const before = tf.memory().numTensors;
    await expect(iterator.next()).rejects.toThrow(PluginError);
    expect(before - tf.memory().numTensors).toBe(2);
  });
});

describe('Adam’s slots', () => {
  /** Trains, freezes the first layer, trains on: does the second layer go on as if nothing had happened to its slots? */
  const frozenHalfway = async (wrap: (model: tf.LayersModel, inner: tf.Optimizer) => tf.Optimizer): Promise<string> => {
    const model = net(false);
    const optimizer = wrap(model, tf.train.adam(0.01));
    await fit(model, optimizer);
    model.layers[0]!.trainable = false;
    try {
      await fit(model, optimizer);
    } catch (error) {
      return (error as Error).message;
    }
    const slots = await optimizer.getWeights();
    return slots.map(({ name, tensor }) => `${name.split('/')[0]} ${tensor.shape}`).join('; ');
  };
  test('stock breaks when a layer is frozen', async () => {
    expect(await frozenHalfway((_, inner) => inner)).toMatch(/shape/i);
  });
  test('attached, they follow their variables', async () => {
    expect(await frozenHalfway((model, inner) => attach(model, inner).optimizer)).toMatch(
      /^iter .*2,3.*3,1.*2,3.*3,1$/,
    );
  });
});

describe('composition', () => {
  const scale = definePlugin<{ by: number }, 'by'>({
    name: 'scale',
    shorthand: 'by',
    options: { by: option.number() },
    setup: ({ by }) => ({ gradients: g => new Map([...g].map(([path, t]) => [path, tf.mul(t, by)])) }),
  });
  const trained = async (...plugins: readonly Plugins[]) => {
    const model = net();
    await fit(model, attach(model, tf.train.sgd(0.1), ...plugins).optimizer);
    return numbers(model);
  };
  test('a chain is a plugin: nested, flat and preset lists train the same', async () => {
    const flat = await trained(scale(0.5), scale(3));
    expect(await trained(chain(scale(0.5), false, scale(3)))).toEqual(flat);
    expect(await trained([scale(0.5), [null, scale(3)]])).toEqual(flat);
    expect(await trained(chain(chain(scale(0.5)), chain(scale(3))))).toEqual(flat);
  });
  test('masked acts on the weights that where picks, and only there', async () => {
    const none = await trained(scale(0));
    const initial = numbers(net());
    expect(none).toEqual(initial);
    const kernelsOnly = await trained(masked(scale(0), w => w.role === 'bias'));
    const model = net();
    const biases = (all: number[]) => [...all.slice(6, 9), all[12]];
    expect(biases(kernelsOnly)).toEqual(biases(numbers(model)));
    expect(kernelsOnly.slice(0, 6)).not.toEqual(initial.slice(0, 6));
  });
  test('members of a chain draw from streams of their own', async () => {
    const keys: string[] = [];
    const draw = (name: string) =>
      plugin(
        {
          beforeUpdate: (_, at) => {
            const key = at.key();
            keys.push(`${name} ${key.site} ${key.draw}`);
          },
        },
        name,
      );
    const model = net();
    const reg = attach(model, { optimizer: tf.train.sgd(0.1), seed: 1 }, draw('a'), chain(draw('b'), draw('c')));
    await fit(model, reg.optimizer, { epochs: 1, batchSize: 16 });
    expect(keys).toEqual(['a 65536 0', 'b 65793 0', 'c 65794 0']); // 65536 + 256 × position + stream
  });
});

describe('bad input leaves nothing half done', () => {
  test.each<[string, () => unknown, typeof PluginError | typeof OptionError, RegExp]>([
    ['no model', () => attach({} as never, tf.train.sgd(0.1)), OptionError, /LayersModel/],
    ['unbuilt model', () => attach(tf.sequential(), tf.train.sgd(0.1)), OptionError, /not built/],
    ['optimizer by name', () => attach(net(), 'sgd' as never), OptionError, /tf.Optimizer.*"sgd"/],
    [
      'a layer as plugin',
      () => attach(net(), tf.train.sgd(0.1), tf.layers.dense({ units: 1 }) as never),
      PluginError,
      /training plugin/,
    ],
    [
      'another apiVersion',
      () => attach(net(), tf.train.sgd(0.1), { ...plugin({}), apiVersion: 2 } as never),
      PluginError,
      /apiVersion 2/,
    ],
    [
      'an evaluate hook',
      () => attach(net(), tf.train.sgd(0.1), plugin({ evaluate: () => new Map() })),
      PluginError,
      /evaluate.*stock/,
    ],
  ])('%s', (_, f, type, message) => {
    expect(f).toThrow(type);
    expect(f).toThrow(message);
  });

  test('a plugin that cannot be set up disposes those before it', () => {
    let disposed = 0;
    const good = plugin({ dispose: () => void disposed++ });
    const bad: TrainingPlugin = {
      ...plugin({}, 'bad'),
      setup: () => {
        throw new Error('no');
      },
    };
    expect(() => attach(net(), tf.train.sgd(0.1), good, bad)).toThrow(/"bad", hook setup: no/);
    expect(disposed).toBe(1);
  });

  test.each<[string, Hooks, RegExp]>([
    ['epochEnd without the callback', { epochEnd: () => undefined }, /epochEnd.*callbacks: reg.callback/],
    ['end without the callback', { end: () => undefined }, /end.*callbacks: reg.callback/],
    ['batch without the dataset', { batch: b => b }, /batch.*reg.dataset/],
    ['the epoch without the callback', { beforeUpdate: (_, at) => void at.epoch }, /"probe", hook beforeUpdate.*epoch/],
    ['a penalty that is no scalar', { penalty: () => tf.ones([2]) }, /hook penalty.*rank 0.*\[2\]/],
    ['a gradient for nothing', { gradients: g => new Map([...g, ['nope', tf.scalar(1)]]) }, /"nope"/],
    ['a gradient forgotten', { gradients: () => new Map() }, /no gradient for "0-Dense\/kernel"/],
    [
      'a gradient of another shape',
      { gradients: g => new Map([...g.keys()].map(k => [k, tf.scalar(1)])) },
      /shape \[\]; the weight has \[2,3\]/,
    ],
    ['an undeclared stream', { beforeUpdate: (_, at) => void at.key('x') }, /stream "x"/],
  ])('%s', async (_, hooks, message) => {
    const model = net();
    const before = numbers(model);
    const reg = attach(model, tf.train.sgd(0.1), plugin(hooks));
    const error = await fit(model, reg.optimizer).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(PluginError);
    expect((error as PluginError).message).toMatch(message);
    expect(numbers(model)).toEqual(before);
  });

  test('after dispose it is refused, and plugins are disposed once', async () => {
    let disposed = 0;
    const model = net();
    const reg = attach(model, tf.train.sgd(0.1), plugin({ dispose: () => void disposed++ }));
    reg.dispose();
    reg.dispose();
    expect(disposed).toBe(1);
    await expect(fit(model, reg.optimizer)).rejects.toThrow(/disposed/);
  });

  test('two models from one plugin value share nothing', async () => {
    const counts: number[] = [];
    const counter = definePlugin({
      name: 'counter',
      options: {},
      setup: () => {
        let n = 0;
        return { afterUpdate: () => void counts.push(n++) };
      },
    })();
    for (const model of [net(), net()])
      await fit(model, attach(model, tf.train.sgd(0.1), counter).optimizer, { epochs: 1 });
    expect(counts).toEqual([0, 1, 0, 1]);
  });
});
