import { definePlugin } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, expect, test } from 'vitest';
import { gradientCheck } from '../src/gradientCheck.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});
const glorot = (seed: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed }) });
const data = (rows = 64, inputs = 5, classes = 3) => ({
  x: tf.randomNormal([rows, inputs], 0, 1, 'float32', 1),
  y: tf.oneHot(
    tf.tensor1d(
      Array.from({ length: rows }, (_, i) => (5 * i + (i % 7)) % classes),
      'int32',
    ),
    classes,
  ),
});
const net = (...middle: tf.layers.Layer[]) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ units: 12, activation: 'relu', inputShape: [5], name: 'first', ...glorot(1) }),
      ...middle,
      dropout({ keepProb: 0.5 }),
      tf.layers.dense({ units: 3, activation: 'softmax', name: 'last', ...glorot(2) }),
    ],
  });
const loss = 'categoricalCrossentropy';

test('sound', async () => {
  const model = net(tf.layers.dense({ units: 10, activation: 'tanh', ...glorot(3) }));
  const d = data();
  const before = tf.memory().numTensors;
  const check = await gradientCheck(model, d, { loss, plugins: [l2(1e-3)] });
  console.log(check.text);
  expect(check.verdict).toBe('sound');
  expect(tf.memory().numTensors).toBe(before);
});

/** Multiplies by 1 and claims another gradient. */
class Wrong extends tf.layers.Layer {
  static className = 'Wrong';
  readonly factor: number;
  constructor(factor: number) {
    super({ name: `wrong${String(factor).replace(/\W/g, '_')}` });
    this.factor = factor;
  }
  override computeOutputShape<S>(shape: S): S {
    return shape;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const op = tf.customGrad((x, save) => {
      const y = tf.sigmoid(x as tf.Tensor);
      (save as (t: tf.Tensor[]) => void)([y]);
      return {
        value: y,
        gradFunc: (dy, [s]) => tf.mul(tf.mul(dy as tf.Tensor, this.factor), tf.mul(s!, tf.sub(1, s!))),
      };
    });
    return op([inputs].flat()[0] as tf.Tensor);
  }
}

test.each([1.1, -1, 0, 0.95])('a layer whose gradient is %f × the right one is named', async factor => {
  const layer = new Wrong(factor);
  const check = await gradientCheck(net(layer), data(), { loss });
  console.log(check.text);
  expect(check.causes.map(c => [c.what, c.name, c.by])).toEqual([['layer', layer.name, 'input']]);
});
test('sound many', async () => {
  for (let i = 0; i < 2; i++) {
    const model = tf.sequential({
      layers: [
        tf.layers.dense({ units: 24, activation: 'relu', inputShape: [5], ...glorot(3 * i + 1) }),
        tf.layers.dense({ units: 24, activation: 'relu', ...glorot(3 * i + 2) }),
        tf.layers.dense({ units: 3, activation: 'softmax', ...glorot(3 * i + 3) }),
      ],
    });
    const t0 = performance.now();
    const check = await gradientCheck(model, data(), { loss, seed: i });
    if (check.verdict !== 'sound') console.log(i, check.text);
    else console.log(i, check.verdict, performance.now() - t0);
  }
});
