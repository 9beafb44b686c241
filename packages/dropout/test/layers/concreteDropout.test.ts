import { OptionError, weightsOf } from '@keepprob/core';
import { openRun } from '@keepprob/core/driver';
import { normals, uniforms } from '@keepprob/core/random';
import { attach } from '@keepprob/core/stock';
import { l2, weightNorm } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  concreteDropout,
  concretePenalty,
  concreteScale,
  dropout,
  predictWithUncertainty,
  register,
  setKeepProb,
} from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
  register();
});

const values = (t: tf.Tensor): number[] => [...t.dataSync()];
const logit = (p: number) => Math.log(p / (1 - p));
const sigmoid = (a: number) => 1 / (1 + Math.exp(-a));
const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });
const free = { weightRegularizer: 0, dropoutRegularizer: 0 };

describe('the mask', () => {
  const z = (rate: number, u: number, temperature = 0.1) =>
    1 - (1 - rate) * values(concreteScale(tf.tensor1d([logit(rate)]), tf.tensor1d([logit(u)]), temperature))[0]!;

  test('r = .5: u = .4 gives z .0170459, u = .5 gives .5', () => {
    expect(z(0.5, 0.4)).toBeCloseTo(0.0170459, 6);
    expect(z(0.5, 0.5)).toBeCloseTo(0.5, 6);
  });

  test('z = σ((logit r + logit u) / t) for all r, u and t', () => {
    const open = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(open, open, fc.double({ min: 0.05, max: 2, noNaN: true }), (r, u, t) => {
        expect(z(r, u, t)).toBeCloseTo(sigmoid((logit(r) + logit(u)) / t), 4);
      }),
    );
  });

  test('the layer draws u from its key', () => {
    const layer = concreteDropout({ ...free, initialRate: 0.3, temperature: 0.7, seed: 5 });
    const y = values(layer.apply(tf.ones([4, 3]), { training: true }) as tf.Tensor);
    const u = uniforms({ seed: 5, step: 0, site: 0, draw: 0 }, 12);
    for (const [i, v] of y.entries())
      expect(v).toBeCloseTo((1 - sigmoid((logit(0.3) + logit(u[i]! + 2 ** -33)) / 0.7)) / 0.7, 4);
  });

  test('as the temperature falls it becomes dropout, with the rate it says: mean within 4 standard errors', () => {
    const n = 20_000;
    const layer = concreteDropout({ ...free, initialRate: 0.3, temperature: 1e-3, seed: 2 });
    const y = values(layer.apply(tf.ones([n]), { training: true }) as tf.Tensor);
    const dropped = y.filter(v => v < 0.5 / 0.7).length / n;
    expect(Math.abs(dropped - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / n));
    expect(y.filter(v => v > 1e-3 && v < 1 / 0.7 - 1e-3).length / n).toBeLessThan(0.01);
  });
});

describe('the penalty', () => {
  const penalty = (
    rate: number,
    kernels: number[][],
    features: number,
    weightRegularizer: number,
    dropoutRegularizer: number,
  ) =>
    values(
      concretePenalty(
        tf.tensor1d([logit(rate)]),
        kernels.map(k => tf.tensor1d(k)),
        features,
        { weightRegularizer, dropoutRegularizer },
      ),
    )[0]!;

  test('wr ‖W‖² / (1 − r) + dr D (r log r + (1 − r) log(1 − r))', () => {
    // r = .2, ‖W‖² = 25 + 1: .1 · 26 / .8 = 3.25; log terms: .2 log .2 + .8 log .8 = −.5004024235, times .01 · 7
    expect(penalty(0.2, [[3, 4], [1]], 7, 0.1, 0)).toBeCloseTo(3.25, 5);
    expect(penalty(0.2, [], 7, 0.1, 0.01)).toBeCloseTo(-0.5004024235 * 0.07, 6);
    expect(penalty(0.5, [], 1, 0, 1)).toBeCloseTo(-Math.LN2, 6);
  });

  test('is finite for rates next to 0 and 1', () => {
    for (const a of [-80, 80]) {
      const [value] = values(concretePenalty(tf.tensor1d([a]), [], 1, { weightRegularizer: 0, dropoutRegularizer: 1 }));
      expect(value).toBeCloseTo(0, 6);
    }
  });

  const build = (layer: tf.layers.Layer, more: tf.layers.Layer[] = []) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ units: 3, inputShape: [2], kernelInitializer: glorot(1) }),
        layer,
        ...more,
        tf.layers.dense({ units: 2, kernelInitializer: glorot(2) }),
        tf.layers.dense({ units: 1, kernelInitializer: glorot(3) }),
      ],
    });
  const penaltyOf = (model: tf.LayersModel, x = tf.ones([4, 2])): number => {
    const run = openRun(model, [], { host: 'fit', optimizer: tf.train.sgd(0.1), seed: 1, epoch: () => 0 });
    const variables = run.weights.map(w => w.variable);
    const result = run.gradients(
      () => tf.sum(model.apply(x, { training: true }) as tf.Tensor),
      variables,
      run.moment('train'),
    );
    return values(result.penalty)[0]!;
  };
  const norm = (layer: tf.layers.Layer) => values(tf.sum(tf.square(layer.getWeights()[0]!)))[0]!;
  const expected = (w: number, features: number) =>
    (0.1 * w) / 0.75 + 0.01 * features * (0.25 * Math.log(0.25) + 0.75 * Math.log(0.75));
  const regularized = { initialRate: 0.25, weightRegularizer: 0.1, dropoutRegularizer: 0.01 };

  test('takes the kernel of the layer behind, through layers without one; D is the number of draws for a row', () => {
    const model = build(concreteDropout(regularized), [
      tf.layers.activation({ activation: 'relu' }),
      tf.layers.batchNormalization(),
    ]);
    expect(penaltyOf(model)).toBeCloseTo(expected(norm(model.layers[4]!), 3), 5);
    const shared = build(concreteDropout({ ...regularized, noiseShape: [null, 1] }));
    expect(penaltyOf(shared)).toBeCloseTo(expected(norm(shared.layers[2]!), 1), 5);
  });

  test('of a layer that feeds two, both; used twice in a pass, once; into a nested model, its first', () => {
    const x = tf.input({ shape: [2] });
    const layer = concreteDropout(regularized);
    const [a, b] = [1, 2].map(seed => tf.layers.dense({ units: 2, kernelInitializer: glorot(seed) }));
    const nested = tf.sequential({
      layers: [
        tf.layers.dense({ units: 2, inputShape: [2], kernelInitializer: glorot(3) }),
        tf.layers.dense({ units: 2 }),
      ],
    });
    const [one, two] = [layer.apply(x), layer.apply(x)] as tf.SymbolicTensor[];
    const outputs = [a!.apply(one!), b!.apply(two!), nested.apply(two!)] as tf.SymbolicTensor[];
    const model = tf.model({ inputs: x, outputs: tf.layers.add().apply(outputs) as tf.SymbolicTensor });
    expect(penaltyOf(model)).toBeCloseTo(expected(norm(a!) + norm(b!) + norm(nested.layers[0]!), 2), 5);
  });

  test('of a wrapped layer the weight that stands for its kernel; of a separable convolution the depthwise one', () => {
    const normed = weightNorm(tf.layers.dense({ units: 2 }));
    const model = tf.sequential({
      layers: [concreteDropout({ ...regularized, inputShape: [2] }), normed, tf.layers.dense({ units: 1 })],
    });
    const gains = weightsOf(model).find(({ path }) => path.endsWith('kernel_g'))!.variable;
    gains.assign(tf.fill(gains.shape, 3)); // ‖w‖² = Σ g²
    expect(penaltyOf(model)).toBeCloseTo(expected(18, 2), 5);
    const separable = tf.layers.separableConv2d({ filters: 2, kernelSize: 2, depthwiseInitializer: 'ones' });
    const maps = tf.sequential({ layers: [concreteDropout({ ...regularized, inputShape: [2, 2, 1] }), separable] });
    expect(penaltyOf(maps, tf.ones([4, 2, 2, 1]))).toBeCloseTo(expected(4, 4), 5);
  });

  test('with no kernel after it, the error says what to do', () => {
    const model = tf.sequential({ layers: [concreteDropout({ inputShape: [2], name: 'last' })] });
    expect(() => model.apply(tf.ones([1, 2]), { training: true })).toThrow(OptionError);
    expect(() => model.apply(tf.ones([1, 2]), { training: true })).toThrow(/kernel.*after "last"/);
    const alone = tf.sequential({
      layers: [concreteDropout({ inputShape: [2], weightRegularizer: 0, dropoutRegularizer: 1, initialRate: 0.5 })],
    });
    expect(penaltyOf(alone)).toBeCloseTo(-2 * Math.LN2, 5);
  });

  test('the gradient of J by the rate is that of central differences', () => {
    const layer = concreteDropout({ ...regularized, temperature: 0.5, seed: 3 });
    const model = build(layer);
    const x = tf.randomNormal([4, 2], 0, 1, 'float32', 1);
    const run = openRun(model, [], { host: 'fit', optimizer: tf.train.sgd(0.1), seed: 1, epoch: () => 0 });
    const { variable, path } = run.weights.find(w => w.path.endsWith('p_logit'))!;
    const J = () =>
      run.gradients(
        () => tf.sum(tf.square(model.apply(x, { training: true }) as tf.Tensor)),
        [variable],
        run.moment('train'),
      );
    const analytic = values(J().gradients.get(path)!)[0]!;
    const start = values(variable)[0]!;
    const at = (a: number): number => {
      variable.assign(tf.tensor1d([a]));
      return values(J().cost)[0]!;
    };
    const h = 1e-2;
    expect(analytic).toBeCloseTo((at(start + h) - at(start - h)) / (2 * h), 2);
    expect(Math.abs(analytic)).toBeGreaterThan(0.05);
  });
});

describe('the rate', () => {
  /** Mean squared error of noise of variance 1/τ around a line, so that the regularizers are l²/(τN) and 2/(τN). */
  async function learned(rows: number, tau: number): Promise<number> {
    const noise = normals({ seed: 1, step: 0, site: 0, draw: 0 }, rows * 9);
    const x = tf.tensor2d(Float32Array.from(noise.subarray(0, rows * 8)), [rows, 8]);
    const y = tf.add(
      tf.sum(x, 1, true),
      tf.tensor2d(
        Float32Array.from(noise.subarray(rows * 8), v => v / Math.sqrt(tau)),
        [rows, 1],
      ),
    );
    const layer = concreteDropout({
      inputShape: [8],
      weightRegularizer: 1e-2 / (tau * rows),
      dropoutRegularizer: 2 / (tau * rows),
    });
    const model = tf.sequential({ layers: [layer, tf.layers.dense({ units: 1, kernelInitializer: 'ones' })] });
    const reg = attach(model, { optimizer: tf.train.adam(0.05), seed: 1 });
    model.compile({ optimizer: reg.optimizer, loss: 'meanSquaredError' });
    for (let i = 0; i < 60; i++) await model.trainOnBatch(x, y);
    reg.dispose();
    return 1 - layer.keepProb();
  }

  // With w = 1 and x of variance 1, J by r is r/(1 − r) + dr (r log r + (1 − r) log(1 − r)) for each input, but for constants: stationary
  // where logit r = −1 / (dr (1 − r)²), dr = 2/(τN). For τN = 1 that is r = .28, and more once w shrinks; for τN ≥ 40, r < e⁻²⁰
  test('starts from 0.1 and rises with few data, falls with many, and with little noise', async () => {
    const few = await learned(10, 0.1);
    const many = await learned(400, 0.1);
    const clear = await learned(10, 10);
    expect(few).toBeGreaterThan(0.2);
    expect(many).toBeLessThan(0.05);
    expect(clear).toBeLessThan(0.05);
  });

  test('is left alone by L2 and saved with the weights', async () => {
    const layer = concreteDropout({ ...free, initialRate: 0.3, inputShape: [2] });
    const model = tf.sequential({ layers: [layer, tf.layers.dense({ units: 1 })] });
    expect(layer.keepProb()).toBeCloseTo(0.7, 6);
    expect(weightsOf(model)[0]).toMatchObject({
      path: '0-KeepprobConcreteDropout/p_logit',
      role: 'other',
      trainable: true,
    });
    const reg = attach(model, tf.train.sgd(0.1), l2(1));
    model.compile({ optimizer: reg.optimizer, loss: (_, p) => tf.mul(p, 0) });
    await model.trainOnBatch(tf.ones([4, 2]), tf.zeros([4, 1]));
    expect(layer.keepProb()).toBeCloseTo(0.7, 6);
    layer.setWeights([tf.tensor1d([logit(0.45)])]);
    let saved: tf.io.ModelArtifacts | undefined;
    await model.save(
      tf.io.withSaveHandler(async artifacts => {
        saved = artifacts;
        return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
      }),
    );
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(saved!));
    expect((loaded.layers.at(-2) as ReturnType<typeof concreteDropout>).keepProb()).toBeCloseTo(0.55, 6);
  });

  test('setKeepProb puts a fixed one in its place, plain dropout; restored, it is the learned one again', () => {
    const layer = concreteDropout({ initialRate: 0.3, inputShape: [8], seed: 1 });
    const model = tf.sequential({ layers: [layer, tf.layers.activation({ activation: 'linear' })] });
    const restore = setKeepProb(model, 0.5);
    const plain = dropout({ keepProb: 0.5, seed: 1 });
    expect(values(model.apply(tf.ones([2, 8]), { training: true }) as tf.Tensor)).toEqual(
      values(plain.apply(tf.ones([2, 8]), { training: true }) as tf.Tensor),
    );
    setKeepProb(model, 1);
    expect(new Set(values(model.apply(tf.ones([2, 8]), { training: true }) as tf.Tensor))).toEqual(new Set([1]));
    restore();
    expect(layer.options.fixedKeepProb).toBe(null);
  });

  test('Monte-Carlo prediction draws with it, and asks for no penalty', async () => {
    const layer = concreteDropout({ initialRate: 0.3, inputShape: [4] });
    const model = tf.sequential({ layers: [layer, tf.layers.dense({ units: 1 })] });
    const { variance } = await predictWithUncertainty(model, tf.ones([3, 4]), { samples: 10, seed: 1 });
    expect(Math.min(...values(variance))).toBeGreaterThan(0);
  });
});
