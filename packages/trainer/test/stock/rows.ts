/** What stock TensorFlow.js does, row by row of docs/stock.md: nothing of ours is imported, so that what it says is said of TF.js alone. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { expect, vi } from 'vitest';
import { dense, fitted, lossOf, ones, penaltyOf, recurrent, reloaded, updates, weightsOf } from './nets.ts';

const { l2 } = tf.regularizers;
const train = (layer: tf.layers.Layer, x: tf.Tensor): number[] =>
  [layer.apply(x, { training: true })].flat().flatMap(y => (y instanceof tf.Tensor ? [...y.dataSync()] : []));

const isSymbolic = (t: tf.Tensor | tf.SymbolicTensor): t is tf.SymbolicTensor => t instanceof tf.SymbolicTensor;

/** By the name of its row. */
export const rows: Readonly<Record<string, () => Promise<void>>> = {
  'seeded dropout': async () => {
    const layer = tf.layers.dropout({ rate: 0.5, seed: 1 });
    const [first, second] = [train(layer, tf.ones([100])), train(layer, tf.ones([100]))];
    expect(first).toContain(0);
    expect(second).toEqual(first);
  },
  '`rate` ≥ 1': async () => {
    for (const rate of [1, 2]) expect(train(tf.layers.dropout({ rate }), tf.ones([3]))).toEqual([1, 1, 1]);
  },
  'alpha dropout': async () => {
    const y = train(tf.layers.alphaDropout({ rate: 0.3 }), tf.randomNormal([1e5], 0, 1, 'float32', 1));
    expect(y.reduce((a, b) => a + b) / y.length).toBeCloseTo(0.9, 1);
  },
  'constraints in `fit`': async () => {
    const model = dense({ kernelInitializer: 'ones', kernelConstraint: tf.constraints.maxNorm({ maxValue: 0.1 }) });
    await fitted(model, { optimizer: tf.train.sgd(0.1) });
    for (const w of weightsOf(model)) expect(Math.abs(w)).toBeGreaterThan(0.1);
  },
  'L2 on LSTM, GRU': async () => {
    for (const name of ['lstm', 'gru'] as const)
      expect(await penaltyOf(recurrent(name, { kernelInitializer: 'ones', kernelRegularizer: l2({ l2: 1 }) }))).toBe(0);
  },
  'L2 on a shared layer': async () => {
    const layer = tf.layers.dense({ units: 1, kernelInitializer: 'ones', kernelRegularizer: l2({ l2: 1 }) });
    const x = tf.input({ shape: [1] });
    const twice = tf.model({ inputs: x, outputs: [layer.apply(layer.apply(x))].flat().filter(isSymbolic) });
    expect(await penaltyOf(twice)).toBe(2);
  },
  'L2 on a frozen layer': async () => {
    const model = dense({ kernelInitializer: 'ones', kernelRegularizer: l2({ l2: 1 }) }, {});
    const [frozen] = model.layers;
    if (frozen) frozen.trainable = false;
    expect(await penaltyOf(model)).toBe(1);
  },
  'frozen batch norm': async () => {
    const model = dense({ kernelInitializer: 'ones' });
    model.add(tf.layers.batchNormalization({ trainable: false }));
    const x = tf.tensor2d([[3], [5]]);
    await fitted(model, { x });
    // the mean was 0
    expect(weightsOf(model)[3]).toBeCloseTo(0.01 * 4, 5);
    const y = model.apply(x, { training: true });
    expect([y].flat().map(t => t instanceof tf.Tensor && t.dataSync()[0])).toEqual([expect.closeTo(-1, 2)]);
  },
  "GRU with `reset_after`, Keras' default": async () => {
    const config = { units: 1, resetAfter: true };
    expect(() => tf.layers.gru(config)).toThrow('does not support reset_after');
  },
  'weight decay': async () => {
    expect(Object.keys(tf.train).filter(name => /w$|decay/i.test(name))).toEqual([]);
    // without a gradient by J, nothing draws a weight to 0
    const model = dense({ kernelInitializer: 'ones' });
    await fitted(model, { x: tf.zeros([2, 1]), optimizer: tf.train.adam(0.1) });
    expect(weightsOf(model)[0]).toBe(1);
  },
  'restore best weights': async () => {
    expect(() => tf.callbacks.earlyStopping({ restoreBestWeights: true })).toThrow('not implemented');
  },
  resume: async () => {
    const [straight, broken] = [dense({ kernelInitializer: 'ones' }), dense({ kernelInitializer: 'ones' })];
    await fitted(straight, { optimizer: tf.train.adam(0.1), epochs: 4 });
    await fitted(broken, { optimizer: tf.train.adam(0.1), epochs: 2 });
    expect((await reloaded(broken, false)).optimizer).toBeUndefined();
    const resumed = await reloaded(broken, true);
    await resumed.fit(ones(), tf.zeros([2, 1]), { epochs: 2, batchSize: 2, shuffle: false, verbose: 0 });
    const [end = 0, right = 0] = [weightsOf(resumed)[0], weightsOf(straight)[0]];
    expect(end).not.toBe(right);
    expect(end).toBeCloseTo(right, 4);
  },
  'scheduled momentum': async () => {
    const [constant, scheduled] = [tf.train.momentum(0.1, 0.9), tf.train.momentum(0.1, 0.9)];
    scheduled.setMomentum(0);
    expect(updates(scheduled, 3)).toEqual(updates(constant, 3));
  },
  'sample weights': async () => {
    await expect(fitted(dense(), { sampleWeight: tf.ones([2]) })).rejects.toThrow('sample weight is not supported yet');
  },
  'class numbers out of range or fractional': async () => {
    const logP = Math.log(3);
    for (const [label, loss] of [
      [0, logP],
      [3, 0],
      [-1, 0],
      [1.9, logP],
    ] as const)
      expect(lossOf(label)).toBeCloseTo(loss, 4);
    expect(lossOf(0.9, [2, 0, 0])).toBeCloseTo(lossOf(0, [2, 0, 0]), 6);
  },
  'masks (`maskZero`, Masking) in the loss': async () => {
    const embedding = tf.layers.embedding({
      ...{ inputDim: 2, outputDim: 1, inputLength: 2, maskZero: true, embeddingsInitializer: 'zeros' as const },
    });
    const model = tf.sequential({ layers: [embedding] });
    const [x, y] = [tf.tensor2d([[1, 0]]), tf.tensor3d([[[1], [3]]])];
    const history = await fitted(model, { x, y });
    const evaluated = [model.evaluate(x, y)].flat()[0]?.dataSync()[0];
    // the step that is kept has 1
    for (const loss of [history.loss?.[0], evaluated]) expect(loss).toBeCloseTo((1 + 9) / 2, 5);
  },
  shuffling: async () => {
    const random = vi.spyOn(Math, 'random');
    try {
      await fitted(dense(), { shuffle: false });
      const without = random.mock.calls.length;
      random.mockClear();
      await fitted(dense(), { shuffle: true });
      expect(random.mock.calls.length).toBeGreaterThan(without);
    } finally {
      random.mockRestore();
    }
  },
  'freezing under Adam': async () => {
    const model = dense({ kernelInitializer: 'ones' }, { kernelInitializer: 'ones' });
    const optimizer = tf.train.adam(0.1);
    await fitted(model, { optimizer });
    // the number of updates, then the first moments
    const momentOfFirst = async (): Promise<number[]> => [
      ...((await optimizer.getWeights())[1]?.tensor.dataSync() ?? []),
    ];
    const before = await momentOfFirst();
    const [first] = model.layers;
    if (first) first.trainable = false;
    await fitted(model, { optimizer });
    expect(await momentOfFirst()).not.toEqual(before);
  },
  '`loss` against `val_loss`': async () => {
    const model = dense({ kernelInitializer: 'ones', kernelRegularizer: l2({ l2: 1 }) });
    const history = await fitted(model, { validationData: [ones(), tf.zeros([2, 1])] });
    expect(history.loss?.[0]).toBeCloseTo(2, 5);
    expect(history.val_loss?.[0]).toBeCloseTo(1, 5);
  },
  'two fits with one callback': async () => {
    const stopping = tf.callbacks.earlyStopping({ monitor: 'loss', patience: 2 });
    const lengths: unknown[] = [];
    for (let run = 0; run < 2; run++) {
      const history = await fitted(dense(), { epochs: 9, callbacks: stopping });
      lengths.push(history.loss?.length);
    }
    expect(lengths).toEqual([3, 3]);
  },
  'a gradient that is NaN while J is not': async () => {
    const model = dense({ kernelInitializer: 'zeros' });
    const loss = (_: tf.Tensor, y: tf.Tensor): tf.Tensor => tf.mean(tf.sqrt(tf.square(y)));
    const history = await fitted(model, { optimizer: tf.train.sgd(0.1), loss });
    expect(history.loss).toEqual([0]);
    expect(weightsOf(model)[0]).toBeNaN();
  },
  'optimizer in a loop you write yourself': async () => {
    const model = dense({ kernelInitializer: 'ones', kernelRegularizer: l2({ l2: 1 }) });
    tf.train.sgd(0.1).minimize(() => tf.sum(tf.mul(model.predict(ones()) as tf.Tensor, 0)));
    expect(weightsOf(model)).toEqual([1]);
  },
  '3-D convolution and pooling on wasm': async () => {
    const x = tf.randomNormal([1, 4, 4, 4, 2], 0, 1, 'float32', 1) as tf.Tensor5D;
    const filter = tf.randomNormal([2, 2, 2, 2, 3], 0, 1, 'float32', 2) as tf.Tensor5D;
    const on = async (backend: string): Promise<readonly [number[], number[]]> => {
      await tf.setBackend(backend);
      const gradient = tf.grad(a => tf.sum(tf.square(tf.conv3d(a as tf.Tensor5D, filter, 1, 'same'))));
      const below = tf.fill<tf.Rank.R5>([1, 2, 2, 2, 1], -1) as tf.Tensor5D;
      return [[...gradient(x).dataSync()], [...tf.maxPool3d(below, 2, 2, 'same').dataSync()]];
    };
    const [right, largest] = await on('cpu');
    const [got, atLeastZero] = await on('wasm');
    expect(Math.max(...right.map((v, i) => Math.abs(v - (got[i] ?? v))))).toBeGreaterThan(1);
    expect(largest).toEqual([-1]);
    expect(atLeastZero[0]).toBeCloseTo(0, 5);
  },
  'the gradient of `maxPool3d` on cpu': async () => {
    await tf.setBackend('cpu');
    const gradient = (size: [number, number, number]): number[] => {
      const x = tf.tensor([1, 3, 2], [1, ...size, 1]) as tf.Tensor5D;
      return [
        ...tf
          .grad(a => tf.sum(tf.maxPool3d(a as tf.Tensor5D, size, 1, 'valid')))(x)
          .dataSync(),
      ];
    };
    expect(gradient([1, 1, 3])).toEqual([0, 1, 0]);
    expect(gradient([1, 3, 1])).toEqual([0, 0, 0]);
  },
};
