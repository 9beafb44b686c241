/** Layers that read the data themselves: what stock gives, without a gradient by the data, unless it is asked for. */
import * as tf from '@tensorflow/tfjs';
import { expect, test, vi } from 'vitest';
import { install } from '../../src/gradients.ts';
import { onCpuAndWasm } from '../support/backends.ts';
import { expectAlike, floats, sizeOf } from '../support/numbers.ts';

const input = (shape: number[], seed = 3): tf.Tensor => tf.tensor(floats(sizeOf(shape), seed), shape);
const random = (seed: number) => tf.initializers.randomUniform({ minval: -1, maxval: 1, seed });
const seeded = { kernelInitializer: random(1), biasInitializer: random(2) };

type Make = () => tf.layers.Layer;
const conv =
  (args: object = {}): Make =>
  () =>
    tf.layers.conv2d({ filters: 3, kernelSize: 3, ...seeded, ...args });
const dense =
  (args: object = {}): Make =>
  () =>
    tf.layers.dense({ units: 3, ...seeded, ...args });

/** How often a kernel runs in `f`; a product only where it is one with a transposed kernel. */
function runsOf(name: string, f: () => void): number {
  const kernel = vi.spyOn(tf.getKernel(name, tf.getBackend()), 'kernelFunc');
  f();
  const runs = kernel.mock.calls.filter(([{ attrs }]) => name !== tf.BatchMatMul || attrs?.transposeB);
  kernel.mockRestore();
  return runs.length;
}

/** A call, its gradients by all weights, and that by the data. */
function answers(make: Make, shape: number[]): Float32Array[] {
  return tf.tidy(() => {
    const [layer, x] = [make(), input(shape)];
    layer.build(shape);
    const call = (x: tf.Tensor): tf.Tensor => layer.apply(x, { training: true }) as tf.Tensor;
    const loss = (): tf.Scalar => tf.sum(tf.square(call(x)));
    const weights = layer.trainableWeights.map(weight => weight.read() as tf.Variable);
    const byData = tf.grad((x: tf.Tensor) => tf.sum(tf.square(call(x))))(x);
    const results = [call(x), byData, ...Object.values(tf.variableGrads(loss, weights).grads)];
    const read = results.map(t => t.dataSync<'float32'>().slice());
    tf.dispose(layer.weights.map(weight => weight.read()));
    return read;
  });
}

onCpuAndWasm(() => {
  const onWasm = (): boolean => tf.getBackend() === 'wasm';

  test.each<[string, Make, number[]]>([
    ['with a bias', conv(), [2, 6, 5, 4]],
    ['without a bias', conv({ useBias: false }), [2, 6, 5, 4]],
    ['with strides', conv({ strides: 2, padding: 'same' }), [2, 6, 5, 4]],
    ['of channels first', conv({ dataFormat: 'channelsFirst' }), [2, 4, 6, 5]],
    ['with an activation', conv({ activation: 'relu' }), [2, 6, 5, 4]],
  ])('a convolution %s: what stock gives', async (_, make, shape) => {
    // stock wasm has no gradient by the filter
    if (onWasm()) return;
    const stock = answers(make, shape);
    const before = tf.memory().numTensors;
    await install();
    expectAlike(answers(make, shape), stock, 1e-5);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each<[string, Make, number[]]>([
    ['with a bias', dense(), [4, 5]],
    ['without a bias', dense({ useBias: false }), [4, 5]],
    ['with an activation', dense({ activation: 'tanh' }), [4, 5]],
    ['of sequences', dense(), [2, 4, 5]],
  ])('a dense layer %s: what stock gives', async (_, make, shape) => {
    const stock = answers(make, shape);
    const before = tf.memory().numTensors;
    await install();
    expectAlike(answers(make, shape), stock, 1e-5);
    expect(tf.memory().numTensors).toBe(before);
  });

  /** Kernels that the gradients of a loss of two layers run. */
  function inStep(layers: tf.layers.Layer[], shape: number[], kernel: string): number {
    const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: shape.slice(1) }), ...layers] });
    const x = input(shape);
    const runs = runsOf(kernel, () =>
      tf.dispose(tf.variableGrads(() => tf.sum(model.apply(x, { training: true }) as tf.Tensor))),
    );
    tf.dispose(x);
    model.dispose();
    return runs;
  }

  test('of two convolutions the second one alone has a gradient by its input', async () => {
    if (onWasm()) return;
    const step = (): number => inStep([conv()(), conv()()], [1, 6, 6, 2], tf.Conv2DBackpropInput);
    expect(step()).toBe(2);
    await install();
    expect(step()).toBe(1);
  });

  test('of two dense layers the second one alone has one', async () => {
    const step = (): number => inStep([dense()(), dense()()], [4, 5], tf.BatchMatMul);
    expect(step()).toBe(2);
    await install();
    expect(step()).toBe(1);
  });
});
