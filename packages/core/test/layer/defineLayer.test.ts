import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { OptionError, option, PluginError } from '../../src/index.ts';
import { defineLayer, forwardContext, layerPlugin, layerPluginsOf, thisCore } from '../../src/layers.ts';
import { mask } from '../../src/random.ts';
import { attach } from '../../src/stock.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** An activity penalty: λ Σ x² of what passes through. */
const activityL2 = defineLayer<{ l2: number }>({
  name: 'activityL2',
  className: 'TestActivityL2',
  options: { l2: option.number({ min: 0 }) },
  forward(x, { l2 }, at) {
    at.addPenalty(tf.mul(tf.sum(tf.square(x)), l2));
    return tf.clone(x);
  },
});

test('a layer takes one input; of two it says how to join them', () => {
  const inputs = [1, 2].map(() => tf.input({ shape: [3] }));
  const apply = () => activityL2({ l2: 0.5 }).apply(inputs);
  expect(apply).toThrow(OptionError);
  expect(apply).toThrow(/^activityL2: the layer takes one input. Received: 2.*concatenate/);
  expect(() => activityL2({ l2: 0.5 }).apply(inputs.slice(0, 1))).not.toThrow();
});

describe('activity penalties', () => {
  const ones = () => tf.layers.dense({ units: 2, inputShape: [3], kernelInitializer: 'ones', useBias: false });

  test('stock: activityRegularizer throws NotImplemented', () => {
    const regularized = { activityRegularizer: tf.regularizers.l2({ l2: 1 }) } as object;
    expect(() => tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3], ...regularized })] })).toThrow(
      /not supported/,
    );
  });

  test('a layer adds one to J, and its gradient trains the weights', async () => {
    const model = tf.sequential({ layers: [ones(), activityL2({ l2: 0.5 })] });
    const reg = attach(model, tf.train.sgd(0.01));
    model.compile({ optimizer: reg.optimizer, loss: (_, p) => tf.mul(p, 0) });
    const x = tf.ones([1, 3]);
    // h = 3 in both units: J = .5 (9 + 9) = 9; dJ/dw = h x = 3, so w = 1 − .01 × 3
    expect(await model.trainOnBatch(x, tf.zeros([1, 2]))).toBe(9);
    const [w] = model.getWeights();
    expect(w!.dataSync()[0]).toBeCloseTo(0.97, 6);
  });

  test('nothing at inference; in training with nothing to collect it, an error', () => {
    const model = tf.sequential({ layers: [ones(), activityL2({ l2: 0.5 })] });
    expect([...(model.predict(tf.ones([1, 3])) as tf.Tensor).dataSync()]).toEqual([3, 3]);
    expect(() => model.apply(tf.ones([1, 3]), { training: true })).toThrow(PluginError);
    expect(() => model.apply(tf.ones([1, 3]), { training: true })).toThrow(/nothing to collect it/);
  });
});

describe('forwardContext', () => {
  /** A layer of one's own, not made by defineLayer, with two random streams. */
  class Noisy extends tf.layers.Layer {
    static readonly className = 'TestNoisy';
    readonly [layerPlugin] = thisCore;
    readonly keys: { site: number; draw: number; step: number; seed: number }[] = [];
    override computeOutputShape<S>(shape: S): S {
      return shape;
    }
    override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
      const x = [inputs].flat()[0] as tf.Tensor;
      const at = forwardContext(this, kwargs, { streams: ['other'] });
      if (at) this.keys.push(at.key(), at.key(), at.key('other'));
      return at ? tf.mul(x, mask(x.shape, 0.5, at.key())) : tf.clone(x);
    }
  }

  test('sites are ordinals of layer plugins, nested models opened; draws count; streams are apart', async () => {
    const [first, second] = [new Noisy({}), new Noisy({})];
    const inner = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] }), first] });
    const model = tf.sequential({ layers: [inner, tf.layers.dense({ units: 2 }), second] });
    expect(layerPluginsOf(model)).toEqual([first, second]);
    const reg = attach(model, { optimizer: tf.train.sgd(0.1), seed: 9 });
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    for (let i = 0; i < 2; i++) await model.trainOnBatch(tf.ones([1, 3]), tf.ones([1, 2]));
    const written = (layer: Noisy) => layer.keys.map(k => `${k.seed} ${k.step} ${k.site} ${k.draw}`);
    const site1 = 2 ** 24;
    expect(written(first)).toEqual(['9 0 0 0', '9 0 0 1', `9 0 ${site1} 0`, '9 1 0 0', '9 1 0 1', `9 1 ${site1} 0`]);
    expect(written(second)).toEqual([
      '9 0 1 0',
      '9 0 1 1',
      `9 0 ${site1 + 1} 0`,
      '9 1 1 0',
      '9 1 1 1',
      `9 1 ${site1 + 1} 0`,
    ]);
  });

  test('looking draws nothing: evaluating and predicting between steps changes no mask', async () => {
    const train = async (look: boolean): Promise<number[]> => {
      const glorot = tf.initializers.glorotUniform({ seed: 1 });
      const model = tf.sequential({
        layers: [tf.layers.dense({ units: 8, inputShape: [3], kernelInitializer: glorot }), new Noisy({})],
      });
      const reg = attach(model, { optimizer: tf.train.sgd(0.1), seed: 9 });
      model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
      const [x, y] = [tf.ones([4, 3]), tf.ones([4, 8])];
      for (let i = 0; i < 3; i++) {
        await model.trainOnBatch(x, y);
        if (look) {
          model.predict(x);
          model.evaluate(x, y);
          model.apply(x, { training: true });
        }
      }
      return model.getWeights().flatMap(w => [...w.dataSync()]);
    };
    expect(await train(true)).toEqual(await train(false));
  });
});

test('setOptions checks like the factory, and gives back what it changed', () => {
  const layer = activityL2({ l2: 0.5 });
  const restore = layer.setOptions({ l2: 0.1 });
  expect(layer.options).toEqual({ l2: 0.1 });
  expect(() => layer.setOptions({ l2: -1 })).toThrow(OptionError);
  expect(layer.options).toEqual({ l2: 0.1 });
  restore();
  expect(layer.options).toEqual({ l2: 0.5 });
});

describe('config: a layer that is saved in the words of another library', () => {
  interface Scale {
    readonly factor: number;
  }
  const scale = defineLayer<Scale>({
    name: 'scale',
    className: 'TestScale',
    options: { factor: option.number({ above: 0 }) },
    config: {
      save: ({ factor, ...rest }) => ({ ...rest, divisor: 1 / (factor as number) }),
      load: ({ divisor, ...rest }) => ({ ...rest, factor: 1 / (divisor as number) }),
    },
    checkShape(shape) {
      if (shape.length !== 2) throw OptionError.of('scale', 'inputShape', 'rank 2', shape);
    },
    forward: (x, { factor }) => tf.mul(x, factor),
  });
  test('save and load are each other’s inverse', async () => {
    tf.serialization.registerClass(scale.layerClass as never);
    const model = tf.sequential({ layers: [scale({ factor: 4, inputShape: [3], name: 'a' })] });
    expect(model.layers[0]!.getConfig()).toMatchObject({ name: 'a', divisor: 0.25 });
    const loaded = await tf.models.modelFromJSON(model.toJSON(null, false) as never);
    expect((loaded.layers.at(-1) as ReturnType<typeof scale>).options).toEqual({ factor: 4 });
  });
  test('a shape is checked when the layer is built, and again at each training call', () => {
    const layer = scale({ factor: 2 });
    expect(() => layer.apply(tf.ones([3]))).toThrow(OptionError);
    layer.apply(tf.ones([1, 3]));
    expect(() => layer.apply(tf.ones([3]), { training: true })).toThrow(OptionError);
  });
});
