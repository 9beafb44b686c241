/** `tf.layers.lstm`, `gru` and `simpleRNN` with our kernels against what they are without, and what goes on to stock. */
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { canRun } from '../../src/wasm/recurrent/sequence.ts';
import { install, uninstall } from '../../src/wasm.ts';
import { expectAlike, expectSame } from '../support/numbers.ts';
import { answers, input, isOurs, kernelsOf, layerOf, names, withOurs } from '../support/recurrentLayers.ts';

let tensors: number;
beforeAll(async () => {
  await tf.setBackend('wasm');
});
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});
afterAll(async () => {
  await tf.setBackend('cpu');
});

describe.each(names)('%s', name => {
  const variants: Record<string, object> = {
    'with its defaults': {},
    'with sigmoids': { recurrentActivation: 'sigmoid' },
    'without biases': { useBias: false },
    'with all outputs': { returnSequences: true },
    'backwards, with outputs and states': { returnSequences: true, returnState: true, goBackwards: true },
    'stateful, with states': { stateful: true, batchInputShape: [5, 4, 3], returnState: true },
    'of one unit': { units: 1 },
  };
  test.each(Object.entries(variants))('%s', async (_, args) => {
    const stock = answers(layerOf(name, args));
    const ours = await withOurs(async () => {
      expect((await kernelsOf(() => answers(layerOf(name, args)))).length).toBe(4);
      return answers(layerOf(name, args));
    });
    expectAlike(ours, stock);
  });

  test('with first states that are given', async () => {
    const states = (name === 'LSTM' ? [11, 12] : [11]).map(seed => input([5, 6], seed));
    const make = layerOf(name, { returnState: true });
    const stock = answers(make, { states });
    expectAlike(await withOurs(() => answers(make, { states })), stock);
    tf.dispose(states);
  });

  test('in both directions', async () => {
    const make = (): tf.layers.Layer =>
      tf.layers.bidirectional({
        layer: layerOf(name, { units: 4, returnSequences: true })() as tf.RNN,
        mergeMode: 'concat',
      });
    const stock = answers(make);
    expectAlike(await withOurs(() => answers(make)), stock);
  });

  test('NaN goes where it goes in stock', async () => {
    const x = input([3, 4, 2]);
    x.dataSync()[2 * 8 + 3] = Number.NaN;
    const values = x.dataSync().slice();
    values[8 + 3] = Number.NaN;
    x.dispose();
    const nans = (): boolean[] =>
      tf.tidy(() => {
        const layer = layerOf(name, { returnSequences: true })();
        const y = layer.apply(tf.tensor(values, [3, 4, 2])) as tf.Tensor;
        tf.dispose(layer.weights.map(weight => weight.read()));
        return Array.from(y.dataSync(), Number.isNaN);
      });
    const stock = nans();
    expect(stock).toContain(true);
    expect(await withOurs(nans)).toEqual(stock);
  });

  test('a cell with a call of its own and other backends go to stock', async () => {
    await withOurs(async () => {
      const layer = layerOf(name)() as tf.RNN;
      const { call } = layer.cell;
      layer.cell.call = call;
      expect(await kernelsOf(() => layer.apply(tf.zeros([2, 3, 2])))).toEqual([]);
      tf.dispose(layer.weights.map(w => w.read()));
      tf.setBackend('cpu');
      expect(canRun(name)).toBe(false);
      tf.setBackend('wasm');
      expect(canRun(name)).toBe(true);
    });
    expect(canRun(name)).toBe(false);
  });

  test('a training step keeps no more than stock, runs few kernels, leaves no tensor, and learns the same', async () => {
    const train = async () => {
      const model = tf.sequential({ layers: [layerOf(name, { inputShape: [12, 8] })()] });
      const optimizer = tf.train.sgd(0.1);
      model.compile({ optimizer, loss: 'meanSquaredError' });
      const [x, y] = [input([16, 12, 8]), input([16, 6])];
      await model.trainOnBatch(x, y);
      const before = tf.memory().numTensors;
      const { peakBytes, kernels } = await tf.profile(async () => {
        await model.trainOnBatch(x, y);
        return [];
      });
      for (let i = 0; i < 6; i++) await model.trainOnBatch(x, y);
      expect(tf.memory().numTensors).toBe(before);
      const weights = model.getWeights().map(w => w.dataSync<'float32'>().slice());
      model.dispose();
      optimizer.dispose();
      tf.dispose([x, y]);
      return { peakBytes, ran: kernels.map(kernel => kernel.name), weights };
    };
    const stock = await train();
    const ours = await withOurs(train);
    expect(ours.peakBytes).toBeLessThan(stock.peakBytes);
    expect(ours.ran.filter(isOurs).length).toBe(2);
    expect(ours.ran.length).toBeLessThan(stock.ran.length / 8);
    expectAlike(ours.weights, stock.weights);
    const again = await withOurs(train);
    for (const [i, weights] of again.weights.entries()) expectSame(weights, ours.weights[i]!);
  });
});

/** hard sigmoid: u = x / 5 + 1/2 is clipped to [0, 1], and has its slope where it is 0 or 1 without being clipped. */
test('the edges of a hard sigmoid', async () => {
  const slopes = (): number[] =>
    tf.tidy(() =>
      [-2.6, -2.5, -2.4, 0, 2.4, 2.5, 2.6].map(bias => {
        const layer = tf.layers.lstm({ units: 1, kernelInitializer: 'zeros', recurrentInitializer: 'zeros' });
        const [x, state] = [tf.zeros([1, 2, 1]), tf.ones([1, 1])];
        layer.apply(x);
        layer.setWeights([tf.zeros([1, 4]), tf.zeros([1, 4]), tf.tensor1d([bias, bias, 0.3, bias])]);
        const b = layer.trainableWeights[2]!.read() as tf.Variable;
        const call = (): tf.Scalar => tf.sum(layer.apply(x, { initialState: [state, state] }) as tf.Tensor);
        const [slope] = tf.variableGrads(call, [b]).grads[b.name]!.dataSync();
        tf.dispose(layer.weights.map(w => w.read()));
        return slope!;
      }),
    );
  const stock = slopes();
  expect(stock).toContain(0);
  for (const [i, slope] of (await withOurs(slopes)).entries()) expect(slope).toBeCloseTo(stock[i]!, 6);
});

test('is in the report, and comes out again', async () => {
  const prototype = tf.RNN.prototype;
  const { call } = prototype;
  const { layers } = await install();
  expect(layers).toEqual(expect.arrayContaining(names));
  expect(prototype.call).not.toBe(call);
  uninstall();
  expect(prototype.call).toBe(call);
});
