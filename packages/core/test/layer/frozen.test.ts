import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { atInference } from '../../src/layer/frozen.ts';
import { attach } from '../../src/stock.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const { layers } = tf;
type Net = { model: tf.LayersModel; norm: tf.layers.Layer };
const head = () => layers.dense({ units: 1, kernelInitializer: 'ones', name: 'head' });

const behind = (norm: tf.layers.Layer): Net => ({ model: tf.sequential({ layers: [norm, head()] }), norm });
const nested = (around: (inner: tf.Sequential) => void): Net => {
  const norm = layers.batchNormalization({ inputShape: [2] });
  const inner = tf.sequential({ layers: [norm] });
  const model = tf.sequential({ layers: [inner, head()] });
  around(inner);
  return { model, norm };
};
/** Ways to freeze batch norm. */
const frozen: Readonly<Record<string, () => Net>> = {
  'when it is made': () => behind(layers.batchNormalization({ inputShape: [2], trainable: false })),
  later() {
    const net = behind(layers.batchNormalization({ inputShape: [2] }));
    net.norm.trainable = false;
    return net;
  },
  'with the model around it': () =>
    nested(inner => {
      inner.trainable = false;
    }),
  'in a wrapper'() {
    const norm = layers.batchNormalization({});
    const wrapper = layers.timeDistributed({ layer: norm, inputShape: [3, 2] });
    const model = tf.sequential({ layers: [wrapper, layers.flatten(), head()] });
    wrapper.trainable = false;
    return { model, norm };
  },
};
const dataOf = (model: tf.LayersModel) => {
  const shape = [12, ...model.inputs[0]!.shape.slice(1)] as number[];
  return { x: tf.randomNormal(shape, 5, 3, 'float32', 1), y: tf.zeros([12, 1]) };
};
const statistics = ({ norm }: Net) =>
  norm
    .getWeights()
    .slice(-2)
    .map(t => [...t.dataSync()]);

const trainers: Readonly<Record<string, (net: Net) => Promise<number>>> = {
  async fit({ model }) {
    const options = { loss: 'meanSquaredError', optimizer: tf.train.sgd(0), batchSize: 12, progress: false } as const;
    return (await fit(model, dataOf(model), options)).history.loss?.[0] ?? Number.NaN;
  },
  async attach({ model }) {
    const reg = attach(model, tf.train.sgd(0));
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    const { x, y } = dataOf(model);
    return (await model.fit(x, y, { batchSize: 12, verbose: 0 })).history.loss?.[0] as number;
  },
  async stock({ model }) {
    model.compile({ optimizer: tf.train.sgd(0), loss: 'meanSquaredError' });
    const { x, y } = dataOf(model);
    return (await model.fit(x, y, { batchSize: 12, verbose: 0 })).history.loss?.[0] as number;
  },
};
const atRest = ({ model }: Net): number => {
  const { x, y } = dataOf(model);
  return tf.losses.meanSquaredError(y, model.predict(x) as tf.Tensor).dataSync()[0]!;
};

describe.each(Object.entries(frozen))('frozen %s', (_, make) => {
  test.each(['fit', 'attach'])('in %s: it computes as at inference, and its statistics stay', async name => {
    const net = make();
    const before = statistics(net);
    expect(await trainers[name]!(net)).toBeCloseTo(atRest(net), 3);
    expect(statistics(net)).toEqual(before);
  });
  test('stock normalizes by the batch and moves the statistics', async () => {
    const net = make();
    const [before, expected] = [statistics(net), atRest(net)];
    expect(Math.abs((await trainers.stock!(net)) - expected)).toBeGreaterThan(1);
    expect(statistics(net)).not.toEqual(before);
  });
});

test.each(['fit', 'attach'])('in %s: what is thawed trains again', async name => {
  const net = frozen.later!();
  const before = statistics(net);
  await trainers[name]!(net);
  net.norm.trainable = true;
  await trainers[name]!(net);
  expect(statistics(net)).not.toEqual(before);
});

test('the gradient goes through frozen batch norm as through a line', async () => {
  const dense = layers.dense({ units: 2, inputShape: [2], useBias: false, kernelInitializer: 'identity' });
  const norm = layers.batchNormalization({ trainable: false, epsilon: 0 });
  const model = tf.sequential({ layers: [dense, norm, head()] });
  const optimizer = tf.train.sgd(1);
  const loss = (_: tf.Tensor, prediction: tf.Tensor) => prediction;
  await fit(model, { x: tf.ones([4, 2]), y: tf.zeros([4, 1]) }, { loss, optimizer, progress: false });
  // ∂ mean(prediction) / ∂ kernel = 1 everywhere: by batch statistics it would be 0
  expect([...dense.getWeights()[0]!.dataSync()]).toEqual([0, -1, -1, 0].map(v => expect.closeTo(v, 5)));
});

test('what fails inside leaves the layers as they were', () => {
  const { norm } = frozen.later!();
  const { call } = norm;
  expect(() =>
    atInference([norm], () => {
      throw new Error('x');
    }),
  ).toThrow('x');
  expect(Object.hasOwn(norm, 'call')).toBe(false);
  expect(norm.call).toBe(call);
});
