/** Batch norm and layer norm of `tf.layers` with our gradients against what they are without, and against their definitions. */
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { install } from '../../src/gradients.ts';
import { onCpuAndWasm } from '../support/backends.ts';
import { expectAlike, floats, sizeOf } from '../support/numbers.ts';

const input = (shape: number[], seed = 3): tf.Tensor => tf.tensor(floats(sizeOf(shape), seed), shape);
const random = (seed: number) => tf.initializers.randomUniform({ minval: 0.5, maxval: 1.5, seed });

type Make = () => tf.layers.Layer;
const batchNorm =
  (args: object = {}): Make =>
  () =>
    tf.layers.batchNormalization({ gammaInitializer: random(1), betaInitializer: random(2), ...args });
const layerNorm =
  (args: object = {}): Make =>
  () =>
    tf.layers.layerNormalization({ gammaInitializer: random(1), betaInitializer: random(2), ...args });

/** A call in training and one at inference behind it, the gradients of the first by input and weights, and the weights after it. */
function answers(make: Make, shape: number[]): Float32Array[] {
  return tf.tidy(() => {
    const [layer, x] = [make(), input(shape)];
    layer.build(shape);
    const call = (x: tf.Tensor): tf.Tensor => layer.apply(x, { training: true }) as tf.Tensor;
    const dy = input(shape, 7);
    const weights = layer.trainableWeights.map(weight => weight.read() as tf.Variable);
    const loss = (): tf.Scalar => tf.sum(tf.mul(call(x), dy));
    const grads = weights.length > 0 ? tf.variableGrads(loss, weights).grads : { none: loss() };
    const results = [call(x), layer.apply(x) as tf.Tensor, tf.grad(call)(x, dy), ...Object.values(grads)];
    const read = [...results, ...layer.getWeights()].map(t => t.dataSync<'float32'>().slice());
    tf.dispose(layer.weights.map(weight => weight.read()));
    return read;
  });
}

/** The peak of a step, in bytes above what there was, and how many tensors it leaves. */
async function memoryOf(make: Make, shape: number[]): Promise<{ peak: number; kernels: number; left: number }> {
  const model = tf.sequential({ layers: [tf.layers.inputLayer({ inputShape: shape.slice(1) }), make(), make()] });
  model.compile({ optimizer: tf.train.sgd(0.1), loss: 'meanSquaredError' });
  const [x, y] = [input(shape), input(shape, 5)];
  await model.trainOnBatch(x, y);
  const { numBytes, numTensors } = tf.memory();
  const { peakBytes, kernels } = await tf.profile(async () => {
    await model.trainOnBatch(x, y);
    return [];
  });
  const left = tf.memory().numTensors - numTensors;
  tf.dispose([x, y]);
  model.dispose();
  return { peak: peakBytes - numBytes, kernels: kernels.length, left };
}

onCpuAndWasm(() => {
  test.each<[string, Make, number[]]>([
    ['batch norm of vectors', batchNorm(), [6, 5]],
    ['batch norm of sequences', batchNorm({ momentum: 0.5 }), [3, 4, 5]],
    ['batch norm of images', batchNorm({ epsilon: 0.1 }), [2, 3, 4, 5]],
    ['batch norm of one row', batchNorm(), [1, 3]],
    ['layer norm of vectors', layerNorm(), [6, 5]],
    ['layer norm of sequences', layerNorm({ epsilon: 0.1 }), [3, 4, 5]],
    ['layer norm over two axes', layerNorm({ axis: [1, 2] }), [3, 4, 5]],
    ['layer norm along the first axis of a row', layerNorm({ axis: 1 }), [3, 4, 5]],
    ['layer norm of images', layerNorm({ axis: [3, 1] }), [2, 3, 4, 3]],
  ])('%s: what stock gives', async (_, make, shape) => {
    const stock = answers(make, shape);
    const before = tf.memory().numTensors;
    await install();
    expectAlike(answers(make, shape), stock, 2e-5);
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    ['axis 1', 1, [4, 3, 2, 5]],
    ['axis -2', -2, [4, 3, 2]],
  ])(
    'batch norm along %s is that along the last one of transposed inputs, which stock gets wrong',
    async (_, axis, shape) => {
      await install();
      const place = axis < 0 ? axis + shape.length : axis;
      const last = [...shape.keys()].filter(i => i !== place).concat(place);
      const back = last.map((_, i) => last.indexOf(i));
      const [layer, other] = [batchNorm({ axis })(), batchNorm()()];
      const turned = (training: boolean) => (x: tf.Tensor) =>
        tf.transpose(other.apply(tf.transpose(x, last), { training }) as tf.Tensor, back);
      const straight = (training: boolean) => (x: tf.Tensor) => layer.apply(x, { training }) as tf.Tensor;
      const [x, dy] = [input(shape), input(shape, 9)];
      for (const training of [true, false]) {
        const read = (f: (x: tf.Tensor) => tf.Tensor): Float32Array[] =>
          tf.tidy(() => [f(x), tf.grad(f)(x, dy)].map(t => t.dataSync<'float32'>().slice()));
        expectAlike(read(straight(training)), read(turned(training)), 2e-5);
      }
      expectAlike(
        layer.getWeights().map(t => t.dataSync<'float32'>()),
        other.getWeights().map(t => t.dataSync<'float32'>()),
        2e-5,
      );
      tf.dispose([x, dy, ...[layer, other].flatMap(({ weights }) => weights.map(weight => weight.read()))]);
    },
  );

  test.each([
    ['without γ', { scale: false }],
    ['without β', { center: false }],
    ['without both', { scale: false, center: false }],
  ])('batch norm and layer norm %s, which stock does not train: as with γ = 1 and β = 0', async (_, args) => {
    await install();
    const all = { gammaInitializer: 'ones', betaInitializer: 'zeros' };
    for (const make of [batchNorm, layerNorm]) {
      const [part, whole] = [answers(make({ ...all, ...args }), [4, 3]), answers(make(all), [4, 3])];
      expectAlike(part.slice(0, 3), whole.slice(0, 3), 2e-5); // y, y at inference, dx
    }
  });

  test.each<[string, Make, number[]]>([
    ['batch norm', batchNorm(), [32, 8, 8, 6]],
    ['layer norm', layerNorm(), [8, 7, 32]],
  ])('%s: fewer kernels, no higher peak, and no tensor left', async (_, make, shape) => {
    const stock = await memoryOf(make, shape);
    await install();
    const ours = await memoryOf(make, shape);
    expect(ours.left).toBe(0);
    expect(ours.kernels).toBeLessThan(stock.kernels);
    expect(ours.peak).toBeLessThanOrEqual(stock.peak);
  });

  test('inputs that are no float32 images, sequences or vectors are answered as stock answers them', async () => {
    const answer = (make: Make, x: tf.Tensor): unknown => {
      const layer = make();
      try {
        return tf.tidy(() => (layer.apply(x, { training: true }) as tf.Tensor).shape);
      } catch (error) {
        return (error as Error).message;
      } finally {
        tf.dispose(layer.weights.map(weight => weight.read()));
      }
    };
    const inputs = [tf.ones([2, 2, 2, 2, 2]), tf.ones([3, 2], 'int32'), tf.zeros([0, 3])];
    const all = () => [batchNorm(), layerNorm()].flatMap(make => inputs.map(x => answer(make, x)));
    const stock = all();
    await install();
    expect(all()).toEqual(stock);
    tf.dispose(inputs);
  });
});
