/** Dropout as an adaptive L2: the closed forms in float64, and the same numbers read off real models beside their samples. */
import { DataError, OptionError } from '@keepprob/core';
import { alphaDropout, dropout, keepProbs } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { adaptiveLambda, type Data, type EffectiveL2, effectiveL2, expectationOverMasks } from '../../src/index.ts';
import { agrees, column, dense, dot, model, relu, sigmoid, softplus, sum, times } from '../support/exact.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const X = [
  [1, 2],
  [3, 4],
  [5, 6],
];
const y = [1, 2, 3];

describe('linear regression', () => {
  const w = [0.3, -0.2];

  test('E‖y − X̃w‖² = 17.5, by theory and sampled', async () => {
    const found = await effectiveL2(
      model(dense(column(w), 'linear', { inputShape: [2] })),
      { x: X, y },
      { input: 0.5 },
    );
    expect(3 * (found.loss.value + found.penalty.value)).toBeCloseTo(17.5, 5);
    agrees(found, found.penalty.value);
    expect(found.sites[0]!.theory).toBe('exact');
    // λ_j = (q/p) mean x_j²
    expect([...found.sites[0]!.lambda!][0]).toBeCloseTo(35 / 3, 4);
    expect([...found.sites[0]!.lambda!][1]).toBeCloseTo(56 / 3, 4);
    // the plain λ that costs the same
    expect(found.sites[0]!.l2!.value * dot(w, w)).toBeCloseTo(found.penalty.value, 6);
  });
});

describe('logistic regression', () => {
  const x = [
    [1, -2, 0.5],
    [0.3, 0.8, -1],
    [2, 0, 1],
  ];
  const beta = [0.4, -0.3, 0.2];
  const exact = (b: readonly number[], p: number): number =>
    sum(x.map(row => expectationOverMasks(3, p, m => softplus(dot(times(row, m), b))) - softplus(dot(row, b))));
  const quadratic = (b: readonly number[], p: number): number => {
    const curvature = (i: number): number => sigmoid(dot(x[i]!, b)) * (1 - sigmoid(dot(x[i]!, b)));
    return 3 * dot(adaptiveLambda(x, curvature, p), times(b, b));
  };

  test.each([
    [0.5, 0.12859200083, 0.13014870451],
    [0.8, 0.034531555833, 0.032537176128],
  ])('at keepProb %d the penalty is %d exactly and %d to second order', async (p, whole, second) => {
    expect(exact(beta, p)).toBeCloseTo(whole, 11);
    expect(quadratic(beta, p)).toBeCloseTo(second, 11);
    const net = model(dense(column(beta), 'sigmoid', { inputShape: [3] }));
    const found = await effectiveL2(net, { x, y: [1, 0, 1] }, { input: p, samples: 20_000 });
    expect(3 * found.penalty.value).toBeCloseTo(second, 6);
    expect(found.penalty.error).toBe(0);
    expect(Math.abs(3 * found.sampled.value - whole)).toBeLessThan(4 * 3 * found.sampled.error);
    expect(found.sites[0]!.theory).toBe('quadratic');
  });

  test('exact as β → 0: ratio 1.00001 at .01 β; not as p → 1: ratio 1.085 at p = .99', () => {
    const small = beta.map(b => 0.01 * b);
    expect(exact(small, 0.8) / quadratic(small, 0.8)).toBeCloseTo(1.00001, 5);
    expect(exact(beta, 0.99) / quadratic(beta, 0.99)).toBeCloseTo(1.085, 3);
  });

  test('logits with their loss give what probabilities with theirs give', async () => {
    const data = { x, y: [1, 0, 1] };
    const probabilities = await effectiveL2(model(dense(column(beta), 'sigmoid', { inputShape: [3] })), data, {
      input: 0.8,
    });
    const logits = await effectiveL2(model(dense(column(beta), 'linear', { inputShape: [3] })), data, {
      input: 0.8,
      loss: 'sigmoidCrossEntropy',
    });
    expect(logits.penalty.value).toBeCloseTo(probabilities.penalty.value, 7);
    expect(logits.sampled.value).toBeCloseTo(probabilities.sampled.value, 6);
  });
});

describe('softmax regression', () => {
  const x = [
    [1, -2],
    [0.5, 1],
  ];
  const W = [
    [0.3, -0.5, 0.2],
    [-0.4, 0.1, 0.6],
  ];
  const p = 0.7;

  test('½ (q/p) Σ_j h_j² w_jᵀ (diag π − ππᵀ) w_j, by unit and, its diagonal, by weight', async () => {
    const probabilities = x.map(row => {
      const e = [0, 1, 2].map(k => Math.exp(row[0]! * W[0]![k]! + row[1]! * W[1]![k]!));
      return e.map(v => v / sum(e));
    });
    const unit = (j: number): number =>
      sum(
        x.map((row, i) => {
          const pi = probabilities[i]!;
          const mean = dot(pi, W[j]!);
          return 0.5 * (0.3 / 0.7) * row[j]! ** 2 * (dot(pi, times(W[j]!, W[j]!)) - mean ** 2);
        }),
      ) / 2;
    const weight = (j: number, k: number): number =>
      sum(x.map((row, i) => 0.5 * (0.3 / 0.7) * row[j]! ** 2 * probabilities[i]![k]! * (1 - probabilities[i]![k]!))) /
      2;
    for (const [activation, loss] of [
      ['softmax', 'categoricalCrossentropy'],
      ['linear', 'softmaxCrossEntropy'],
    ] as const) {
      const net = model(dense(W, activation, { inputShape: [2] }));
      const found = await effectiveL2(net, { x, y: [0, 2] }, { input: p, loss });
      const [site] = found.sites;
      expect(site!.units[0]).toBeCloseTo(unit(0), 7);
      expect(site!.units[1]).toBeCloseTo(unit(1), 7);
      expect(site!.lambda![1]).toBeCloseTo(unit(1) / dot(W[1]!, W[1]!), 6);
      expect(site!.weights!.shape).toEqual([2, 3]);
      for (let i = 0; i < 6; i++) expect(site!.weights!.values[i]).toBeCloseTo(weight(Math.floor(i / 3), i % 3), 6);
    }
  });
});

describe('one hidden layer', () => {
  const x = [
    [1, -0.5],
    [-1.5, 2],
    [0.3, 0.7],
  ];
  const W = [
    [0.5, -1, 0.8, 0.2, -0.3],
    [-0.7, 0.4, 1.1, -0.9, 0.6],
  ];
  const U = [
    [1, -0.5],
    [0.3, 0.8],
    [-1.2, 0.4],
    [0.6, 0.1],
    [-0.2, 0.9],
  ];
  const target = [
    [1, 0],
    [-1, 0.5],
    [0.2, 0.3],
  ];
  const hidden = x.map(row => [0, 1, 2, 3, 4].map(i => relu(row[0]! * W[0]![i]! + row[1]! * W[1]![i]!)));
  const p = 0.6;

  test('squared loss, ReLU: the closed form is the mean over all masks to 1e-13, and what the model is told', async () => {
    const error = (h: readonly number[], t: readonly number[]): number =>
      sum(
        [0, 1].map(
          k =>
            (t[k]! -
              dot(
                h,
                U.map(u => u[k]!),
              )) **
            2,
        ),
      ) / 2;
    const exact =
      sum(
        hidden.map((h, i) => expectationOverMasks(5, p, m => error(times(h, m), target[i]!)) - error(h, target[i]!)),
      ) / 3;
    // mean over 2 outputs: the second derivative by each is 2/2
    const lambda = adaptiveLambda(hidden, () => 1, p);
    const closed = dot(
      lambda,
      U.map(u => dot(u, u)),
    );
    expect(Math.abs(closed - exact)).toBeLessThan(1e-13);

    const net = model(dense(W, 'relu', { inputShape: [2] }), dropout({ keepProb: p }), dense(U));
    const found = await effectiveL2(net, { x, y: target });
    expect(found.penalty.value).toBeCloseTo(closed, 6);
    agrees(found, exact);
    const [site] = found.sites;
    expect(site!.theory).toBe('exact');
    for (const [i, l] of lambda.entries()) {
      expect(site!.lambda![i]).toBeCloseTo(l, 5);
      // the same for all outgoing weights of a unit
      expect([...site!.weights!.values.slice(2 * i, 2 * i + 2)]).toEqual([expect.closeTo(l, 5), expect.closeTo(l, 5)]);
    }
  });

  test('as an option, on a model without dropout, it is what keepProbs() would insert; stock dropout counts as well', async () => {
    const plain = model(dense(W, 'relu', { inputShape: [2], name: 'hidden' }), dense(U));
    const asked = await effectiveL2(plain, { x, y: target }, { keepProbs: { hidden: p }, input: 0.9 });
    const stock = model(
      tf.layers.dropout({ rate: 1 - 0.9, inputShape: [2] }),
      dense(W, 'relu'),
      tf.layers.dropout({ rate: 1 - p }),
      dense(U),
    );
    const inserted = keepProbs(plain, { hidden: p }, { input: 0.9 });
    for (const other of [inserted, stock]) {
      const own = await effectiveL2(other, { x, y: target });
      expect(own.sites.map(s => s.penalty.value)).toEqual(asked.sites.map(s => expect.closeTo(s.penalty.value, 6)));
      expect(own.sampled.value).toBeCloseTo(asked.sampled.value, 6);
    }
    expect(asked.sites.map(s => s.theory)).toEqual(['secondOrder', 'exact']);
  });
});

describe('looking', () => {
  const net = () =>
    model(
      tf.layers.dense({ units: 6, activation: 'tanh', inputShape: [4] }),
      dropout({ keepProb: 0.5, seed: 1 }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    );
  const data = (): Data => ({
    x: tf.randomNormal([20, 4], 0, 1, 'float32', 1),
    y: tf.oneHot(tf.range(0, 20, 1, 'int32').mod(3).toInt(), 3),
  });

  test('leaves no tensor, touches no weight, draws no mask of the layer, and repeats itself', async () => {
    const m = net();
    const d = data();
    const weights = () => m.getWeights().map(w => [...w.dataSync()]);
    const masks = () => [...(m.layers[1]!.apply(tf.ones([1, 6]), { training: true }) as tf.Tensor).dataSync()];
    (m.layers[1] as ReturnType<typeof dropout>).reset();
    const [before, mask] = [weights(), masks()];
    (m.layers[1] as ReturnType<typeof dropout>).reset();
    const first = await effectiveL2(m, d);
    const tensors = tf.memory().numTensors;
    const second = await effectiveL2(m, d);
    await expect(effectiveL2(m, { x: tf.ones([2, 4]), y: [0, 7] })).rejects.toThrow(DataError);
    expect(tf.memory().numTensors).toBe(tensors + 1); // the ones above
    expect(weights()).toEqual(before);
    expect(masks()).toEqual(mask);
    expect(second.text).toBe(first.text);
    expect(Object.hasOwn(m.layers[0]!, 'call')).toBe(false);
    const json = JSON.parse(JSON.stringify(first)) as EffectiveL2;
    expect(json.penalty.value).toBe(first.penalty.value);
  });

  test('its numbers do not depend on how rows are cut into passes', async () => {
    const m = net();
    const d = data() as { x: tf.Tensor; y: tf.Tensor };
    const many = await effectiveL2(m, { x: tf.tile(d.x, [60, 1]), y: tf.tile(d.y, [60, 1]) }, { samples: 2 });
    const few = await effectiveL2(m, d, { samples: 2 });
    expect(many.penalty.value).toBeCloseTo(few.penalty.value, 6);
    expect(many.loss.value).toBeCloseTo(few.loss.value, 5);
  });

  test('a model without dropout: as if with what suggestKeepProbs suggests, and says so', async () => {
    const plain = model(
      tf.layers.dense({ units: 8, activation: 'relu', inputShape: [4], name: 'h' }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    );
    const found = await effectiveL2(plain, data());
    expect(found.suggested).toBe(true);
    expect(found.sites.map(s => [s.name, s.keepProb])).toEqual([['h', 0.5]]);
    expect(found.text).toMatch(/^The model has no dropout/);
  });

  test('a model in which nothing can be dropped says so', async () => {
    const found = await effectiveL2(model(dense([[1]], 'linear', { inputShape: [1] })), { x: [[1]], y: [1] });
    expect(found.sites).toEqual([]);
    expect(found.text).toMatch(/nothing to report/);
    expect(await found.picture()).toMatch(/^<svg/);
  });

  test('stock dropout with a seed: its frozen mask is reported; other noise is named as left out', async () => {
    const m = model(
      tf.layers.dropout({ rate: 0.5, seed: 3, inputShape: [4], name: 'frozen' }),
      alphaDropout({ keepProb: 0.9, name: 'alpha' }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    );
    const found = await effectiveL2(m, data());
    expect(found.warnings.join()).toMatch(/"frozen".*one mask forever/);
    expect(found.warnings.join()).toMatch(/not included: "alpha"/);
    expect(found.sites.map(s => s.name)).toEqual(['frozen']);
  });

  test.each<[string, unknown, object, new (...a: never[]) => Error, RegExp]>([
    ['no data', undefined, {}, DataError, /\{ x, y \}/],
    ['no labels', { x: [[1, 2, 3, 4]] }, {}, DataError, /keys x/],
    ['no rows', { x: tf.zeros([0, 4]), y: tf.zeros([0, 3]) }, {}, DataError, /at least one row/],
    ['another shape', { x: [[1, 2]], y: [0] }, {}, DataError, /\[rows,4\]/],
    ['NaN', { x: [[1, 2, 3, Number.NaN]], y: [0] }, {}, DataError, /NaN/],
    ['other labels', { x: [[1, 2, 3, 4]], y: [[1, 0]] }, {}, DataError, /shape \[1,3\]/],
    ['lengths', { x: [[1, 2, 3, 4]], y: [0, 1] }, {}, DataError, /1 rows everywhere/],
    ['samples', { x: [[1, 2, 3, 4]], y: [0] }, { samples: 1 }, OptionError, /samples/],
    ['layer', { x: [[1, 2, 3, 4]], y: [0] }, { keepProbs: { nope: 0.5 } }, OptionError, /no layer "nope"/],
    ['keepProb', { x: [[1, 2, 3, 4]], y: [0] }, { input: 0 }, OptionError, /> 2\^-17 and ≤ 1/],
    ['loss', { x: [[1, 2, 3, 4]], y: [0] }, { loss: 'hinge' }, OptionError, /one of/],
    ['unknown', { x: [[1, 2, 3, 4]], y: [0] }, { keepProb: 0.5 }, OptionError, /Did you mean/],
  ])('%s is refused', async (_, given, options, type, message) => {
    const promise = effectiveL2(net(), given as Data, options);
    await expect(promise).rejects.toThrow(type);
    await expect(promise).rejects.toThrow(message);
  });

  test('weights that are NaN, an unbuilt model, an output: refused', async () => {
    const broken = model(dense([[Number.NaN]], 'linear', { inputShape: [1] }));
    await expect(effectiveL2(broken, { x: [[1]], y: [1] }, { input: 0.5 })).rejects.toThrow(/finite loss/);
    const unbuilt = tf.sequential();
    await expect(effectiveL2(unbuilt, { x: [[1]], y: [1] })).rejects.toThrow(/not built/);
    const m = model(dense([[1]], 'linear', { inputShape: [1], name: 'last' }));
    await expect(effectiveL2(m, { x: [[1]], y: [1] }, { keepProbs: { last: 0.5 } })).rejects.toThrow(/output/);
  });
});
