/** GRU with its reset gate behind the recurrent kernel, Keras' default. */
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { dropoutGRU, register } from '../../src/index.ts';

const UNITS = 3;
const TIME = 4;
const FEATURES = 2;
const random = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);
const weights = () => [random([FEATURES, 9], 1), random([UNITS, 9], 2), random([2, 9], 3)] as const;
const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));

/** Keras' formula (backend.rnn with GRUCell, reset_after) for one sequence, in float64. */
function oracle(x: number[][], kernel: number[][], recurrent: number[][], [b, c]: [number[], number[]]): number[] {
  const times = (v: number[], m: number[][], bias: number[]) =>
    bias.map((start, j) => v.reduce((sum, value, i) => sum + value * m[i]![j]!, start));
  let h: number[] = [0, 0, 0];
  for (const step of x) {
    const [fromX, fromH] = [times(step, kernel, b), times(h, recurrent, c)];
    h = h.map((before, j) => {
      const z = sigmoid(fromX[j]! + fromH[j]!);
      const r = sigmoid(fromX[UNITS + j]! + fromH[UNITS + j]!);
      return z * before + (1 - z) * Math.tanh(fromX[2 * UNITS + j]! + r * fromH[2 * UNITS + j]!);
    });
  }
  return h;
}
const expected = (x: tf.Tensor): number[] => {
  const [kernel, recurrent, bias] = weights().map(w => w.arraySync()) as [number[][], number[][], [number[], number[]]];
  return (x.arraySync() as number[][][]).flatMap(sequence => oracle(sequence, kernel, recurrent, bias));
};
const close = (t: tf.Tensor, wanted: readonly number[]): void => {
  for (const [i, v] of [...t.dataSync()].entries()) expect(v).toBeCloseTo(wanted[i]!, 5);
};
const options = { units: UNITS, recurrentActivation: 'sigmoid', resetAfter: true } as const;

/** A file of Keras with the layer in it. */
const file = (layer: object): tf.io.ModelArtifacts => ({
  modelTopology: {
    keras_version: '2.15.0',
    backend: 'tensorflow',
    model_config: { class_name: 'Sequential', config: { name: 's', layers: [layer] } },
  },
});
const gru = (more: object = {}) => ({
  class_name: 'GRU',
  config: {
    name: 'gru',
    trainable: true,
    batch_input_shape: [null, TIME, FEATURES],
    dtype: 'float32',
    time_major: false,
    units: UNITS,
    activation: 'tanh',
    recurrent_activation: 'sigmoid',
    use_bias: true,
    dropout: 0,
    recurrent_dropout: 0,
    reset_after: true,
    ...more,
  },
});
const load = (layer: object) =>
  tf.loadLayersModel({ load: async () => structuredClone(file(layer)) }, { strict: false });

beforeAll(async () => {
  await tf.setBackend('cpu');
});

test('stock refuses it', () => expect(() => tf.layers.gru(options)).toThrow(/reset_after/));

describe('after register()', () => {
  beforeAll(() => {
    register();
    register();
  });

  test('a file of Keras predicts what Keras computes', async () => {
    const model = await load(gru());
    model.setWeights([...weights()]);
    const x = random([2, TIME, FEATURES], 5);
    close(model.predict(x) as tf.Tensor, expected(x));
  });
  test('saved again it is what Keras reads, and loads again', async () => {
    const model = await load(gru());
    const [layer] = JSON.parse(model.toJSON() as string).config.layers;
    expect(layer).toMatchObject({ class_name: 'GRU', config: { reset_after: true, dropout: 0 } });
    const again = await load(layer);
    again.setWeights([...weights()]);
    const x = random([1, TIME, FEATURES], 6);
    close(again.predict(x) as tf.Tensor, expected(x));
  });
  test('a layer with reset_after: false is stock’s own, as before', async () => {
    const model = await load(gru({ reset_after: false }));
    expect(model.weights.map(w => w.shape)).toEqual([[2, 9], [3, 9], [9]]); // biome-ignore format: shapes
    expect('options' in model.layers[0]!).toBe(false);
  });
  test('in both directions', async () => {
    const { config, ...rest } = gru();
    const { batch_input_shape, ...inner } = config;
    const layer = { class_name: 'Bidirectional', config: { name: 'both', batch_input_shape, merge_mode: 'concat', layer: { ...rest, config: inner } } };
    expect((await load(layer)).outputs[0]!.shape).toEqual([null, 2 * UNITS]);
  }); // biome-ignore format: a config
});

describe('dropoutGRU({ resetAfter: true })', () => {
  const model = (more: object) =>
    tf.sequential({ layers: [dropoutGRU({ ...options, inputShape: [TIME, FEATURES], ...more })] });
  test('at inference, and with nothing dropped, it is the formula; without biases too', () => {
    for (const more of [{}, { keepProb: 0.5, recurrentKeepProb: 0.5 }]) {
      const m = model(more);
      m.setWeights([...weights()]);
      const x = random([2, TIME, FEATURES], 7);
      close(m.predict(x) as tf.Tensor, expected(x));
    }
    const plain = model({ useBias: false });
    expect(plain.weights).toHaveLength(2);
    expect((plain.predict(random([1, TIME, FEATURES], 8)) as tf.Tensor).shape).toEqual([1, UNITS]);
  });
  test('in training the state is dropped: other numbers, and a gradient by every weight', () => {
    const m = model({ recurrentKeepProb: 0.5, seed: 3 });
    m.setWeights([...weights()]);
    const x = random([2, TIME, FEATURES], 9);
    const say = () => m.apply(x, { training: true }) as tf.Tensor;
    expect([...say().dataSync()]).not.toEqual([...(m.predict(x) as tf.Tensor).dataSync()]);
    const { grads } = tf.variableGrads(() => tf.sum(tf.square(say())) as tf.Scalar);
    for (const w of m.weights) {
      const slope = grads[(w.read() as tf.Variable).name]!;
      expect(tf.max(tf.abs(slope)).dataSync()[0]).toBeGreaterThan(0);
    }
  });
});
