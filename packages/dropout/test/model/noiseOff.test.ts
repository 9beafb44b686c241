import { OptionError } from '@keepprob/core';
import { defineLayer } from '@keepprob/core/layers';
import { linear } from '@keepprob/core/schedules';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  alphaDropout,
  dropBlock2D,
  dropout,
  dropoutLSTM,
  dropPath,
  featureAlphaDropout,
  gaussianDropout,
  gaussianNoise,
  noiseOff,
  setKeepProb,
  spatialDropout2D,
} from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const say = (model: tf.LayersModel, training: boolean): number[] => {
  const x = tf.ones([2, 4, 4, 3]);
  return [...(model.apply(x, { training }) as tf.Tensor).dataSync()];
};
const behind = (...layers: tf.layers.Layer[]): tf.LayersModel => {
  const input = tf.input({ shape: [4, 4, 3] });
  const output = layers.reduce((x, layer) => layer.apply(x) as tf.SymbolicTensor, input);
  return tf.model({ inputs: input, outputs: output });
};

/** TF.js has no factory for some of the classes that it loads. */
const stockClass = (name: string): (new (config: object) => tf.layers.Layer) =>
  tf.serialization.SerializationMap.getMap().classNameMap[name]![0] as never;

/** Each alone, since one that is left on must show. */
const noisy: Record<string, () => tf.LayersModel> = {
  dropout: () => behind(dropout({ keepProb: 0.5 })),
  'a schedule': () => behind(dropout({ keepProb: linear({ from: 0.5, to: 0.25, steps: 9 }) })),
  spatialDropout2D: () => behind(spatialDropout2D({ keepProb: 0.5 })),
  alphaDropout: () => behind(alphaDropout({ keepProb: 0.5 })),
  featureAlphaDropout: () => behind(featureAlphaDropout({ keepProb: 0.5 })),
  gaussianDropout: () => behind(gaussianDropout({ keepProb: 0.5 })),
  gaussianNoise: () => behind(gaussianNoise({ stddev: 0.5 })),
  dropBlock2D: () => behind(dropBlock2D({ keepProb: 0.5, blockSize: 2 })),
  dropPath: () => behind(dropPath({ keepProb: 0.5 })),
  dropoutLSTM: () =>
    behind(
      tf.layers.reshape({ targetShape: [16, 3] }),
      dropoutLSTM({ units: 4, keepProb: 0.5, recurrentKeepProb: 0.5 }),
    ),
  'in a wrapper': () => behind(tf.layers.timeDistributed({ layer: dropout({ keepProb: 0.5 }) })),
  'in a nested model': () => behind(tf.sequential({ layers: [dropout({ keepProb: 0.5, inputShape: [4, 4, 3] })] })),
  'stock dropout': () => behind(tf.layers.dropout({ rate: 0.5 })),
  'stock gaussianDropout': () => behind(tf.layers.gaussianDropout({ rate: 0.5 })),
  'stock alphaDropout': () => behind(tf.layers.alphaDropout({ rate: 0.5 })),
  'stock gaussianNoise': () => behind(tf.layers.gaussianNoise({ stddev: 0.5 })),
  'stock spatialDropout1D': () =>
    behind(tf.layers.reshape({ targetShape: [16, 3] }), new (stockClass('SpatialDropout1D'))({ rate: 0.5 })),
  'stock recurrent dropout': () =>
    behind(
      tf.layers.reshape({ targetShape: [16, 3] }),
      tf.layers.gru({ units: 4, dropout: 0.5, recurrentDropout: 0.5 }),
    ),
};

describe.each(Object.entries(noisy))('%s', (_, build) => {
  test.each([noiseOff, (model: tf.LayersModel) => setKeepProb(model, 1)])('is off, and on again as it was', off => {
    const model = build();
    const config = () => JSON.stringify(model.layers.map(layer => layer.getConfig()));
    const before = config();
    const quiet = say(model, false);
    // a model with one mask may draw a full one by chance: some of many passes differ
    const differs = (): boolean => {
      for (let pass = 0; pass < 30; pass++) if (say(model, true).join() !== quiet.join()) return true;
      return false;
    };
    expect(differs()).toBe(true);
    const restore = off(model);
    expect(differs()).toBe(false);
    restore();
    expect(config()).toBe(before);
    expect(differs()).toBe(true);
  });
});

test('a layer of your own is turned off where it describes its noise, whatever its options are called', () => {
  const shaky = defineLayer<{ by: number }>({
    name: 'shaky',
    className: 'TestShaky',
    options: { by: { expected: 'a number', accepts: v => typeof v === 'number' } },
    noise: { by: { strength: 'stddev', effect: 'adds', target: 'activations' } },
    forward: (x, { by }) => tf.add(x, by),
  });
  const model = behind(shaky({ by: 1 }));
  const restore = noiseOff(model);
  expect(say(model, true)).toEqual(say(model, false));
  restore();
  expect(say(model, true)).not.toEqual(say(model, false));
});

test('what is no model is refused', () => {
  expect(() => noiseOff(undefined as never)).toThrow(OptionError);
});
