import { DataError, definePlugin, OptionError } from '@keepprob/core';
import type { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { gradientCheck } from '../../src/index.ts';
import { MissingTerm, WrongSlope } from '../support/broken.ts';
import { classes, glorot, loss, net, stateOf } from '../support/nets.ts';

/** `npm test` tries few networks, `npm run test:long` all of them (vitest.config.ts). */
const allCases = process.env.CASES === 'all';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const checked = async (model: tf.LayersModel, more: Parameters<typeof gradientCheck>[2] = {}) =>
  gradientCheck(model, classes(), { loss, limitRows: 32, ...more });

describe('sound networks pass', () => {
  const built: Record<string, () => [tf.LayersModel, { x: tf.Tensor; y: tf.Tensor }, string]> = {
    'ReLU, tanh, batch norm': () => [
      net(tf.layers.dense({ units: 8, activation: 'tanh', ...glorot(3) }), tf.layers.batchNormalization()),
      classes(),
      loss,
    ],
    'convolution and pooling': () => [
      tf.sequential({
        layers: [
          tf.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1], ...glorot(1) }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.flatten(),
          tf.layers.dense({ units: 1, ...glorot(2) }),
        ],
      }),
      { x: tf.randomNormal([16, 6, 6, 1], 0, 1, 'float32', 1), y: tf.randomNormal([16, 1], 0, 1, 'float32', 2) },
      'meanSquaredError',
    ],
    'embedding and LSTM': () => [
      tf.sequential({
        layers: [
          tf.layers.embedding({
            inputDim: 9,
            outputDim: 3,
            inputLength: 4,
            embeddingsInitializer: tf.initializers.randomNormal({ seed: 4 }),
          }),
          tf.layers.lstm({
            units: 3,
            recurrentInitializer: tf.initializers.glorotUniform({ seed: 5 }),
            ...glorot(6),
          }),
          tf.layers.dense({ units: 1, activation: 'sigmoid', ...glorot(7) }),
        ],
      }),
      {
        x: tf.tensor2d(Array.from({ length: 64 }, (_, i) => (i * 7) % 9), [16, 4]), // biome-ignore format: one row
        y: tf.tensor2d(Array.from({ length: 16 }, (_, i) => Number(i % 3 === 0)), [16, 1]), // biome-ignore format: one row
      },
      'binaryCrossentropy',
    ],
  };
  test.each(Object.keys(built))('%s', async name => {
    const [model, data, of] = built[name]!();
    const before = tf.memory().numTensors;
    const check = await gradientCheck(model, data, { loss: of, limitRows: 16, plugins: [l2(1e-3)] });
    expect(check.text).toMatch(/^The gradient of J is right/);
    expect(check.verdict).toBe('sound');
    expect(tf.memory().numTensors).toBe(before);
  });

  test('whatever the initial weights and directions', async () => {
    for (let seed = 1; seed <= (allCases ? 5 : 2); seed++) {
      const model = tf.sequential({
        layers: [
          tf.layers.dense({ units: 24, activation: 'relu', inputShape: [5], ...glorot(3 * seed) }),
          tf.layers.dense({ units: 3, activation: 'softmax', ...glorot(3 * seed + 1) }),
        ],
      });
      expect((await checked(model, { seed })).verdict).toBe('sound');
    }
  });
});

describe('what is wrong is named', () => {
  test.each(allCases ? [1.1, -1, 0] : [1.1, 0])('a layer whose gradient is %f × the right one', async factor => {
    const check = await checked(net(new WrongSlope(factor)));
    expect(check.verdict).toBe('wrong');
    expect(check.causes).toMatchObject([{ what: 'layer', name: 'wrongSlope', by: 'input' }]);
    if (factor) expect(check.causes[0]!.ratio).toBeCloseTo(1 / factor, 2);
    expect(check.weights.filter(w => w.verdict === 'wrong').map(w => w.layer)).toEqual(['first', 'first']);
    expect(check.text).toMatch(/wrong in "first".*layer "wrongSlope": its gradient with respect to its input/);
    expect(await check.picture()).toMatch(/^<svg/);
  });

  test('each of two layers of one name, in two models within the model', async () => {
    const part = () =>
      tf.sequential({
        layers: [tf.layers.dense({ units: 6, inputShape: [5], ...glorot(3) }), new WrongSlope(2, 'same')],
      });
    const [x, h] = [tf.input({ shape: [5] }), tf.layers.concatenate({})];
    const both = h.apply([part().apply(x), part().apply(x)] as tf.SymbolicTensor[]) as tf.SymbolicTensor;
    const y = tf.layers.dense({ units: 3, activation: 'softmax', ...glorot(4) }).apply(both) as tf.SymbolicTensor;
    const check = await checked(tf.model({ inputs: x, outputs: y }));
    expect(check.causes.map(({ name }) => name)).toEqual([
      'same (1-Sequential/1-WrongSlope)',
      'same (2-Sequential/1-WrongSlope)',
    ]);
    expect(new Set(check.weights.map(({ layer, path }) => layer + path.split('/').at(-1))).size).toBe(
      check.weights.length,
    );
  });

  test('a layer that leaves a term out of the gradient by one of its weights', async () => {
    const check = await checked(net(new MissingTerm()));
    expect(check.causes).toMatchObject([{ what: 'layer', name: 'missingTerm', by: 'weights' }]);
    expect(check.weights.filter(w => w.verdict === 'wrong').map(w => w.path)).toEqual(['1-MissingTerm/v']);
  });

  test('a loss', async () => {
    const half = tf.customGrad((p, save) => {
      (save as (t: tf.Tensor[]) => void)([p as tf.Tensor]);
      return { value: tf.square(p as tf.Tensor), gradFunc: (dy, [q]) => tf.mul(dy as tf.Tensor, q!) };
    });
    const check = await checked(net(), { loss: (y, p) => tf.mean(half(tf.sub(p, y)), -1) });
    expect(check.causes).toMatchObject([{ what: 'loss', by: 'predictions' }]);
    expect(check.causes[0]!.ratio).toBeCloseTo(2, 2);
  });

  test('a penalty', async () => {
    const wrong = tf.customGrad(w => ({
      value: tf.sum(tf.square(w as tf.Tensor)),
      gradFunc: dy => tf.fill((w as tf.Tensor).shape, (dy as tf.Tensor).dataSync()[0]!),
    }));
    const plugin = definePlugin({
      name: 'crooked',
      options: {},
      setup: () => ({ penalty: w => wrong(w[0]!.variable) }),
    })();
    const check = await checked(net(), { plugins: [plugin] });
    expect(check.causes).toMatchObject([{ what: 'penalty', name: 'crooked' }]);
  });
});

test('a layer that no gradient reaches: cannot tell', async () => {
  const dead = tf.layers.dense({
    units: 4,
    activation: 'relu',
    biasInitializer: tf.initializers.constant({ value: -99 }),
  });
  const check = await checked(net(dead));
  expect(check.verdict).toBe('cannotTell');
  expect(check.weights.find(w => w.layer === 'first')!.verdict).toBe('unresolved');
  expect(check.text).toMatch(/No gradient is wrong, but in .*"first".*cannot tell there/);
});

test('the model is as it was, and nothing was drawn from it', async () => {
  const model = net(tf.layers.batchNormalization());
  const twin = net(tf.layers.batchNormalization());
  const { x } = classes(4);
  for (const m of [model, twin]) (m.getLayer('drop') as ReturnType<typeof dropout>).setOptions({ seed: 3 });
  const before = stateOf(model);
  await checked(model);
  expect(stateOf(model)).toEqual(before);
  // outside runs a layer counts its own steps: the next mask is the first one
  const mask = (m: tf.LayersModel) => [...(m.getLayer('drop').apply(tf.ones([4, 10]), { training: true }) as tf.Tensor).dataSync()]; // biome-ignore format: one thought
  expect(mask(model)).toEqual(mask(twin));
  x.dispose();
});

test('bad input', async () => {
  const model = net();
  const before = tf.memory().numTensors;
  const { x, y } = classes();
  const tanhs = tf.sequential({ layers: [tf.layers.dense({ units: 3, activation: 'tanh', inputShape: [5] })] });
  await expect(gradientCheck(tanhs, { x, y })).rejects.toThrow(/loss as fit takes it/);
  tanhs.dispose();
  await expect(gradientCheck(tf.sequential(), { x, y }, { loss })).rejects.toThrow(OptionError);
  await expect(gradientCheck(model, { x: [], y: [] }, { loss })).rejects.toThrow(DataError);
  await expect(gradientCheck(model, undefined as never, { loss })).rejects.toThrow(DataError);
  await expect(gradientCheck(model, { x: tf.fill([2, 5], Number.NaN), y: [[1, 0, 0], [0, 1, 0]] }, { loss })).rejects.toThrow(/finite/); // biome-ignore format: one thought
  await expect(gradientCheck(model, { x, y }, { loss, limitRow: 3 } as never)).rejects.toThrow(
    /Did you mean `limitRows`/,
  );
  await expect(gradientCheck(model, { x, y }, { loss, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  tf.dispose([x, y]);
  expect(tf.memory().numTensors).toBe(before + 1); // the NaNs above
  model.compile({ optimizer: 'sgd', loss });
  expect((await gradientCheck(model, classes(), { limitRows: 16 })).verdict).toBe('sound');
});

test('ReLU nets of many weights: biases of 0 and units that say nothing raise no alarm', async () => {
  const init = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });
  for (let i = 0; i < (allCases ? 6 : 2); i++) {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 8, activation: 'relu', inputShape: [4], ...init(100 * i + 1) }),
        tf.layers.dense({ units: 8, activation: 'relu', ...init(100 * i + 2) }),
        tf.layers.dense({ units: 2, activation: 'softmax', ...init(100 * i + 3) }),
      ],
    });
    const x = tf.randomNormal([64, 4], 0, 1, 'float32', i + 1);
    const y = tf.oneHot(tf.randomUniform([64], 0, 2, 'int32', i + 1), 2);
    const found = await gradientCheck(model, { x, y }, { loss: 'categoricalCrossentropy' });
    expect(found.verdict, found.text).not.toBe('wrong');
  }
});
