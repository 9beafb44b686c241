/** Models with layers of this package and of @keepprob/l2, saved in the browser and loaded again. */
import { attach } from '@keepprob/core/stock';
import { activityRegularization, register as registerL2, spectralNorm, weightNorm } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { dropout, register, spatialDropout2D } from '../../src/index.ts';
import { everyClass } from '../support/everyClass.ts';
import { train } from '../support/layers.ts';

const { layers } = tf;

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
  registerL2();
});

const numbers = (tensors: readonly tf.Tensor[]): number[][] => tensors.map(t => [...t.dataSync()]);

describe.each(['indexeddb', 'localstorage'])('%s', scheme => {
  const url = `${scheme}://keepprob`;

  /** The model as it is loaded; nothing stays in the browser. */
  async function comesBack(model: tf.LayersModel): Promise<tf.LayersModel> {
    await model.save(url);
    try {
      return await tf.loadLayersModel(url);
    } finally {
      await tf.io.removeModel(url);
    }
  }
  function expectSame(loaded: tf.LayersModel, model: tf.LayersModel): void {
    expect(loaded.toJSON()).toBe(model.toJSON());
    expect(numbers(loaded.getWeights())).toEqual(numbers(model.getWeights()));
  }

  test.each(Object.entries(everyClass))('%s, its options, weights and draws', async (className, [shape, make]) => {
    const model = tf.sequential({ layers: [layers.activation({ activation: 'linear', inputShape: shape }), make()] });
    const loaded = await comesBack(model);
    expect(loaded.layers.at(-1)!.getClassName()).toBe(className);
    expectSame(loaded, model);
    const draws = (m: tf.LayersModel): number[][] => numbers([0, 1, 2].map(() => train(m, tf.ones([4, ...shape]))));
    expect(draws(loaded)).toEqual(draws(model));
  });

  test('a net with normalized kernels, in the middle of its training', async () => {
    const model = tf.sequential({
      layers: [
        spectralNorm(layers.conv2d({ filters: 4, kernelSize: 3, activation: 'relu' }), { inputShape: [6, 6, 1] }),
        spatialDropout2D({ keepProb: 0.8 }),
        activityRegularization({ l1: 1e-3, l2: 1e-3 }),
        layers.flatten(),
        weightNorm(layers.dense({ units: 5, activation: 'relu' })),
        dropout({ keepProb: 0.5 }),
        layers.dense({ units: 2, activation: 'softmax' }),
      ],
    });
    const [x, y] = [tf.randomNormal([8, 6, 6, 1], 0, 1, 'float32', 1), tf.oneHot([0, 1, 0, 1, 1, 1, 0, 0], 2)];
    const seen: number[][][] = [];
    const go = async (m: tf.LayersModel, steps: number): Promise<void> => {
      m.compile({
        optimizer: attach(m, { optimizer: tf.train.sgd(0.1), seed: 3 }).optimizer,
        loss: 'meanSquaredError',
      });
      for (let i = 0; i < steps; i++) await m.trainOnBatch(x, y);
      seen.push(numbers([...m.getWeights(), m.predict(x) as tf.Tensor]));
    };
    await go(model, 3);
    const loaded = await comesBack(model);
    expectSame(loaded, model);
    expect(numbers([loaded.predict(x) as tf.Tensor])).toEqual(numbers([model.predict(x) as tf.Tensor]));
    // and both go on alike, which needs the vector of spectral norm as well
    await go(model, 2);
    await go(loaded, 2);
    expect(seen[2]).toEqual(seen[1]);
    expect(seen[1]).not.toEqual(seen[0]);
  });
});
