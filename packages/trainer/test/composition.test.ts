/** Plugins of all families together: any chain of them trains, leaks nothing, and is the same in stock fit and in fit. */

import { ema } from '@keepprob/averaging';
import { masked, type TrainingPlugin, type Varying, type Weight } from '@keepprob/core';
import { FIT_ONLY } from '@keepprob/core/driver';
import { permutation, uniforms } from '@keepprob/core/random';
import { byEpoch, linear } from '@keepprob/core/schedules';
import { attach } from '@keepprob/core/stock';
import { clipGlobalNorm, gradientNoise } from '@keepprob/gradients';
import { proximalL1 } from '@keepprob/l1';
import { l2, maxNorm, nonNegative, unitNorm, weightDecay } from '@keepprob/l2';
import { schedule } from '@keepprob/schedules';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { fit } from '../src/index.ts';
import { layers, onWeights, plugins } from './support/candidates.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const EPOCHS = 5;
const BATCH = 8;
const BATCHES = 4; // 20 updates in all
const init = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });
const net = (middle: readonly string[] = []): tf.Sequential =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, activation: 'tanh', inputShape: [6], ...init(1) }),
      ...middle.map(name => layers[name]!()),
      tf.layers.dense({ units: 3, activation: 'softmax', ...init(2) }),
    ],
  });
const data = (rows = BATCH * BATCHES) => ({
  x: tf.randomNormal([rows, 6], 0, 1, 'float32', 5),
  y: tf.tidy(() =>
    tf
      .oneHot(
        tf.tensor1d(
          [...Array(rows).keys()].map(i => i % 3),
          'int32',
        ),
        3,
      )
      .toFloat(),
  ),
});
const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.05),
  momentum: () => tf.train.momentum(0.05, 0.9),
  adam: () => tf.train.adam(0.01),
};
interface Setting {
  readonly middle?: readonly string[];
  readonly optimizer?: keyof typeof optimizers;
}
interface Job {
  readonly model: tf.LayersModel;
  readonly optimizer: tf.Optimizer;
  readonly x: tf.Tensor;
  readonly y: tf.Tensor;
  readonly dev: { readonly x: tf.Tensor; readonly y: tf.Tensor };
}
interface Result {
  readonly weights: readonly number[];
  /** Tensors that are left when the optimizer is disposed. */
  readonly left: number;
}
const numbers = (model: tf.LayersModel): number[] =>
  model.layers.flatMap(layer => layer.weights.flatMap(w => [...w.read().dataSync()]));
type Train = (job: Job) => Promise<unknown>;

async function trained({ middle = [], optimizer = 'sgd' }: Setting, train: Train): Promise<Result> {
  const [model, given, dev] = [net(middle), data(), data(12)];
  model.build();
  const before = tf.memory().numTensors;
  const inner = optimizers[optimizer]!();
  await train({ model, optimizer: inner, ...given, dev });
  inner.dispose();
  const left = tf.memory().numTensors - before;
  const weights = numbers(model);
  model.dispose();
  tf.dispose([given.x, given.y, dev.x, dev.y]);
  return { weights, left };
}

const loss = 'categoricalCrossentropy';
const SEED = 9;

const throughFit = (list: readonly TrainingPlugin[], setting: Setting = {}, epochs = EPOCHS): Promise<Result> =>
  trained(setting, ({ model, optimizer, x, y, dev }) => {
    const run = { epochs, batchSize: BATCH, seed: SEED, shuffle: false, progress: false } as const;
    return fit(model, { x, y }, { ...run, loss, optimizer, validation: dev, plugins: list });
  });

const throughStock = (list: readonly TrainingPlugin[], setting: Setting = {}): Promise<Result> =>
  trained(setting, async ({ model, optimizer, x, y, dev }) => {
    const reg = attach(model, { optimizer, seed: SEED }, ...list);
    model.compile({ optimizer: reg.optimizer, loss });
    await model.fitDataset(reg.dataset(stream(x, y)) as never, {
      epochs: EPOCHS,
      verbose: 0,
      validationData: [dev.x, dev.y] as never,
      callbacks: reg.callback as never,
    });
    reg.dispose();
  });

/** The batches that `fit` makes of arrays, as a dataset for stock fit. */
const stream = (x: tf.Tensor, y: tf.Tensor) => ({
  async iterator() {
    let from = 0;
    return {
      async next(): Promise<IteratorResult<{ xs: tf.Tensor; ys: tf.Tensor }>> {
        if (from === BATCH * BATCHES) return { done: true, value: undefined };
        const value = { xs: tf.slice(x, [from], [BATCH]), ys: tf.slice(y, [from], [BATCH]) };
        from += BATCH;
        return { done: false, value };
      },
    };
  },
});

const runsInStock = (list: readonly TrainingPlugin[]): boolean =>
  list.every(plugin => {
    const hooks = plugin.setup({ host: 'stock', site: 0 });
    return FIT_ONLY.every(hook => hooks[hook] === undefined);
  });

/** Deals names like cards: none comes again before all have come, and no hand holds one twice. */
function dealer(names: readonly string[], draw: number): (count: number) => string[] {
  let [pack, deck]: [number, string[]] = [0, []];
  return count => {
    const hand = new Set<string>();
    while (hand.size < count) {
      if (!deck.length)
        deck = [...permutation({ seed: 1, step: pack++, site: 0, draw }, names.length)].map(i => names[i]!);
      const next = deck.findIndex(name => !hand.has(name));
      hand.add(deck.splice(Math.max(next, 0), 1)[0]!);
    }
    return [...hand];
  };
}
const [dealPlugins, dealLayers] = [dealer(Object.keys(plugins), 0), dealer(Object.keys(layers), 1)];

/** `npm run test:long` takes more. */
const count = process.env.CASES === 'all' ? 50 : 20;
const chains = Array.from({ length: count }, (_, pick) => {
  const [size, depth, which] = [...uniforms({ seed: 1, step: pick, site: 0, draw: 2 }, 3)] as [number, number, number];
  return {
    pick,
    names: dealPlugins(2 + Math.floor(size * 5)),
    middle: dealLayers(Math.floor(depth * 3)),
    optimizer: Object.keys(optimizers)[Math.floor(which * 3)]!,
  };
});

describe('chains of 2 to 6 plugins, 20 updates', () => {
  test('every candidate is drawn', () => {
    expect(new Set(chains.flatMap(c => c.names))).toEqual(new Set(Object.keys(plugins)));
    expect(new Set(chains.flatMap(c => c.middle))).toEqual(new Set(Object.keys(layers)));
  });
  // momentum of TF.js 4.22 leaves a tensor of its own behind: what plain training leaves is the measure
  const left: Record<string, { fit: number; stock: number }> = {};
  beforeAll(async () => {
    for (const optimizer of Object.keys(optimizers)) {
      const fitted = await throughFit([], { optimizer });
      left[optimizer] = { fit: fitted.left, stock: (await throughStock([], { optimizer })).left };
    }
  });
  test.each(chains.map((c, i) => [`${i}: ${c.names} on ${c.middle} with ${c.optimizer}`, c] as const))(
    '%s',
    async (_, { names, middle, optimizer, pick }) => {
      const list = (): TrainingPlugin[] => names.map(name => plugins[name]!(pick));
      const fitted = await throughFit(list(), { middle, optimizer });
      expect(fitted.weights.every(Number.isFinite)).toBe(true);
      expect(fitted.left).toBe(left[optimizer]!.fit);
      if (!runsInStock(list())) return;
      const attached = await throughStock(list(), { middle, optimizer });
      expect(attached.weights).toEqual(fitted.weights);
      expect(attached.left).toBe(left[optimizer]!.stock);
    },
  );
  test('at least a quarter of them run in stock fit, too', () => {
    const both = chains.filter(({ names, pick }) => runsInStock(names.map(name => plugins[name]!(pick))));
    expect(both.length).toBeGreaterThanOrEqual(chains.length / 4);
  });
});

describe.each(Object.entries(onWeights))('%s', (_, { value, make }) => {
  // 8 updates: a value of each epoch, and more than the steps of `linear`
  const weightsOf = async (plugin: TrainingPlugin): Promise<readonly number[]> =>
    (await throughFit([plugin], {}, 2)).weights;
  test('a schedule and a function of one value train as the number does, a varying one does not', async () => {
    const wanted = await weightsOf(make(value));
    const same: Varying[] = [byEpoch([value]), linear({ from: value, to: value, steps: 3 }), () => value];
    for (const varying of same) expect(await weightsOf(make(varying))).toEqual(wanted);
    expect(await weightsOf(make(byEpoch([value, value / 2])))).not.toEqual(wanted);
  });
  test('masked picks weights as `where` does', async () => {
    const where = ({ path }: Weight): boolean => path === '1-Dense/kernel';
    const [by, whole] = [await weightsOf(make(value, where)), await weightsOf(make(value))];
    // on what it acts on by default, which the mask can only narrow
    expect(await weightsOf(masked(make(value), where))).toEqual(by);
    expect(by).not.toEqual(whole);
  });
});

describe('order in the list', () => {
  const weightsOf = async (...list: TrainingPlugin[]): Promise<readonly number[]> => (await throughFit(list)).weights;
  /** The incoming norms of the eight units of the first layer, kernel [6, 8]. */
  const norms = (weights: readonly number[]): number[] =>
    [...Array(8).keys()].map(unit => Math.hypot(...[...Array(6).keys()].map(row => weights[row * 8 + unit]!)));
  const largest = async (...list: TrainingPlugin[]): Promise<number> => Math.max(...norms(await weightsOf(...list)));
  const smallest = async (...list: TrainingPlugin[]): Promise<number> => Math.min(...norms(await weightsOf(...list)));

  test('weight decay acts before the update wherever it stands: max-norm holds either way', async () => {
    const [decay, bound] = [weightDecay(0.5), maxNorm(0.5)];
    const weights = await weightsOf(decay, bound);
    expect(await weightsOf(bound, decay)).toEqual(weights);
    expect(Math.max(...norms(weights))).toBeLessThan(0.5 + 1e-6);
  });
  test('L2 is a term of J: clipping sees it either way', async () => {
    expect(await weightsOf(l2(0.5), clipGlobalNorm(0.1))).toEqual(await weightsOf(clipGlobalNorm(0.1), l2(0.5)));
  });
  test('what acts after the update acts on what the one before it left: the last one’s promise holds', async () => {
    expect(await smallest(proximalL1(1), unitNorm())).toBeCloseTo(1, 5);
    expect(await smallest(unitNorm(), proximalL1(1))).toBeLessThan(0.99);
    expect(await smallest(nonNegative(), unitNorm())).toBeCloseTo(1, 5);
    expect(Math.min(...(await weightsOf(nonNegative(), unitNorm())).slice(0, 48))).toBe(0);
  });
  test('gradients are changed in order: noise behind the clip is not clipped', async () => {
    const start = numbers(net());
    const moved = async (...list: TrainingPlugin[]): Promise<number> =>
      Math.hypot(...(await weightsOf(...list)).map((w, i) => w - start[i]!));
    // 20 steps at a learning rate of .05 and a norm of .01 go .01 at most
    expect(await moved(gradientNoise(1), clipGlobalNorm(0.01))).toBeLessThan(0.01 + 1e-6);
    expect(await moved(clipGlobalNorm(0.01), gradientNoise(1))).toBeGreaterThan(0.1);
  });
  test('ema averages what stands when its turn comes: behind max-norm, weights within the bound', async () => {
    const average = ema({ decay: 0, evaluate: false });
    expect(await largest(maxNorm(0.5), average)).toBeLessThan(0.5 + 1e-6);
    expect(await largest(average, maxNorm(0.5))).toBeGreaterThan(0.5 + 1e-4);
  });
  test('of two that set the learning rate the last one does', async () => {
    const [some, none] = [schedule({ learningRate: 0.01 }), schedule({ learningRate: 1e-9 })];
    expect(await weightsOf(none, some)).toEqual(await weightsOf(some));
    expect(await weightsOf(some, none)).toEqual(await weightsOf(none));
  });
});
