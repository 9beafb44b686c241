import { DataError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { dropout, predictWithUncertainty, type Uncertainty } from '../../src/index.ts';
import { net, normal, values } from '../support/nets.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

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

describe('95 % intervals of y, which is a sample of the model with noise of precision τ', () => {
  const rows = 2000;
  const tau = 0.5;
  /** Share of the y between `lower` and `upper`; its standard error is .005. */
  async function coverage(precision: number | null, interval: number): Promise<number> {
    const model = unit(0.8);
    const x = normal([rows, 3], 1);
    // two samples of one seed lie at mean ± deviation / √2: from both the first one is known
    const truth = await predictWithUncertainty(model, x, { samples: 2, seed: 77, interval: 0.999_999 });
    const noise = values(normal([rows, 1], 9));
    const [low, high] = [values(truth.lower!), values(truth.upper!)];
    const y = low.map((v, i) => (i % 2 ? v : high[i]!) + noise[i]! / Math.sqrt(tau));
    const found = await predictWithUncertainty(model, x, { samples: 60, seed: 3, precision, interval, batchSize: 500 });
    const [lower, upper] = [values(found.lower!), values(found.upper!)];
    return y.filter((v, i) => v >= lower[i]! && v <= upper[i]!).length / rows;
  }

  test('cover y as often as they say; without the noise they do not', async () => {
    expect(Math.abs((await coverage(tau, 0.95)) - 0.95)).toBeLessThan(0.02);
    expect(Math.abs((await coverage(tau, 0.5)) - 0.5)).toBeLessThan(0.04);
    expect(await coverage(null, 0.95)).toBeLessThan(0.8);
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

  test('several outputs of one layer, and dropout in the field of a layer', async () => {
    class Block extends tf.layers.Layer {
      static readonly className = 'TestUncertainBlock';
      readonly drop = dropout({ keepProb: 0.5 });
      override computeOutputShape<S>(shape: S): S {
        return shape;
      }
      override call(x: tf.Tensor | tf.Tensor[], kwargs: object): tf.Tensor {
        return this.drop.call(x, kwargs) as tf.Tensor;
      }
    }
    const block = new Block({ name: 'block' } as object);
    const inputs = ['a', 'b'].map(name => tf.input({ shape: [3], name }));
    const model = tf.model({ inputs, outputs: inputs.map(input => block.apply(input) as tf.SymbolicTensor) });
    const { outputs } = await predictWithUncertainty(model, [tf.ones([2, 3]), tf.zeros([2, 3])], {
      samples: 20,
      seed: 1,
    });
    expect(Object.keys(outputs)).toEqual(['block', 'block_1']);
    expect(values(outputs.block!.variance).every(v => v > 0)).toBe(true);
    expect(values(outputs.block_1!.variance).every(v => v === 0)).toBe(true);
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
