/** The same plugins, data, seed and batches through attach + model.fit and through fit: difference 0. */
import type { TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import { dropout } from '@keepprob/dropout';
import { install, uninstall } from '@keepprob/kernels/gradients';
import { l2, maxNorm, weightDecay } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { fit } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const init = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });
const drop = (seed: number) => dropout({ keepProb: 0.7, seed });
const softmax = (seed: number) => tf.layers.dense({ units: 3, activation: 'softmax', ...init(seed) });

const nets: Record<string, { shape: number[]; layers: () => tf.layers.Layer[] }> = {
  MLP: {
    shape: [6],
    layers: () => [tf.layers.dense({ units: 8, activation: 'relu', inputShape: [6], ...init(1) }), drop(1), softmax(2)],
  },
  CNN: {
    shape: [6, 6, 1],
    layers: () => [
      tf.layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu', inputShape: [6, 6, 1], ...init(1) }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      drop(1),
      tf.layers.flatten(),
      softmax(2),
    ],
  },
  'CNN with norms': {
    shape: [6, 6, 1],
    layers: () => [
      // a bias in front of batch norm has a gradient of rounding errors alone, which adam would take for large
      tf.layers.conv2d({ filters: 3, kernelSize: 3, useBias: false, inputShape: [6, 6, 1], ...init(1) }),
      tf.layers.batchNormalization(),
      drop(1),
      tf.layers.layerNormalization(),
      tf.layers.flatten(),
      softmax(2),
    ],
  },
  LSTM: {
    shape: [4, 3],
    layers: () => [
      tf.layers.lstm({
        units: 4,
        inputShape: [4, 3],
        recurrentInitializer: tf.initializers.glorotUniform({ seed: 3 }),
        ...init(1),
      }),
      drop(1),
      softmax(2),
    ],
  },
};
const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.1, 0.9),
  adam: () => tf.train.adam(0.01),
};
const plugins = (): TrainingPlugin[] => [l2(1e-2), weightDecay(0.1), maxNorm(0.8)];
const numbers = (model: tf.LayersModel): number[] => model.getWeights().flatMap(w => [...w.dataSync()]);
/** Of 3 updates; in the second one, what an optimizer and a plugin remember is there. */
const EPOCHS = 2;
const cases = Object.keys(nets).flatMap(net => Object.keys(optimizers).map(optimizer => [net, optimizer] as const));

describe.each(cases)('%s with %s', (net, optimizer) => {
  const { shape, layers } = nets[net]!;
  const x = () => tf.randomNormal([22, ...shape], 0, 1, 'float32', 5);
  const y = () =>
    tf.oneHot(
      tf.tensor1d(
        Array.from({ length: 22 }, (_, i) => i % 3),
        'int32',
      ),
      3,
    );
  const train = async (how: 'stock' | 'fit', list: TrainingPlugin[]): Promise<number[]> => {
    const model = tf.sequential({ layers: layers() });
    const [xs, ys] = [x(), y()];
    const loss = 'categoricalCrossentropy';
    if (how === 'stock') {
      const reg = attach(model, optimizers[optimizer]!(), ...list);
      model.compile({ optimizer: reg.optimizer, loss });
      await model.fit(xs, ys, { epochs: EPOCHS, batchSize: 8, shuffle: false, verbose: 0 });
    } else {
      await fit(
        model,
        { x: xs, y: ys },
        {
          loss,
          optimizer: optimizers[optimizer]!(),
          epochs: EPOCHS,
          batchSize: 8,
          shuffle: false,
          progress: false,
          plugins: list,
        },
      );
    }
    return numbers(model);
  };
  let all: number[];
  beforeAll(async () => {
    all = await train('fit', plugins());
  });

  test('both loops end with the same weights, bit for bit', async () => {
    expect(all).toEqual(await train('stock', plugins()));
  });
  test('so they do with gradients in closed form, but for rounding where they were', async () => {
    await install();
    try {
      const after = await train('fit', plugins());
      expect(after).toEqual(await train('stock', plugins()));
      for (const [i, weight] of after.entries()) expect(weight).toBeCloseTo(all[i]!, 3);
    } finally {
      uninstall();
    }
  });
  test('leaving any one plugin out moves them', async () => {
    for (const left of [0, 1, 2]) {
      const without = await train(
        'fit',
        plugins().filter((_, i) => i !== left),
      );
      expect(Math.max(...without.map((w, i) => Math.abs(w - all[i]!)))).toBeGreaterThan(1e-4);
    }
  });
});
