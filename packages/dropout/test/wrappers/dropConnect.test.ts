import { OptionError, weightsOf } from '@keepprob/core';
import { openRun } from '@keepprob/core/driver';
import { keepScale, mask } from '@keepprob/core/random';
import { linear } from '@keepprob/core/schedules';
import { attach } from '@keepprob/core/stock';
import { l2, maxNorm } from '@keepprob/l2';
import { conformance } from '@keepprob/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { type DropConnectOptions, dropConnect, dropoutLSTM, register, setKeepProb } from '../../src/index.ts';
import { badKeepProbs, train } from '../support/layers.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
});

const { layers } = tf;
const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
const dense = (units = 3) => layers.dense({ units, kernelInitializer: seeded(1), biasInitializer: 'ones' });
const numbers = (t: tf.Tensor): number[] => [...t.dataSync()];
const modelOf = (shape: number[], layer: tf.layers.Layer): tf.LayersModel => {
  const x = tf.input({ shape });
  return tf.model({ inputs: x, outputs: layer.apply(x) as tf.SymbolicTensor });
};

const recurrent = () =>
  layers.simpleRNN({ units: 3, kernelInitializer: seeded(1), recurrentInitializer: seeded(2), returnSequences: true });
conformance(
  { describe, it },
  {
    kind: 'layer',
    name: 'dropConnect of a recurrent layer',
    create: (options: DropConnectOptions) => dropConnect(recurrent(), options),
    register: () => register(),
    inputShape: [3, 2],
    identity: false,
    options: { keepProb: 0.5, seed: 1 },
    variants: [
      { keepProb: 0.5, seed: 1, roles: ['recurrent'] },
      { keepProb: 0.5, seed: 1, roles: ['kernel'] },
    ],
    bad: badKeepProbs,
  },
);

const key = (draw: number) => ({ seed: 1, step: 0, site: 0, draw });

test('a weight is kept and divided by keepProb, or 0; one mask for all rows; the bias stays', () => {
  const layer = dropConnect(dense(), { keepProb: 0.7, seed: 1 });
  const y = train(layer, tf.concat([tf.eye(4), tf.eye(4)]));
  const w = tf.mul(layer.layer.getWeights()[0]!, mask([4, 3], 0.7, key(0)));
  const expected = numbers(tf.add(w, 1));
  expect(numbers(y)).toEqual([...expected, ...expected]);
});

test('each kernel has a draw of its own', () => {
  const separable = {
    filters: 2,
    kernelSize: 1,
    depthwiseInitializer: 'ones',
    pointwiseInitializer: 'ones',
    useBias: false,
  } as const;
  const layer = dropConnect(layers.separableConv2d(separable), { keepProb: 0.5, seed: 1 });
  const y = train(layer, tf.ones([1, 1, 1, 3]));
  const [depthwise, pointwise] = [mask([3], 0.5, key(0)), mask([3, 2], 0.5, key(1))];
  expect(numbers(y)).toEqual(numbers(tf.matMul(tf.reshape(depthwise, [1, 3]), pointwise as tf.Tensor2D)));
});

test('the weight-dropped recurrent kernel: the stock layer with one mask for all time steps', () => {
  const ours = dropConnect(recurrent(), { keepProb: 0.5, seed: 1, roles: ['recurrent'] });
  const stock = recurrent();
  const x = tf.randomNormal([2, 5, 2], 0, 1, 'float32', 1);
  stock.apply(x);
  const [kernel, recurrentKernel, bias] = stock.getWeights() as [tf.Tensor, tf.Tensor, tf.Tensor];
  stock.setWeights([kernel, tf.mul(recurrentKernel, mask([3, 3], 0.5, key(0))), bias]);
  expect(numbers(train(ours, x))).toEqual(numbers(stock.apply(x) as tf.Tensor));
});

test('the gradient draws the mask again: a dropped weight has none', () => {
  const layer = dropConnect(layers.dense({ units: 3, kernelInitializer: 'ones' }), { keepProb: 0.5, seed: 1 });
  const model = modelOf([4], layer);
  const kernel = weightsOf(model).find(w => w.role === 'kernel')!.variable;
  const { grads } = tf.variableGrads(() => tf.sum(train(layer, tf.ones([2, 4]))), [kernel]);
  expect(numbers(grads[kernel.name]!)).toEqual(numbers(mask([4, 3], 0.5, key(0))).map(m => m * 2));
});

describe('expectation over all masks, through the real layer', () => {
  const x = tf.tensor2d([[1, 2], [3, 4], [5, 6]]); // biome-ignore format: a matrix
  const y = tf.tensor2d([[1], [2], [3]]);
  const w = tf.tensor2d([[0.3], [-0.2]]);
  /** Each of the four masks once, weighted by its probability: f of what the layer says. */
  const expectation = (keepProb: number, f: (prediction: tf.Tensor) => number): number => {
    const seen = new Map<string, number>();
    for (let seed = 0; seen.size < 4; seed++) {
      const layer = dropConnect(layers.dense({ units: 1, useBias: false, weights: [w] }), { keepProb, seed });
      const kept = numbers(mask([2, 1], keepProb, { ...key(0), seed })).map(m => (m ? 1 : 0));
      const probability = kept.reduce<number>((p, bit) => p * (bit ? keepProb : 1 - keepProb), 1);
      seen.set(kept.join(''), probability * f(train(layer, x)));
    }
    return [...seen.values()].reduce((sum, term) => sum + term, 0);
  };

  test('of the output: that of the mean network, which inference computes', () => {
    const mean = [0, 1, 2].map(row => expectation(0.5, p => numbers(p)[row]!));
    for (const [row, value] of numbers(tf.matMul(x, w)).entries()) expect(mean[row]).toBeCloseTo(value, 5);
  });

  test('of the squared loss: ‖y − Xw‖² + (q/p) Σ w² x² = 17.5, as for dropout', () => {
    const loss = expectation(0.5, p => tf.sum(tf.squaredDifference(y, p)).dataSync()[0]!);
    expect(loss).toBeCloseTo(17.5, 4);
  });
});

test('shards of a batch draw the same mask: rows do not enter', () => {
  const model = modelOf([4], dropConnect(dense(), { keepProb: 0.5 }));
  const run = openRun(model, [], { host: 'fit', optimizer: tf.train.sgd(0), seed: 1, epoch: () => 0 });
  const outputs = [0, 2].map(first => {
    let y: number[] = [];
    run.gradients(
      () => {
        const out = model.apply(tf.ones([2, 4]), { training: true }) as tf.Tensor;
        y = numbers(out);
        return tf.sum(out);
      },
      run.weights.map(w => w.variable),
      run.moment('train', { rows: [first, 4] }),
    );
    return y;
  });
  expect(outputs[1]).toEqual(outputs[0]);
  run.dispose();
});

test('setKeepProb turns it off and on again, by name too; a schedule follows the step', () => {
  const model = modelOf([4], dropConnect(dense(), { keepProb: 0.5, name: 'connect' }));
  const x = tf.ones([2, 4]);
  const say = (training: boolean) => numbers(model.apply(x, { training }) as tf.Tensor);
  for (const off of [1, { connect: 1 }]) {
    const restore = setKeepProb(model, off);
    expect(say(true)).toEqual(say(false));
    restore();
  }
  expect(say(true)).not.toEqual(say(false));
  const layer = dropConnect(layers.dense({ units: 64, kernelInitializer: 'ones', useBias: false }), {
    keepProb: linear({ from: 1, to: 0.5, steps: 1 }),
    seed: 1,
  });
  expect(new Set(numbers(train(layer, tf.ones([1, 1]))))).toEqual(new Set([1]));
  expect(new Set(numbers(train(layer, tf.ones([1, 1]))))).toEqual(new Set([0, keepScale(0.5)]));
});

test('L2 and max-norm act on the whole kernel, dropped or not', async () => {
  const model = modelOf([4], dropConnect(layers.dense({ units: 3, kernelInitializer: 'ones' }), { keepProb: 0.5 }));
  const reg = attach(model, tf.train.sgd(0.5), l2(0.1), maxNorm(1));
  model.compile({ optimizer: reg.optimizer, loss: (_, y) => tf.mul(y, 0) });
  expect(await model.trainOnBatch(tf.ones([2, 4]), tf.zeros([2, 3]))).toBeCloseTo(1.2, 5); // .1 × 12
  for (const norm of numbers(tf.norm(model.getWeights()[0]!, 2, 0))) expect(norm).toBeLessThan(1 + 1e-6);
});

test('around Bidirectional and TimeDistributed all time steps share a mask; inside TimeDistributed each has its own', () => {
  const x = tf.ones([1, 16, 4]);
  const steps = (layer: tf.layers.Layer): number => {
    const rows = (tf.unstack(train(layer, x), 1) as tf.Tensor[]).map(row => numbers(row).join());
    return new Set(rows).size;
  };
  expect(steps(dropConnect(layers.timeDistributed({ layer: dense() }), { keepProb: 0.5, seed: 1 }))).toBe(1);
  expect(steps(layers.timeDistributed({ layer: dropConnect(dense(), { keepProb: 0.5, seed: 1 }) }))).toBeGreaterThan(8);
  const both = dropConnect(layers.bidirectional({ layer: layers.gru({ units: 2 }) as never }), {
    keepProb: 0.5,
    seed: 1,
  });
  expect(numbers(train(both, x))).not.toEqual(numbers(both.apply(x) as tf.Tensor));
});

test('dropped recurrent weights and a dropped state, as in Merity et al. 2018; setKeepProb turns both off', () => {
  const lstm = dropoutLSTM({ units: 3, recurrentKeepProb: 0.5, inputShape: [4, 2] });
  const model = tf.sequential({ layers: [dropConnect(lstm, { keepProb: 0.5, roles: ['recurrent'] })] });
  const x = tf.ones([1, 4, 2]);
  const say = (training: boolean) => numbers(model.apply(x, { training }) as tf.Tensor);
  const restore = setKeepProb(model, 1);
  expect(say(true)).toEqual(say(false));
  restore();
  expect(say(true)).not.toEqual(say(false));
});

test('training goes on from a saved model as if it had not stopped', async () => {
  const build = () =>
    tf.sequential({
      layers: [
        dropConnect(layers.dense({ units: 4, inputShape: [4], kernelInitializer: seeded(1) }), {
          keepProb: 0.5,
          seed: 3,
        }),
      ],
    });
  const [x, y] = [tf.randomNormal([8, 4], 0, 1, 'float32', 1), tf.randomNormal([8, 4], 0, 1, 'float32', 2)];
  const fit = async (model: tf.LayersModel): Promise<number[]> => {
    model.compile({
      optimizer: attach(model, { optimizer: tf.train.sgd(0.1), seed: 1 }).optimizer,
      loss: 'meanSquaredError',
    });
    await model.fit(x, y, { epochs: 2, batchSize: 4, shuffle: false, verbose: 0 });
    return model.getWeights().flatMap(numbers);
  };
  const model = build();
  await fit(model);
  let saved: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler(async artifacts => {
      saved = artifacts;
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    }),
  );
  const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
  expect(await fit(loaded)).toEqual(await fit(model));
});

test('a layer without such weights is refused when it is built', () => {
  const dropped = dropConnect(layers.embedding({ inputDim: 3, outputDim: 2 }), { keepProb: 0.5 });
  expect(() => dropped.apply(tf.tensor1d([1], 'int32'))).toThrow(OptionError);
});
