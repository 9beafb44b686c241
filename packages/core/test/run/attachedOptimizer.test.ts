import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { definePlugin, type Hooks, PluginError, type Plugins, type TrainingPlugin } from '../../src/index.ts';
import { attach } from '../../src/stock.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const plugin = (hooks: Hooks): TrainingPlugin => definePlugin({ name: 'probe', options: {}, setup: () => hooks })();
const scaled =
  (by: number): NonNullable<Hooks['gradients']> =>
  g =>
    new Map([...g].map(([path, t]) => [path, tf.mul(t, by)]));
const net = (seed = 1) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], kernelInitializer: tf.initializers.glorotUniform({ seed }) }),
      tf.layers.dense({ units: 1, kernelInitializer: tf.initializers.glorotUniform({ seed: seed + 1 }) }),
    ],
  });
const x = () => tf.tensor2d([1, -2, 0.5, 3, -1, 1], [3, 2]);
const lossOf = (model: tf.LayersModel) => () =>
  tf.tidy(() => tf.mean(tf.square(tf.sub(model.apply(x(), { training: true }) as tf.Tensor, 1))) as tf.Scalar);
const numbers = (model: tf.LayersModel): number[] => model.getWeights().flatMap(w => [...w.dataSync()]);

/** One of each door that a step of stock fit opens. */
const everyDoor: readonly Plugins[] = [
  plugin({ penalty: w => tf.mul(0.1, tf.addN(w.map(({ variable }) => tf.sum(tf.abs(variable))))) }),
  plugin({ l2: w => new Map(w.map(({ path }) => [path, 0.05])) }),
  plugin({ gradients: scaled(0.7) }),
  plugin({ weightDecay: w => new Map(w.map(({ path }) => [path, 0.02])) }),
  plugin({
    afterUpdate: w => {
      for (const { variable } of w) variable.assign(tf.clipByValue(variable, -0.5, 0.5) as tf.Tensor<tf.Rank>);
    },
  }),
  plugin({ settings: ({ step }) => ({ learningRate: 0.1 / (step + 1) }) }),
];

/** Three updates of a net, as `update` makes them. */
function trained(update: (optimizer: tf.Optimizer, loss: () => tf.Scalar, model: tf.LayersModel) => void): number[] {
  const model = net();
  const reg = attach(model, { optimizer: tf.train.adam(0.1), seed: 3 }, ...everyDoor);
  for (let step = 0; step < 3; step++) update(reg.optimizer, lossOf(model), model);
  reg.dispose();
  return numbers(model);
}
const variablesOf = (model: tf.LayersModel): tf.Variable[] => model.trainableWeights.map(w => w.read() as tf.Variable);

describe('an update in two halves is the update', () => {
  const whole = () => trained((optimizer, loss, model) => void optimizer.minimize(loss, false, variablesOf(model)));

  test.each<[string, Parameters<typeof trained>[0]]>([
    [
      'computeGradients and applyGradients',
      (optimizer, loss, model) => {
        const { value, grads } = optimizer.computeGradients(loss, variablesOf(model));
        optimizer.applyGradients(grads);
        tf.dispose([value, grads]);
      },
    ],
    [
      'tf.variableGrads and applyGradients',
      (optimizer, loss, model) => {
        const { value, grads } = tf.variableGrads(loss, variablesOf(model));
        optimizer.applyGradients(grads);
        tf.dispose([value, grads]);
      },
    ],
    [
      'gradients as a list, with none for a variable that has no say',
      (optimizer, loss, model) => {
        const { value, grads } = tf.variableGrads(loss, variablesOf(model));
        const list = Object.entries(grads).map(([name, tensor]) => ({ name, tensor }));
        optimizer.applyGradients([{ name: 'of nobody', tensor: null as never }, ...list]);
        tf.dispose([value, grads]);
      },
    ],
  ])('%s', (_, update) => {
    const got = trained(update);
    for (const [i, w] of whole().entries()) expect(got[i]).toBeCloseTo(w, 6);
  });

  test('what was given is not disposed, and nothing else stays', () => {
    const model = net();
    const { optimizer } = attach(model, tf.train.sgd(0.1), ...everyDoor);
    const { value, grads } = optimizer.computeGradients(lossOf(model), variablesOf(model));
    const before = tf.memory().numTensors;
    optimizer.applyGradients(grads);
    expect(tf.memory().numTensors).toBe(before);
    expect(Object.values(grads).some(g => g.isDisposed)).toBe(false);
    tf.dispose([value, grads]);
  });

  test('a gradient of a variable that there is not', () => {
    const { optimizer } = attach(net(), tf.train.sgd(0.1));
    expect(() => optimizer.applyGradients({ nobody: tf.scalar(1) })).toThrow(/"nobody"/);
  });
});

describe('what attach has not seen', () => {
  test('a variable in the loss is trained as the optimizer alone would, out of sight of plugins', () => {
    const model = net();
    const temperature = tf.variable(tf.scalar(2));
    const seen: string[] = [];
    const watch = plugin({
      gradients: (g, w) => {
        seen.push(...g.keys(), ...w.map(({ path }) => path));
        return g;
      },
      weightDecay: w => new Map(w.map(({ path }) => [path, 1])),
    });
    const { optimizer } = attach(model, tf.train.sgd(0.1), watch);
    optimizer.minimize(() => tf.tidy(() => tf.mul(lossOf(model)(), tf.square(temperature))) as tf.Scalar);
    const loss = numbers(net()).length && tf.tidy(() => lossOf(net())().dataSync()[0] ?? 0);
    expect(temperature.dataSync()[0]).toBeCloseTo(2 - 0.1 * 2 * 2 * loss, 5);
    expect(seen.some(path => path.includes(temperature.name))).toBe(false);
    temperature.dispose();
  });

  test('strangers are looked for in the model once, however many there are', () => {
    const model = net();
    let reads = 0;
    const layers = model.layers;
    Object.defineProperty(model, 'layers', {
      get() {
        reads++;
        return layers;
      },
    });
    const { optimizer } = attach(model, tf.train.sgd(0.1));
    const opened = reads;
    const others = Array.from({ length: 5 }, () => tf.variable(tf.scalar(1)));
    const loss = (): tf.Scalar =>
      tf.tidy(() => others.reduce<tf.Scalar>((sum, other) => tf.add(sum, tf.square(other)), lossOf(model)()));
    optimizer.minimize(loss);
    const met = reads;
    expect(met).toBeLessThanOrEqual(2 * opened);
    optimizer.minimize(loss);
    expect(reads).toBe(met);
    tf.dispose(others);
  });

  test('a head that is added later belongs to the model', async () => {
    const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
    const paths = new Set<string>();
    const reg = attach(
      model,
      tf.train.sgd(0.1),
      plugin({ beforeUpdate: w => void w.map(({ path }) => paths.add(path)) }),
    );
    model.add(tf.layers.dense({ units: 1 }));
    const [, , kernel] = numbers(model);
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    await model.fit(x(), tf.ones([3, 1]), { epochs: 1, verbose: 0 });
    expect([...paths]).toEqual(['0-Dense/kernel', '0-Dense/bias', '1-Dense/kernel', '1-Dense/bias']);
    expect(numbers(model)[2]).not.toBe(kernel);
  });

  test('a model around the attached one: the parts it does not have are trained without plugins', async () => {
    const base = net();
    const input = tf.input({ shape: [2] });
    const head = tf.layers.dense({ units: 1, kernelInitializer: 'ones' });
    const whole = tf.model({ inputs: input, outputs: head.apply(base.apply(input)) as tf.SymbolicTensor });
    const reg = attach(
      base,
      tf.train.sgd(0.1),
      plugin({
        afterUpdate: w => {
          for (const { variable } of w) variable.assign(tf.zerosLike(variable));
        },
      }),
    );
    whole.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    await whole.fit(x(), tf.ones([3, 1]), { epochs: 1, verbose: 0 });
    expect(new Set(numbers(base))).toEqual(new Set([0]));
    const [weight] = head.getWeights();
    expect(weight?.dataSync()[0]).not.toBe(0);
    expect(weight?.dataSync()[0]).not.toBe(1);
  });

  test('another model altogether is refused', async () => {
    const [model, other] = [net(), net()];
    const reg = attach(model, tf.train.sgd(0.1));
    other.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    const before = numbers(other);
    await expect(other.fit(x(), tf.ones([3, 1]), { epochs: 1, verbose: 0 })).rejects.toThrow(PluginError);
    expect(numbers(other)).toEqual(before);
  });

  test('a model that was disposed is named as such', () => {
    const model = net();
    const { optimizer } = attach(model, tf.train.sgd(0.1), ...everyDoor);
    const loss = lossOf(model);
    optimizer.minimize(loss);
    model.dispose();
    expect(() => optimizer.minimize(loss)).toThrow(/the model was disposed while it was training, before step 1/);
  });

  test('frozen weights stay, also where no list of variables is given', () => {
    const model = net();
    const [frozen, free] = model.layers.map(layer => () => layer.getWeights().flatMap(w => [...w.dataSync()]));
    for (const layer of model.layers.slice(0, 1)) layer.trainable = false;
    const before = [frozen?.(), free?.()];
    attach(model, tf.train.sgd(0.1)).optimizer.minimize(lossOf(model));
    expect(frozen?.()).toEqual(before[0]);
    expect(free?.()).not.toEqual(before[1]);
  });
});
