import { keepScale, OptionError } from '@keepprob/core';
import { conformance } from '@keepprob/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, test } from 'vitest';
import {
  alphaAffine,
  alphaDropout,
  register,
  spatialDropout1D,
  spatialDropout2D,
  spatialDropout3D,
} from '../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
});
const train = (layer: tf.layers.Layer, x: tf.Tensor) => layer.apply(x, { training: true }) as tf.Tensor;
const bad = [
  { options: { keepProb: 0 }, option: 'keepProb' },
  { options: { keepProb: 0.5, rate: 0.5 }, option: 'rate' },
  { options: { rate: 1 }, option: 'rate' },
  { options: {}, option: 'keepProb' },
  { options: { keepProb: 0.5, seed: 0.5 }, option: 'seed' },
  { options: 0.5 },
];
const common = { kind: 'layer', register: () => register(), options: { keepProb: 0.5, seed: 1 }, bad } as const;
const variants = [
  { keepProb: 0.8, seed: 1 },
  { rate: 0.3, seed: 1 },
  { keepProb: 0.5, seed: 2 },
];
const first = { keepProb: 0.5, seed: 1, dataFormat: 'channelsFirst' } as const;

conformance({ describe, it }, { ...common, name: 'alphaDropout', create: alphaDropout, inputShape: [6], variants });
for (const [name, create, inputShape] of [
  ['spatialDropout1D', spatialDropout1D, [3, 2]],
  ['spatialDropout2D', spatialDropout2D, [2, 3, 2]],
  ['spatialDropout3D', spatialDropout3D, [2, 2, 3, 2]],
] as const) {
  conformance({ describe, it }, { ...common, name, create, inputShape, variants: [...variants, first] });
}

test.each(['channelsLast', 'channelsFirst'] as const)('spatial dropout drops whole channels, %s', dataFormat => {
  const y = train(spatialDropout2D({ keepProb: 0.5, seed: 1, dataFormat }), tf.ones([4, 6, 6, 6]));
  const axes = dataFormat === 'channelsLast' ? [1, 2] : [2, 3];
  expect([...tf.max(y, axes).dataSync()]).toEqual([...tf.min(y, axes).dataSync()]);
  expect(new Set(y.dataSync())).toEqual(new Set([0, keepScale(0.5)]));
});

test('spatial dropout refuses another rank', () => {
  expect(() => spatialDropout2D({ rate: 0.5 }).apply(tf.input({ shape: [3, 2] }))).toThrow(OptionError);
});

// torch.json, alphaDropout
test.each([
  [0.1, 0.9212845161497115, 0.16197097005757022],
  [0.3, 0.8609526162463561, 0.4540920681370629],
  [0.5, 0.886404894665932, 0.7791939305180317],
  [0.8, 1.1999121561207353, 1.6876518166004955],
])('alpha dropout at rate %d: a and b of PyTorch; mean 0 and variance 1 stay', (rate, a, b) => {
  expect(alphaAffine(1 - rate).a).toBeCloseTo(a, 12);
  expect(alphaAffine(1 - rate).b).toBeCloseTo(b, 12);
  const n = 1e6;
  tf.tidy(() => {
    const y = train(alphaDropout({ rate, seed: 1 }), tf.randomNormal([n], 0, 1, 'float32', 1)).dataSync<'float32'>();
    const mean = y.reduce((s, v) => s + v, 0) / n;
    const variance = y.reduce((s, v) => s + (v - mean) ** 2, 0) / n;
    const fourth = y.reduce((s, v) => s + (v - mean) ** 4, 0) / n;
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(variance - 1)).toBeLessThan(4 * Math.sqrt((fourth - variance ** 2) / n));
  });
});

test('a model.json as the Keras converter writes it loads ours', async () => {
  register({ override: ['AlphaDropout'] });
  const layer = (class_name: string, config: object) => ({
    class_name,
    config: { trainable: true, dtype: 'float32', ...config },
  });
  const rest = { rate: 0.25, noise_shape: null, seed: null };
  const modelTopology = {
    keras_version: '2.15.0',
    backend: 'tensorflow',
    model_config: {
      class_name: 'Sequential',
      config: {
        name: 'sequential',
        layers: [
          layer('SpatialDropout2D', { name: 'sd', batch_input_shape: [null, 4, 4, 2], ...rest }),
          layer('AlphaDropout', { name: 'ad', ...rest }),
        ],
      },
    },
  };
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs: [], weightData: new ArrayBuffer(0) }),
  );
  expect(model.layers.slice(-2).map(l => (l as ReturnType<typeof alphaDropout>).options.keepProb)).toEqual([
    0.75, 0.75,
  ]);
  expect(() => register({ override: ['Dense' as never] })).toThrow(OptionError);
});
