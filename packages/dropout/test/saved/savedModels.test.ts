import { OptionError } from '@keepprob/core';
import type { PluginLayer } from '@keepprob/core/layers';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { curriculum, register, spatialDropout2D, spatialDropout3D } from '../../src/index.ts';
import { everyClass } from '../support/everyClass.ts';
import { formats } from '../support/formats.ts';
import { train } from '../support/layers.ts';

const { layers } = tf;
type Layer = tf.layers.Layer;
type Stock = tf.serialization.SerializableConstructor<Layer>;

const overrides = ['AlphaDropout', 'Dropout', 'GaussianDropout', 'GaussianNoise', 'SpatialDropout1D'] as const;
const registered = (name: string): Stock =>
  tf.serialization.SerializationMap.getMap().classNameMap[name]![0] as unknown as Stock;
const stock = new Map(overrides.map(name => [name, registered(name)]));
const forget = (): void => {
  for (const cls of stock.values()) tf.serialization.registerClass(cls as never);
};

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
});
afterAll(forget);

const steps = (model: tf.LayersModel): number[][] =>
  [0, 1, 2].map(() => [...train(model, tf.ones([4, ...model.inputs[0]!.shape.slice(1)] as number[])).dataSync()]);

describe.each(Object.entries(everyClass))('%s', (className, [shape, make]) => {
  test.each(Object.keys(formats))('comes back from %s with its options, weights and draws', async format => {
    const layer = make();
    expect(layer.getClassName()).toBe(className);
    const model = tf.sequential({ layers: [layers.activation({ activation: 'linear', inputShape: shape }), layer] });
    const loaded = await formats[format]!(model);
    expect(loaded.layers.at(-1)!.getClassName()).toBe(className);
    expect(loaded.toJSON()).toBe(model.toJSON());
    expect(loaded.getWeights().map(w => [...w.dataSync()])).toEqual(model.getWeights().map(w => [...w.dataSync()]));
    expect(steps(loaded)).toEqual(steps(model));
  });
});

describe('Keras’ names have Keras’ configs', () => {
  test('SpatialDropout2D and 3D: rate, data_format, seed', () => {
    const json = (layer: Layer, inputShape: number[]): object => {
      const model = tf.sequential({ layers: [layers.activation({ activation: 'linear', inputShape }), layer] });
      const { config } = JSON.parse(model.toJSON() as string) as { config: { layers: { config: object }[] } };
      return config.layers[1]!.config;
    };
    // the keywords that Keras' constructors take, and no others
    expect(json(spatialDropout2D({ rate: 0.3, seed: 7, name: 'a' }), [4, 4, 2])).toEqual({
      name: 'a',
      trainable: true,
      rate: 0.3,
      data_format: 'channels_last',
      seed: 7,
    });
    expect(json(spatialDropout3D({ keepProb: 0.9, name: 'b', dataFormat: 'channelsFirst' }), [4, 4, 4, 2])).toEqual({
      name: 'b',
      trainable: true,
      rate: 0.1,
      data_format: 'channels_first',
    });
  });

  test('a rate comes back as the keepProb that it was: 1 − x is exact from ½ to 1, and to 2⁻⁵³ below', () => {
    for (const keepProb of [0.7, 0.9, 2 / 3, 0.55, 1, 0.25, 1 / 3, 1e-3, 0.1 + 0.2]) {
      const { layerClass } = spatialDropout2D;
      const config = spatialDropout2D({ keepProb }).getConfig();
      const again = layerClass.fromConfig!(layerClass, config) as PluginLayer<{ keepProb: number }>;
      expect(Math.abs(again.options.keepProb - keepProb)).toBeLessThanOrEqual(keepProb < 0.5 ? 2 ** -53 : 0);
    }
  });

  test('a schedule stands beside the rate that it ends at', () => {
    const keepProb = curriculum({ keepProb: 0.75, steps: 10 });
    const config = spatialDropout2D({ keepProb }).getConfig();
    expect(config).toMatchObject({ rate: 0.25, rateSchedule: keepProb });
    expect(config).not.toHaveProperty('keepProb');
  });
});

/** model.json as the converter of Keras 2.15 writes it, with its weights. */
function kerasModel(): { modelTopology: object; weightSpecs: tf.io.WeightsManifestEntry[]; weightData: ArrayBuffer } {
  const keras = (kind: string, class_name: string, config: object = {}) => ({
    module: `keras.${kind}`,
    class_name,
    config,
    registered_name: null,
  });
  const base = { trainable: true, dtype: 'float32' };
  const weighted = {
    use_bias: true,
    kernel_initializer: keras('initializers', 'GlorotUniform', { seed: null }),
    bias_initializer: keras('initializers', 'Zeros'),
    kernel_regularizer: null,
    bias_regularizer: null,
    activity_regularizer: null,
    bias_constraint: null,
  };
  const list = [
    keras('layers', 'InputLayer', {
      batch_input_shape: [null, 6, 6, 1],
      dtype: 'float32',
      sparse: false,
      ragged: false,
      name: 'conv2d_input',
    }),
    keras('layers', 'Conv2D', {
      name: 'conv2d',
      ...base,
      batch_input_shape: [null, 6, 6, 1],
      filters: 4,
      kernel_size: [3, 3],
      strides: [1, 1],
      padding: 'valid',
      data_format: 'channels_last',
      dilation_rate: [1, 1],
      groups: 1,
      activation: 'relu',
      ...weighted,
      kernel_constraint: keras('constraints', 'MaxNorm', { max_value: 0.5, axis: [0, 1, 2] }),
    }),
    keras('layers', 'SpatialDropout2D', {
      name: 'spatial_dropout2d',
      ...base,
      rate: 0.2,
      noise_shape: null,
      seed: null,
    }),
    keras('layers', 'GaussianNoise', { name: 'gaussian_noise', ...base, stddev: 0.1, seed: null }),
    keras('layers', 'Flatten', { name: 'flatten', ...base, data_format: 'channels_last' }),
    keras('layers', 'GaussianDropout', { name: 'gaussian_dropout', ...base, rate: 0.3, seed: 3 }),
    keras('layers', 'AlphaDropout', { name: 'alpha_dropout', ...base, rate: 0.1, noise_shape: null, seed: null }),
    keras('layers', 'Dropout', { name: 'dropout', ...base, rate: 0.5, noise_shape: null, seed: null }),
    keras('layers', 'Dense', {
      name: 'dense',
      ...base,
      units: 2,
      activation: 'linear',
      ...weighted,
      kernel_constraint: keras('constraints', 'UnitNorm', { axis: 0 }),
    }),
  ];
  const weightSpecs: tf.io.WeightsManifestEntry[] = [
    { name: 'conv2d/kernel', shape: [3, 3, 1, 4], dtype: 'float32' },
    { name: 'conv2d/bias', shape: [4], dtype: 'float32' },
    { name: 'dense/kernel', shape: [64, 2], dtype: 'float32' },
    { name: 'dense/bias', shape: [2], dtype: 'float32' },
  ];
  const weights = Float32Array.from({ length: 36 + 4 + 128 + 2 }, (_, i) => Math.sin(i));
  return {
    modelTopology: {
      keras_version: '2.15.0',
      backend: 'tensorflow',
      model_config: { class_name: 'Sequential', config: { name: 'sequential', layers: list } },
    },
    weightSpecs,
    weightData: weights.buffer,
  };
}
const load = () => tf.loadLayersModel(tf.io.fromMemory(kerasModel()));
const sample = () => tf.randomUniform([4, 6, 6, 1], 0, 1, 'float32', 1);

describe('a model of Keras', () => {
  test('loads ours, predicts as stock does, and trains', async () => {
    const plain = await load(); // SpatialDropout2D is ours, since TF.js has none
    register({ override: overrides });
    const model = await load();
    const options = Object.fromEntries(
      model.layers.filter(l => 'options' in l).map(l => [l.name, (l as unknown as PluginLayer).options]),
    );
    expect(options).toEqual({
      spatial_dropout2d: { keepProb: 0.8, dataFormat: 'channelsLast', seed: null },
      gaussian_noise: { stddev: 0.1, seed: null },
      gaussian_dropout: { keepProb: 0.7, seed: 3 },
      alpha_dropout: { keepProb: 0.9, noiseShape: null, seed: null },
      dropout: { keepProb: 0.5, noiseShape: null, seed: null },
    });
    const x = sample();
    const say = (m: tf.LayersModel) => [...(m.predict(x) as tf.Tensor).dataSync()];
    expect(say(model)).toEqual(say(plain));
    const before = model.getWeights().map(w => [...w.dataSync()]);
    model.compile({ optimizer: tf.train.sgd(0.01), loss: 'meanSquaredError' });
    await model.fit(x, tf.ones([4, 2]), { epochs: 1, verbose: 0 });
    for (const [i, weight] of model.getWeights().entries()) expect([...weight.dataSync()]).not.toEqual(before[i]);
  });

  test('saved again, it has the classes and configs of Keras, and stock TF.js reads it', async () => {
    register({ override: overrides });
    const model = await load();
    const { config } = JSON.parse(model.toJSON() as string) as {
      config: { layers: { class_name: string; config: Record<string, unknown> }[] };
    };
    const own = Object.fromEntries(
      config.layers.map(({ class_name, config: { name, trainable, dtype, ...rest } }) => [class_name, rest]),
    );
    expect(own).toMatchObject({
      SpatialDropout2D: { rate: 0.2, data_format: 'channels_last' },
      GaussianNoise: { stddev: 0.1 },
      GaussianDropout: { rate: 0.3, seed: 3 },
      AlphaDropout: { rate: 0.1 },
      Dropout: { rate: 0.5 },
    });
    const keywords: Record<string, string[]> = {
      SpatialDropout2D: ['rate', 'data_format', 'seed'],
      GaussianNoise: ['stddev', 'seed'],
      GaussianDropout: ['rate', 'seed'],
      AlphaDropout: ['rate', 'noise_shape', 'seed'],
      Dropout: ['rate', 'noise_shape', 'seed'],
    };
    for (const [name, known] of Object.entries(keywords))
      expect(known).toEqual(expect.arrayContaining(Object.keys(own[name]!)));

    forget();
    const again = await tf.models.modelFromJSON(JSON.parse(model.toJSON() as string));
    expect(again.getLayer('gaussian_dropout')).toBeInstanceOf(stock.get('GaussianDropout'));
    const fields = (name: string) => again.getLayer(name) as unknown as { rate: number; stddev: number };
    expect(fields('gaussian_dropout').rate).toBe(0.3);
    expect(fields('alpha_dropout').rate).toBe(0.1);
    expect(fields('dropout').rate).toBe(0.5);
    expect(fields('gaussian_noise').stddev).toBe(0.1);
  });

  test.each(Object.keys(formats))('loaded ours, it comes back from %s', async format => {
    register({ override: overrides });
    const model = await load();
    const loaded = await formats[format]!(model);
    expect(loaded.toJSON()).toBe(model.toJSON());
    // TF.js applies the constraints once more to the weights that it reads, and they divide by norm + 10⁻⁷
    const weights = model.layers.flatMap(layer => layer.weights);
    for (const [i, read] of loaded.getWeights().entries()) {
      const { constraint } = weights[i]!;
      const written = weights[i]!.read();
      expect([...read.dataSync()]).toEqual([...(constraint ? constraint.apply(written) : written).dataSync()]);
    }
  });

  test('SpatialDropout1D has no data_format in Keras, and says one only where it differs', () => {
    register({ override: overrides });
    const Ours = registered('SpatialDropout1D');
    const config = (given: object) => Ours.fromConfig!(Ours, { name: 'a', ...given }).getConfig();
    expect(config({ rate: 0.25, noiseShape: null, seed: null })).toEqual({ name: 'a', trainable: true, rate: 0.25 });
    expect(config({ rate: 0.25, dataFormat: 'channelsFirst' })).toMatchObject({ dataFormat: 'channelsFirst' });
  });

  test('what is in a file is checked: a rate of 1, a noise_shape where there is none', () => {
    register({ override: overrides });
    const make = (name: string, given: object) => () => registered(name).fromConfig!(registered(name), given as never);
    expect(make('AlphaDropout', { rate: 1 })).toThrow(OptionError);
    expect(make('SpatialDropout2D', { rate: 0.5, noiseShape: [1, 1, 1, 2] })).toThrow(/unknown option `noiseShape`/);
    expect(make('AlphaDropout', { rate: 0.5, noiseShape: [null, 1] })).not.toThrow();
  });

  test('only classes that ours replace can be overridden', () => {
    expect(() => register({ override: ['Dense' as never] })).toThrow(OptionError);
  });
});
