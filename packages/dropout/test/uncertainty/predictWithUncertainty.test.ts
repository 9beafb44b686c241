import { DataError, OptionError } from '@keepprob/core';
import { keepScale } from '@keepprob/core/random';
import { linear } from '@keepprob/core/schedules';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  dropout,
  dropoutLSTM,
  modelPrecision,
  predictWithUncertainty,
  setKeepProb,
  spatialDropout1D,
  type Uncertainty,
} from '../../src/index.ts';
import {
  entropies,
  interval,
  logLikelihood,
  moments,
  quantile,
  type Statistic,
} from '../../src/uncertainty/uncertainty.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const values = (t: tf.Tensor | undefined): number[] => [...t!.dataSync()];
const feed = (statistic: Statistic, samples: readonly (readonly number[])[]) => {
  for (const sample of samples) statistic.add(sample);
  return Object.fromEntries(Object.entries(statistic.results()).map(([k, v]) => [k, Array.from(v)]));
};
const glorot = (seed: number) => tf.initializers.glorotUniform({ seed });
const normal = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, 'float32', seed);

/** Dense, batch norm with statistics of its own, dropout, and a last activation. */
function net(
  activation: 'softmax' | 'sigmoid' | 'linear',
  middle: tf.layers.Layer = dropout({ keepProb: 0.6 }),
  units = 3,
) {
  const norm = tf.layers.batchNormalization();
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 8, inputShape: [4], activation: 'relu', kernelInitializer: glorot(1) }),
      norm,
      middle,
      tf.layers.dense({ units, activation, kernelInitializer: glorot(2) }),
    ],
  });
  norm.setWeights([tf.ones([8]), tf.zeros([8]), tf.fill([8], 0.3), tf.fill([8], 0.5)]);
  return model;
}

/** y = w · dropout(x), the linear unit of the oracle. */
function unit(keepProb: number) {
  const dense = tf.layers.dense({ units: 1, useBias: false });
  const model = tf.sequential({ layers: [dropout({ keepProb, inputShape: [3] }), dense] });
  dense.setWeights([tf.tensor2d([[0.5], [-1], [2]])]);
  return model;
}
const X = () => tf.tensor2d([[1, 2, -1]]);

describe('a linear unit: variance (q/p) Σ w² x² = 2.0625, mean −3.5', () => {
  const T = 4000;
  test('mean and variance within 4 standard errors', async () => {
    const { mean, variance } = await predictWithUncertainty(unit(0.8), X(), { samples: T, seed: 1 });
    // y = −3.5 + Σ a_j e_j with a = wx = (.5, −2, −2), e = m/p − 1: E e² = q/p, E e⁴ = (q⁴ p + p⁴ q) / p⁴
    const [p, q] = [0.8, 0.2];
    const a = [0.5, -2, -2];
    const second = q / p;
    const fourth = (q ** 4 * p + p ** 4 * q) / p ** 4;
    const squares = a.map(v => v * v);
    const variances = 2.0625;
    const fourthMoment =
      squares.reduce((s, v) => s + v * v * fourth, 0) +
      3 * squares.reduce((s, v, i) => s + squares.reduce((r, u, j) => r + (i === j ? 0 : u * v * second ** 2), 0), 0);
    expect(Math.abs(values(mean)[0]! + 3.5)).toBeLessThan(4 * Math.sqrt(variances / T));
    expect(Math.abs(values(variance)[0]! - variances)).toBeLessThan(4 * Math.sqrt((fourthMoment - variances ** 2) / T));
  });

  test('1/τ is added where a precision is given', async () => {
    const options = { samples: 20, seed: 3 };
    const plain = await predictWithUncertainty(unit(0.8), X(), options);
    const noisy = await predictWithUncertainty(unit(0.8), X(), { ...options, precision: 4 });
    expect(values(noisy.variance)[0]! - values(plain.variance)[0]!).toBeCloseTo(0.25, 6);
  });

  test('the interval holds the middle of the samples: with keepProb 0.5 and interval 0.5, of 8 equally likely values', async () => {
    const { lower, upper } = await predictWithUncertainty(unit(0.5), X(), { samples: 4000, seed: 5, interval: 0.5 });
    // the values of 2 (m₁ .5 − m₂ 2 − m₃ 2), sorted: −8 −7 −4 −4 −3 −3 0 1; the quartiles lie within the steps at −4 (¼ … ½) and −3 (½ … ¾)
    expect([-7, -4]).toContain(values(lower)[0]);
    expect([-3, 0]).toContain(values(upper)[0]);
  });
});

describe('τ', () => {
  test('N = 455, λ = 1e-4, l = .01, p = .95 → .001043956', () => {
    expect(modelPrecision({ keepProb: 0.95, lengthScale: 0.01, rows: 455, l2: 1e-4 })).toBeCloseTo(0.001043956, 9);
  });
  test.each([
    [{ keepProb: 0, lengthScale: 1, rows: 1, l2: 1 }, 'keepProb'],
    [{ keepProb: 0.5, lengthScale: 1, rows: 0, l2: 1 }, 'rows'],
    [{ keepProb: 0.5, lengthScale: 1, rows: 1, l2: 0 }, 'l2'],
  ])('%j is refused', (options, option) => {
    expect(() => modelPrecision(options)).toThrow(expect.objectContaining({ name: 'OptionError', option }));
  });
});

describe('statistics', () => {
  const samples = fc.array(fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 2, maxLength: 2 }), {
    minLength: 2,
    maxLength: 20,
  });
  const mean = (v: readonly number[]) => v.reduce((s, x) => s + x, 0) / v.length;

  test('moments are those of the textbook, without keeping the samples', () => {
    fc.assert(
      fc.property(samples, list => {
        const result = feed(moments(2, 0.5), list);
        for (const i of [0, 1]) {
          const column = list.map(sample => sample[i]!);
          const m = mean(column);
          expect(result.mean![i]).toBeCloseTo(m, 8);
          expect(result.variance![i]).toBeCloseTo(
            column.reduce((s, x) => s + (x - m) ** 2, 0) / (list.length - 1) + 0.5,
            6,
          );
        }
      }),
    );
  });

  test('the log-likelihood is log mean N(y; ŷ, 1/τ)', () => {
    fc.assert(
      fc.property(samples, fc.double({ min: 0.01, max: 0.1, noNaN: true }), (list, tau) => {
        const y = [1, -2];
        const likelihood = ([a, b]: readonly number[]) =>
          (tau / (2 * Math.PI)) * Math.exp(-0.5 * tau * ((a! - 1) ** 2 + (b! + 2) ** 2));
        const expected = Math.log(mean(list.map(likelihood)));
        fc.pre(Number.isFinite(expected));
        expect(feed(logLikelihood(y, 2, tau), list).logLikelihood![0]).toBeCloseTo(expected, 6);
      }),
    );
  });

  test('far from the data it is a number, where the likelihood itself is 0', () => {
    // −½ · 1 · 100² − ½ log 2π
    expect(feed(logLikelihood([100], 1, 1), [[0], [0]]).logLikelihood).toEqual([-5000 - 0.5 * Math.log(2 * Math.PI)]);
  });

  test('quantiles are those of NumPy', () => {
    // numpy.quantile([1, 2, 4, 8], [0, .25, .5, .9, 1]) = 1, 1.75, 3, 6.8, 8
    const expected = [1, 1.75, 3, 6.8, 8];
    for (const [i, q] of [0, 0.25, 0.5, 0.9, 1].entries())
      expect(quantile([1, 2, 4, 8], q)).toBeCloseTo(expected[i]!, 12);
    expect(feed(interval(1, 0.5), [[8], [1], [4], [2]])).toEqual({ lower: [1.75], upper: [5] });
  });

  test('certain and opposite predictions: all uncertainty is that of the model, log 2; equal ones: none of it', () => {
    const close = (statistic: Statistic, list: number[][], expected: number[]) => {
      const { entropy, expectedEntropy, mutualInformation } = feed(statistic, list);
      for (const [i, v] of [entropy, expectedEntropy, mutualInformation].entries())
        expect(v![0]).toBeCloseTo(expected[i]!, 12);
    };
    close(
      entropies(2, 2),
      [
        [1, 0],
        [0, 1],
      ],
      [Math.LN2, 0, Math.LN2],
    );
    close(
      entropies(2, 2),
      [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
      [Math.LN2, Math.LN2, 0],
    );
    close(entropies(1, 1), [[1], [0]], [Math.LN2, 0, Math.LN2]);
    close(entropies(1, 1), [[0.5], [0.5]], [Math.LN2, Math.LN2, 0]);
  });
});

describe('the same numbers', () => {
  const all = (u: Uncertainty): number[][] => [u.mean, u.variance, u.lower, u.upper].map(values);
  test('from the same seed, others from another', async () => {
    const model = net('softmax');
    const x = normal([5, 4], 3);
    const first = await predictWithUncertainty(model, x, { samples: 5, seed: 1 });
    expect(all(await predictWithUncertainty(model, x, { samples: 5, seed: 1 }))).toEqual(all(first));
    expect(all(await predictWithUncertainty(model, x, { samples: 5, seed: 2 }))).not.toEqual(all(first));
    const random = await predictWithUncertainty(model, x, { samples: 5 });
    expect(all(await predictWithUncertainty(model, x, { samples: 5, seed: random.seed }))).toEqual(all(random));
  });

  test.each([1, 2, 3, 7, 100])('in batches of %d, batch norm in the model', async batchSize => {
    const x = normal([7, 4], 3);
    const whole = await predictWithUncertainty(net('softmax'), x, { samples: 5, seed: 1, batchSize: 7 });
    expect(all(await predictWithUncertainty(net('softmax'), x, { samples: 5, seed: 1, batchSize }))).toEqual(
      all(whole),
    );
  });

  test('nothing of a run is touched: training goes on as it would have', async () => {
    const layer = dropout({ keepProb: 0.5, seed: 1 });
    const model = net('softmax', layer);
    const x = normal([5, 4], 3);
    const train = () => values(model.apply(x, { training: true }) as tf.Tensor);
    train();
    const next = train();
    layer.reset();
    train();
    await predictWithUncertainty(model, x, { samples: 3 });
    expect(train()).toEqual(next);
  });
});

test('batch norm stays at inference: with next to nothing dropped, the mean is what predict() says', async () => {
  // keepProb 1 − 2⁻¹⁶ drops one of 65536: none here, and the rest is divided by keepProb
  const model = net('linear', dropout({ keepProb: 1 - 2 ** -16 }));
  const x = normal([6, 4], 3);
  const { mean, variance } = await predictWithUncertainty(model, x, { samples: 3, seed: 1 });
  const plain = values(model.predict(x) as tf.Tensor);
  const trained = values(model.apply(x, { training: true }) as tf.Tensor);
  expect(Math.max(...values(mean).map((v, i) => Math.abs(v - plain[i]!)))).toBeLessThan(1e-4);
  expect(Math.max(...trained.map((v, i) => Math.abs(v - plain[i]!)))).toBeGreaterThan(0.1);
  expect(Math.max(...values(variance))).toBeLessThan(1e-8);
});

describe('what draws', () => {
  test('stock dropout and spatialDropout1D, each seeded like ours', async () => {
    const build = (ours: boolean) => {
      const layers = ours
        ? [
            dropout({ rate: 0.4, noiseShape: [null, 1, null], inputShape: [3, 4] }),
            spatialDropout1D({ rate: 0.3 }),
            dropout({ rate: 0.2 }),
          ]
        : [
            tf.layers.dropout({ rate: 0.4, noiseShape: [null as never, 1, null as never], inputShape: [3, 4] }),
            tf.layers.spatialDropout1d({ rate: 0.3 }),
            tf.layers.dropout({ rate: 0.2, seed: 1 }),
          ];
      return tf.sequential({
        layers: [...layers, tf.layers.flatten(), tf.layers.dense({ units: 2, kernelInitializer: glorot(3) })],
      });
    };
    const x = normal([5, 3, 4], 3);
    const [stock, ours] = [build(false), build(true)];
    const a = await predictWithUncertainty(stock, x, { samples: 5, seed: 1, batchSize: 2 });
    const b = await predictWithUncertainty(ours, x, { samples: 5, seed: 1 });
    expect(values(a.mean)).toEqual(values(b.mean));
    expect(values(a.variance)).toEqual(values(b.variance));
    expect(Math.min(...values(a.variance))).toBeGreaterThan(1e-3);
    // afterwards the stock layers are as they were
    expect(values(stock.predict(x) as tf.Tensor)).toEqual(values(ours.predict(x) as tf.Tensor));
    expect(Object.hasOwn(stock.layers[0]!, 'call')).toBe(false);
  });

  test('recurrent dropout', async () => {
    const model = tf.sequential({ layers: [dropoutLSTM({ units: 3, recurrentKeepProb: 0.5, inputShape: [4, 2] })] });
    const { variance } = await predictWithUncertainty(model, normal([3, 4, 2], 1), { samples: 5, seed: 1 });
    expect(Math.max(...values(variance))).toBeGreaterThan(0);
  });

  test('a schedule of keepProb counts as finished', async () => {
    const build = (keepProb: Parameters<typeof dropout>[0]['keepProb']) =>
      tf.sequential({ layers: [dropout({ keepProb: keepProb!, inputShape: [40] })] });
    const options = { samples: 2, seed: 1, interval: false } as const;
    const scheduled = await predictWithUncertainty(
      build(linear({ from: 1, to: 0.5, steps: 9 })),
      tf.ones([1, 40]),
      options,
    );
    const constant = await predictWithUncertainty(build(0.5), tf.ones([1, 40]), options);
    expect(values(scheduled.mean)).toEqual(values(constant.mean));
    expect(new Set(values(constant.mean))).toEqual(new Set([0, keepScale(0.5) / 2, keepScale(0.5)]));
  });

  test.each([
    ['no dropout', () => net('softmax', tf.layers.activation({ activation: 'relu' })), /dropout that is on/],
    ['dropout that is off', () => net('softmax', tf.layers.dropout({ rate: 0 })), /dropout that is on/],
    ['stock gaussianDropout', () => net('softmax', tf.layers.gaussianDropout({ rate: 0.5 })), /GaussianDropout/],
    [
      'dropout in a stock cell',
      () => tf.sequential({ layers: [tf.layers.lstm({ units: 2, recurrentDropout: 0.5, inputShape: [4, 2] })] }),
      /LSTMCell/,
    ],
  ])('%s is an OptionError, before anything happens', async (_, build, message) => {
    const model = build();
    const before = tf.memory().numTensors;
    const error = await predictWithUncertainty(model, tf.zeros([1, 4])).catch(e => e);
    expect(error).toBeInstanceOf(OptionError);
    expect(error.option).toBe('model');
    expect(error.message).toMatch(message);
    expect(tf.memory().numTensors).toBe(before + 1);
  });

  test('dropout turned off by setKeepProb counts as none', async () => {
    const model = net('softmax');
    setKeepProb(model, 1);
    await expect(predictWithUncertainty(model, tf.zeros([1, 4]))).rejects.toThrow(OptionError);
  });
});

describe('outputs', () => {
  test('softmax: entropies over the classes; sigmoid: of each unit; linear: none', async () => {
    const x = normal([5, 4], 3);
    const options = { samples: 20, seed: 1 };
    const softmax = await predictWithUncertainty(net('softmax'), x, options);
    const sigmoid = await predictWithUncertainty(net('sigmoid'), x, options);
    const regression = await predictWithUncertainty(net('linear'), x, options);
    expect(softmax.entropy!.shape).toEqual([5]);
    expect(sigmoid.mutualInformation!.shape).toEqual([5, 3]);
    expect(regression.entropy).toBeUndefined();
    const [h, e, m] = [softmax.entropy, softmax.expectedEntropy, softmax.mutualInformation].map(values);
    for (const i of h!.keys()) {
      const p = values(softmax.mean).slice(3 * i, 3 * i + 3);
      expect(h![i]).toBeCloseTo(-p.reduce((s, v) => s + v * Math.log(v), 0), 5);
      expect(m![i]).toBeCloseTo(h![i]! - e![i]!, 5);
      expect(m![i]).toBeGreaterThan(0);
    }
  });

  test('kind overrules the activation; numbers that are no probabilities are a DataError', async () => {
    const x = normal([5, 4], 3);
    const plain = await predictWithUncertainty(net('softmax'), x, { samples: 3, kind: 'regression', precision: 1 });
    expect(plain.entropy).toBeUndefined();
    await expect(predictWithUncertainty(net('linear'), x, { samples: 3, kind: 'classification' })).rejects.toThrow(
      DataError,
    );
  });

  test('several inputs and outputs, by name', async () => {
    const [a, b] = [tf.input({ shape: [3], name: 'a' }), tf.input({ shape: [2], name: 'b' })];
    const both = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
    const dropped = dropout({ keepProb: 0.5 }).apply(both) as tf.SymbolicTensor;
    const value = tf.layers.dense({ units: 2, name: 'value' }).apply(dropped) as tf.SymbolicTensor;
    const label = tf.layers
      .dense({ units: 2, name: 'label', activation: 'softmax' })
      .apply(dropped) as tf.SymbolicTensor;
    const model = tf.model({ inputs: [a, b], outputs: [value, label] });
    const [xa, xb] = [normal([4, 3], 1), normal([4, 2], 2)];
    const listed = await predictWithUncertainty(model, [xa, xb], { samples: 4, seed: 1 });
    const named = await predictWithUncertainty(model, { b: xb, a: xa }, { samples: 4, seed: 1 });
    expect(Object.keys(listed.outputs)).toEqual(['value', 'label']);
    expect(values(listed.mean)).toEqual(values(named.outputs.value!.mean));
    expect(listed.outputs.value!.entropy).toBeUndefined();
    expect(listed.outputs.label!.entropy!.shape).toEqual([4]);
  });

  test('the log-likelihood of targets', async () => {
    const x = tf.tile(X(), [3, 1]);
    const y = tf.tensor2d([[-3.5], [0], [10]]);
    const { logLikelihood: ll } = await predictWithUncertainty(unit(0.8), x, {
      samples: 50,
      seed: 1,
      precision: 0.5,
      y,
      batchSize: 2,
    });
    expect(ll!.shape).toEqual([3]);
    const [at, near, far] = values(ll);
    expect(at).toBeGreaterThan(near!);
    expect(near).toBeGreaterThan(far!);
  });
});

describe('use', () => {
  test('progress, abort, and nothing left behind', async () => {
    const model = net('softmax');
    const x = normal([5, 4], 3);
    const before = tf.memory().numTensors;
    const seen: number[] = [];
    const result = await predictWithUncertainty(model, x, {
      samples: 3,
      batchSize: 2,
      progress: ({ done, total }) => seen.push(done / total),
    });
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map(n => n / 9));
    tf.dispose(result as never);
    expect(tf.memory().numTensors).toBe(before);
    const controller = new AbortController();
    const aborted = predictWithUncertainty(model, x, {
      signal: controller.signal,
      progress: () => controller.abort(new Error('enough')),
    });
    await expect(aborted).rejects.toThrow('enough');
    await expect(
      predictWithUncertainty(model, x, {
        progress: () => {
          throw new Error('mine');
        },
      }),
    ).rejects.toThrow('mine');
    expect(tf.memory().numTensors).toBe(before);
  });

  test.each([
    [{ samples: 1 }, 'samples'],
    [{ interval: 1 }, 'interval'],
    [{ batchSize: 0 }, 'batchSize'],
    [{ seed: -1 }, 'seed'],
    [{ kind: 'both' }, 'kind'],
    [{ precision: 0 }, 'precision'],
    [{ precision: 1 }, 'precision'],
    [{ y: tf.zeros([5, 3]) }, 'precision'],
    [{ signal: {} }, 'signal'],
    [{ pases: 3 }, 'pases'],
  ])('options %j are refused', async (options, option) => {
    const error = await predictWithUncertainty(net('softmax'), tf.zeros([5, 4]), options as never).catch(e => e);
    expect(error).toMatchObject({ name: 'OptionError', option });
  });

  test.each<[string, unknown]>([
    ['no rows', () => tf.zeros([0, 4])],
    ['no tensor', () => [[1, 2, 3, 4]]],
    ['two tensors for one input', () => [tf.zeros([1, 4]), tf.zeros([1, 4])]],
    ['another name', () => ({ zzz: tf.zeros([1, 4]) })],
  ])('%s is a DataError', async (_, x) => {
    await expect(predictWithUncertainty(net('softmax'), (x as () => never)())).rejects.toThrow(DataError);
  });
});
