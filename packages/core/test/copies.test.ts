/** Two copies of this package in one program: one TensorFlow.js, every module of ours twice. */
import { readFile } from 'node:fs/promises';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import * as driver from '../src/driver.ts';
import * as core from '../src/index.ts';
import * as kernels from '../src/kernels.ts';
import * as layers from '../src/layers.ts';
import * as random from '../src/random.ts';
import { VERSION } from '../src/version.ts';

interface Copy {
  readonly core: typeof core;
  readonly driver: typeof driver;
  readonly kernels: typeof kernels;
  readonly layers: typeof layers;
  readonly random: typeof random;
}
const here: Copy = { core, driver, kernels, layers, random };

/** Another copy; of the contract's version `apiVersion`, and of the package's version 9.9.9, where it is given. */
async function anotherCopy(apiVersion?: number): Promise<Copy> {
  vi.resetModules();
  if (apiVersion !== undefined) {
    vi.doMock('../src/contract.ts', () => ({ API_VERSION: apiVersion }));
    vi.doMock('../src/version.ts', () => ({ VERSION: '9.9.9' }));
  }
  const copy = {
    core: await import('../src/index.ts'),
    driver: await import('../src/driver.ts'),
    kernels: await import('../src/kernels.ts'),
    layers: await import('../src/layers.ts'),
    random: await import('../src/random.ts'),
  };
  vi.doUnmock('../src/contract.ts');
  vi.doUnmock('../src/version.ts');
  return copy;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** Drops half, and adds its mean as a penalty; `keys` gets the key of each call. */
const noisy = ({ layers, random }: Copy, keys: unknown[] = []): layers.PluginLayer =>
  layers.defineLayer<object>({
    name: 'noisy',
    className: 'TwiceNoisy',
    options: {},
    forward(x, _, at) {
      const key = at.key();
      keys.push(key);
      at.addPenalty(tf.mean(x));
      return random.counterDropout(x, { keepProb: 0.5, noiseShape: x.shape, key, rows: [at.rows[0], ROWS] });
    },
  })();

const ROWS = 4;
const net = (...middle: tf.layers.Layer[]): tf.Sequential => {
  const dense = (seed: number, units: number) =>
    tf.layers.dense({ units, inputShape: [3], kernelInitializer: tf.initializers.glorotUniform({ seed }) });
  return tf.sequential({ layers: [dense(1, 3), ...middle, dense(2, 1)] });
};

/** Steps of a run of this copy; gives what its layers drew, J before each update, and the weights after the last one. */
function train({ driver }: Copy, model: tf.LayersModel, plugins: readonly core.Plugins[] = [], steps = 3) {
  const run = driver.openRun(model, plugins, { host: 'fit', optimizer: tf.train.adam(0.1), seed: 7, epoch: () => 0 });
  const x = tf.randomNormal([ROWS, 3], 0, 1, 'float32', 3);
  const variables = run.weights.map(w => w.variable);
  const costs: number[] = [];
  for (let i = 0; i < steps; i++) {
    const at = run.moment('train', { rows: [0, ROWS] });
    const loss = (): tf.Tensor => tf.mean(tf.square(model.apply(x, { training: true }) as tf.Tensor));
    const step = run.gradients(loss, variables, at);
    costs.push(step.cost.dataSync()[0] as number);
    run.update(step, at);
  }
  return { costs, weights: variables.map(v => [...v.dataSync()]) };
}

describe('of the same version of the contract: they work as one', () => {
  let there: Copy;
  beforeAll(async () => {
    there = await anotherCopy();
  });

  test('they are two', () => {
    expect(there.driver.openRun).not.toBe(here.driver.openRun);
    expect(there.core.PluginError).not.toBe(here.core.PluginError);
  });

  test('a run of one trains layers of the other with the same masks, penalties and weights, bit for bit', () => {
    const trained = ([runner, of, between]: readonly [Copy, Copy, Copy]) => {
      const keys: unknown[] = [];
      return { ...train(runner, net(noisy(of, keys), noisy(between, keys))), keys };
    };
    const one = trained([here, here, here]);
    expect(one.keys).toHaveLength(6);
    expect(new Set(one.keys.map(key => JSON.stringify(key))).size).toBe(6);
    expect(trained([here, there, there])).toEqual(one);
    expect(trained([here, here, there])).toEqual(one);
    expect(trained([there, here, here])).toEqual(one);
  });

  test('plugins of one are trained with, chained and masked by the other', () => {
    const decay = ({ core }: Copy) =>
      core.definePlugin({
        name: 'decay',
        options: {},
        setup: () => ({ weightDecay: weights => new Map(weights.map(w => [w.path, 0.5])) }),
      })();
    const one = train(here, net(), [here.core.chain(here.core.masked(decay(here), core.isKernel))]);
    expect(train(here, net(), [there.core.chain(here.core.masked(decay(there), core.isKernel))])).toEqual(one);
    expect(train(there, net(), [here.core.chain(there.core.masked(decay(here), core.isKernel))])).toEqual(one);
  });

  test('at the end of an epoch without a log, plugins of a chain of the other that need none are asked', () => {
    const asked: string[] = [];
    const watching = (name: string, monitors: readonly string[]) =>
      there.core.definePlugin({
        name,
        options: {},
        setup: () => ({ monitors: () => monitors, epochEnd: () => void asked.push(name) }),
      })();
    const recipe = there.core.chain(watching('of dev data', ['valLoss']), watching('of training data', ['loss']));
    const given = { host: 'fit', optimizer: tf.train.sgd(0.1), seed: 7, epoch: () => 0 } as const;
    const run = here.driver.openRun(net(), [recipe], given);
    run.epochEnd({ loss: 1 }, run.moment('evaluate'), false);
    expect(asked).toEqual(['of training data']);
  });

  test('samples at inference are the same', () => {
    const sample = (by: Copy, of: Copy) => {
      const layer = noisy(of);
      const model = net(layer);
      const x = tf.ones([ROWS, 3]);
      const { value, drawn } = by.layers.sampling({ seed: 1, index: 0, rows: [0, ROWS], layers: [layer] }, () => [
        ...(model.apply(x) as tf.Tensor).dataSync(),
      ]);
      return { value, drawn };
    };
    expect(sample(here, there)).toEqual(sample(here, here));
    expect(sample(there, here)).toEqual(sample(here, here));
    expect(sample(here, there).drawn).toBe(true);
  });

  /** Calls layers that no walk over the model finds. */
  class Hiding extends tf.layers.Layer {
    static readonly className = 'TwiceHiding';
    readonly #hidden: readonly tf.layers.Layer[];
    constructor(...hidden: readonly tf.layers.Layer[]) {
      super({});
      this.#hidden = hidden;
    }
    override computeOutputShape<S>(shape: S): S {
      return shape;
    }
    override call(x: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor {
      return this.#hidden.reduce((y, layer) => layer.call(y, kwargs) as tf.Tensor, [x].flat()[0]!);
    }
  }

  test('layers of both that nobody finds have sites of their own', () => {
    const keys: { readonly site?: number }[] = [];
    train(here, net(new Hiding(noisy(here, keys), noisy(there, keys))), [], 2);
    expect(keys.map(key => key.site)).toEqual([0, 1, 0, 1]);
  });

  test('one starts the clock of a layer of the other again', () => {
    const keys: { readonly step?: number }[] = [];
    const plain = there.layers.defineLayer<object>({
      name: 'plain',
      className: 'TwicePlain',
      options: {},
      forward(x, _, at) {
        keys.push(at.key());
        return x;
      },
    })();
    const call = (): unknown => plain.apply(tf.ones([1, 1]), { training: true });
    call();
    call();
    here.layers.resetClock(plain);
    call();
    expect(keys.map(key => key.step)).toEqual([0, 1, 0]);
    expect(keys[2]).toEqual(keys[0]);
  });

  test('an optimizer keeps its slots apart by variable, whoever updates', () => {
    const trained = (second: Copy) => {
      const optimizer = tf.train.adam(0.1);
      const model = net();
      const update = ({ driver }: Copy, only: (path: string) => boolean): void => {
        const run = driver.openRun(model, [], { host: 'fit', optimizer, seed: 1, epoch: () => 0 });
        const chosen = run.weights.filter(w => only(w.path));
        run.update(
          { gradients: new Map(chosen.map(w => [w.path, w.variable.clone()])), l2: new Map() },
          run.moment('train'),
        );
      };
      update(here, path => path.startsWith('0-'));
      update(second, path => /^1-.*kernel/.test(path));
      update(here, path => /^1-.*bias/.test(path));
      return model.getWeights().map(w => [...w.dataSync()]);
    };
    expect(trained(there)).toEqual(trained(here));
  });

  test('errors of one are instances of the classes of the other', () => {
    const { PluginError, OptionError, DataError } = here.core;
    const error = new there.core.PluginError('no', { plugin: 'p', hook: 'penalty' });
    expect([error instanceof PluginError, error instanceof OptionError, error instanceof DataError]).toEqual([
      true,
      false,
      false,
    ]);
    expect(there.core.OptionError.of('l2', 'strength', 'a number', 'x')).toBeInstanceOf(OptionError);
    expect(there.core.DataError.of('x', 'one', 'two')).toBeInstanceOf(DataError);
    expect(PluginError.from(error, 'other', 'loss')).toBe(error);
    for (const nothing of [undefined, null, 5, 'PluginError', {}, new Error('no')])
      expect(nothing instanceof PluginError).toBe(false);
    class Mine extends PluginError {}
    expect([error instanceof Mine, new PluginError('no') instanceof Mine]).toEqual([false, false]);
    expect([new Mine('no') instanceof Mine, new Mine('no') instanceof there.core.PluginError]).toEqual([true, true]);
  });
});

describe('of another version of the contract: an error before anything is trained', () => {
  let there: Copy;
  beforeAll(async () => {
    there = await anotherCopy(core.API_VERSION + 1);
  });

  const refusal = (f: () => unknown): string => {
    try {
      f();
    } catch (error) {
      expect(error).toBeInstanceOf(core.PluginError);
      return (error as Error).message;
    }
    throw new Error('it was not refused');
  };
  const both = [`${VERSION} (apiVersion ${core.API_VERSION})`, `9.9.9 (apiVersion ${core.API_VERSION + 1})`];

  test('a run of either does not open on a layer of the other, and says which versions and what to do', () => {
    for (const [runner, of] of [
      [here, there],
      [there, here],
    ] as const) {
      const layer = noisy(of);
      const message = refusal(() => train(runner, net(layer)));
      for (const said of [...both, `layer "${layer.name}"`, 'npm ls @keepprob/core', 'newer one here is 9.9.9'])
        expect(message).toContain(said);
    }
  });

  test('a layer that nobody finds is refused when it is called: no weight has moved, no tensor is left', () => {
    class Hiding extends tf.layers.Layer {
      static readonly className = 'OtherHiding';
      readonly #hidden = noisy(there);
      override call(x: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor {
        return this.#hidden.call([x].flat()[0]!, kwargs) as tf.Tensor;
      }
      override computeOutputShape<S>(shape: S): S {
        return shape;
      }
    }
    const model = net(new Hiding({}));
    const before = model.getWeights().map(w => [...w.dataSync()]);
    const run = here.driver.openRun(model, [], { host: 'fit', optimizer: tf.train.sgd(1), seed: 7, epoch: () => 0 });
    const x = tf.ones([1, 3]);
    const tensors = tf.memory().numTensors;
    const loss = (): tf.Tensor => tf.mean(model.apply(x, { training: true }) as tf.Tensor);
    const message = refusal(() =>
      run.gradients(
        loss,
        run.weights.map(w => w.variable),
        run.moment('train'),
      ),
    );
    for (const said of both) expect(message).toContain(said);
    expect(model.getWeights().map(w => [...w.dataSync()])).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
  });

  test('nor a plugin', () => {
    const plugin = there.core.definePlugin({ name: 'theirs', options: {}, setup: () => ({}) })();
    const message = refusal(() => train(here, net(), [plugin]));
    expect(message).toContain(`"theirs" speaks apiVersion ${core.API_VERSION + 1}; @keepprob/core ${VERSION}`);
    expect(message).toContain('npm ls @keepprob/core');
  });

  test('a layer is not asked about its noise, nor for samples', () => {
    const layer = noisy(there);
    refusal(() => here.layers.noiseOf(layer));
    refusal(() => here.layers.layerPluginsOf(net(noisy(there))));
    const model = net(layer);
    const sample = { seed: 1, index: 0, rows: [0, 1], layers: [layer] } as const;
    refusal(() => here.layers.sampling(sample, () => model.apply(tf.ones([1, 3]))));
  });

  test('kernels of the other are not found', () => {
    const names = ({ kernels }: Copy) => Object.entries(kernels).filter(([name]) => name.endsWith('_KERNEL'));
    const mine = new Set(names(here).map(([, name]) => name));
    // each has a name of its own
    expect(mine.size).toBe(names(here).length);
    expect(mine.size).toBeGreaterThan(0);
    expect(names(there).filter(([, name]) => mine.has(name))).toEqual([]);
  });
});

test('the version in errors is that of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  expect(VERSION).toBe(version);
});
