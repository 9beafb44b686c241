import { OptionError } from '@keepprob/core';
import { keepScale } from '@keepprob/core/random';
import { linear } from '@keepprob/core/schedules';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { dropout, dropoutLSTM, predictWithUncertainty, setKeepProb, spatialDropout1D } from '../../src/index.ts';
import { glorot, net, normal, values } from '../support/nets.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('what draws', () => {
  test('stock dropout and spatialDropout1D, each seeded like ours', async () => {
    const build = (ours: boolean) => {
      const layers = ours
        ? [
            dropout({ rate: 0.4, noiseShape: [null, 1, null], inputShape: [3, 4] }),
            spatialDropout1D({ rate: 0.3 }),
            dropout({ rate: 0.2 }),
          ]
        : [
            tf.layers.dropout({ rate: 0.4, noiseShape: [null as never, 1, null as never], inputShape: [3, 4] }),
            tf.layers.spatialDropout1d({ rate: 0.3 }),
            tf.layers.dropout({ rate: 0.2, seed: 1 }),
          ];
      return tf.sequential({
        layers: [...layers, tf.layers.flatten(), tf.layers.dense({ units: 2, kernelInitializer: glorot(3) })],
      });
    };
    const x = normal([5, 3, 4], 3);
    const [stock, ours] = [build(false), build(true)];
    const a = await predictWithUncertainty(stock, x, { samples: 5, seed: 1, batchSize: 2 });
    const b = await predictWithUncertainty(ours, x, { samples: 5, seed: 1 });
    expect(values(a.mean)).toEqual(values(b.mean));
    expect(values(a.variance)).toEqual(values(b.variance));
    expect(Math.min(...values(a.variance))).toBeGreaterThan(1e-3);
    // afterwards the stock layers are as they were
    expect(values(stock.predict(x) as tf.Tensor)).toEqual(values(ours.predict(x) as tf.Tensor));
    expect(Object.hasOwn(stock.layers[0]!, 'call')).toBe(false);
  });

  test('recurrent dropout', async () => {
    const model = tf.sequential({ layers: [dropoutLSTM({ units: 3, recurrentKeepProb: 0.5, inputShape: [4, 2] })] });
    const { variance } = await predictWithUncertainty(model, normal([3, 4, 2], 1), { samples: 5, seed: 1 });
    expect(Math.max(...values(variance))).toBeGreaterThan(0);
  });

  test('a schedule of keepProb counts as finished', async () => {
    const build = (keepProb: Parameters<typeof dropout>[0]['keepProb']) =>
      tf.sequential({ layers: [dropout({ keepProb: keepProb!, inputShape: [40] })] });
    const options = { samples: 2, seed: 1, interval: false } as const;
    const scheduled = await predictWithUncertainty(
      build(linear({ from: 1, to: 0.5, steps: 9 })),
      tf.ones([1, 40]),
      options,
    );
    const constant = await predictWithUncertainty(build(0.5), tf.ones([1, 40]), options);
    expect(values(scheduled.mean)).toEqual(values(constant.mean));
    expect(new Set(values(constant.mean))).toEqual(new Set([0, keepScale(0.5) / 2, keepScale(0.5)]));
  });

  test.each([
    ['no dropout', () => net('softmax', tf.layers.activation({ activation: 'relu' })), /dropout that is on/],
    ['dropout that is off', () => net('softmax', tf.layers.dropout({ rate: 0 })), /dropout that is on/],
    ['stock gaussianDropout', () => net('softmax', tf.layers.gaussianDropout({ rate: 0.5 })), /GaussianDropout/],
    [
      'dropout in a stock cell',
      () => tf.sequential({ layers: [tf.layers.lstm({ units: 2, recurrentDropout: 0.5, inputShape: [4, 2] })] }),
      /LSTMCell/,
    ],
  ])('%s is an OptionError, before anything happens', async (_, build, message) => {
    const model = build();
    const before = tf.memory().numTensors;
    const error = await predictWithUncertainty(model, tf.zeros([1, 4])).catch(e => e);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.option).toBe('model');
    expect(error.message).toMatch(message);
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  test('dropout turned off by setKeepProb counts as none', async () => {
    const model = net('softmax');
    setKeepProb(model, 1);
    await expect(predictWithUncertainty(model, tf.zeros([1, 4]))).rejects.toThrow(OptionError);
  });
});
