/** Dropout as an adaptive L2: the closed forms in float64, and the same numbers read off real models beside their samples. */
import { DataError, OptionError } from '@keepprob/core';
import { alphaDropout, dropout, keepProbs, spatialDropout2D } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { adaptiveLambda, type Data, type EffectiveL2, effectiveL2, expectationOverMasks } from '../../src/index.ts';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
const times = (a: readonly number[], b: readonly number[]): number[] => a.map((v, i) => v * b[i]!);
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));
const softplus = (t: number): number => Math.log1p(Math.exp(t));
const relu = (t: number): number => Math.max(0, t);

/** A dense layer with these weights, [inputs][units]. */
const dense = (kernel: number[][], activation: 'linear' | 'relu' | 'sigmoid' | 'softmax' = 'linear', more = {}) =>
  tf.layers.dense({ units: kernel[0]!.length, activation, useBias: false, weights: [tf.tensor2d(kernel)], ...more });
const column = (values: readonly number[]): number[][] => values.map(v => [v]);
const model = (...layers: tf.layers.Layer[]): tf.Sequential => tf.sequential({ layers });

/** |sampled − exact| within 4 standard errors, and the error small enough that this says something. */
const agrees = ({ sampled }: Pick<EffectiveL2, 'sampled'>, exact: number): void => {
  expect(Math.abs(sampled.value - exact)).toBeLessThan(4 * sampled.error);
  expect(sampled.error).toBeLessThan(0.1 * Math.abs(exact));
};

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

  test.each([
    [0.5, [0.2086720867, 0.1680216802]],
    [0.7, [0.2558139535, 0.2093023256]],
    [0.9, [0.2829726419, 0.2498979175]],
    [1, [0, 0.5]],
  ])('λ at keepProb %d gives the minimizer (XᵀX + n diag λ)⁻¹ Xᵀy', (keepProb, minimizer) => {
    const lambda = adaptiveLambda(X, () => 2, keepProb);
    const [a, b, d] = [35 + 3 * lambda[0]!, 44, 56 + 3 * lambda[1]!];
    const [r, s] = [22, 28];
    const det = a * d - b * b;
    expect((d * r - b * s) / det).toBeCloseTo(minimizer[0]!, 10);
    expect((a * s - b * r) / det).toBeCloseTo(minimizer[1]!, 10);
  });

  test('law: the closed form is the expectation over all masks', () => {
    const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        numbers,
        numbers,
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (x, w, y, p) => {
          const lambda = adaptiveLambda([x], () => 2, p);
          const exact = expectationOverMasks(4, p, m => (y - dot(times(x, m), w)) ** 2) - (y - dot(x, w)) ** 2;
          expect(dot(lambda, times(w, w))).toBeCloseTo(exact, 9);
        },
      ),
    );
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

describe('deep nets', () => {
  const x = [[1.1, 0.8, -1.4]];
  const W = [
    [-1, -0.2, 1.1],
    [0.1, 1.8, 0.9],
    [-2.2, -1.4, 2.7],
  ];
  const U = [1.7, -1.7, 2.1];

  test('planted: the penalty is negative where the approximation is positive, and is shown as such', async () => {
    const logit = (row: readonly number[]): number =>
      dot(
        [0, 1, 2].map(i =>
          relu(
            dot(
              row,
              W.map(w => w[i]!),
            ),
          ),
        ),
        U,
      );
    const loss = (z: number): number => softplus(z) - z;
    const exact = expectationOverMasks(3, 0.5, m => loss(logit(times(x[0]!, m)))) - loss(logit(x[0]!));
    expect(exact).toBeCloseTo(-1.055, 3);
    const net = model(dense(W, 'relu', { inputShape: [3] }), dense(column(U), 'sigmoid'));
    const found = await effectiveL2(net, { x, y: [1] }, { input: 0.5 });
    expect(found.penalty.value).toBeCloseTo(0.632, 3);
    agrees(found, exact);
    expect(found.sites[0]!.sampledL2!.value).toBeLessThan(0);
    expect(found.text).toMatch(/negative/);
    expect(found.text).toMatch(/−1\.0/);
  });

  test('⟨diag(JᵀHJ), h²⟩ of two sites is that of the Jacobian by differences', async () => {
    const W2 = [
      [0.4, -0.6],
      [0.9, 0.3],
      [-0.5, 0.7],
    ];
    const layers = () => [dense(W, 'relu', { inputShape: [3], name: 'one' }), dense(W2, 'softmax', { name: 'two' })];
    const rows = [
      [1.1, 0.8, -1.4],
      [-0.5, 0.9, 0.3],
    ];
    const logits = (h: readonly number[]): number[] =>
      [0, 1].map(k =>
        dot(
          h,
          W2.map(w => w[k]!),
        ),
      );
    const one = (r: readonly number[]): number[] =>
      [0, 1, 2].map(i =>
        relu(
          dot(
            r,
            W.map(w => w[i]!),
          ),
        ),
      );
    const form = (from: readonly number[], f: (v: readonly number[]) => number[]): number => {
      const e = f(from).map(Math.exp);
      const pi = e.map(v => v / sum(e));
      const step = 1e-6;
      return sum(
        from.map((v, j) => {
          const moved = f(from.map((u, i) => (i === j ? u + step : u)));
          const J = moved.map((z, k) => (z - f(from)[k]!) / step);
          return v ** 2 * (dot(pi, times(J, J)) - dot(pi, J) ** 2);
        }),
      );
    };
    const found = await effectiveL2(
      model(...layers()),
      { x: rows, y: [0, 1] },
      { keepProbs: { one: 0.5 }, input: 0.8 },
    );
    const strength = (p: number): number => (0.5 * (1 - p)) / p / 2;
    expect(found.sites[0]!.penalty.value).toBeCloseTo(
      strength(0.8) * sum(rows.map(r => form(r, v => logits(one(v))))),
      4,
    );
    expect(found.sites[1]!.penalty.value).toBeCloseTo(strength(0.5) * sum(rows.map(r => form(one(r), logits))), 4);
    expect(found.penalty.value).toBeCloseTo(sum(found.sites.map(s => s.penalty.value)), 6);
    expect(found.sites.map(s => s.theory)).toEqual(['secondOrder', 'quadratic']);
  });

  test('all sites together: sampled with masks that do not know of each other, as by enumeration', async () => {
    const first = [
      [1, 0.5],
      [-0.5, 1],
    ];
    const second = [2, -1];
    const output = (m: readonly number[], n: readonly number[]): number =>
      dot(
        times(
          n,
          [0, 1].map(i =>
            dot(
              times(m, [1, 2]),
              first.map(w => w[i]!),
            ),
          ),
        ),
        second,
      );
    const exact =
      expectationOverMasks(4, 0.6, m => output(m.slice(0, 2), m.slice(2)) ** 2) - output([1, 1], [1, 1]) ** 2;
    const net = model(dense(first, 'linear', { inputShape: [2], name: 'h' }), dense(column(second)));
    const found = await effectiveL2(net, { x: [[1, 2]], y: [0] }, { keepProbs: { h: 0.6 }, input: 0.6 });
    agrees(found, exact);
  });

  test('many outputs: random directions agree with all of them within 4 of their standard errors', async () => {
    const dataOf = (outputs: number) => ({
      x: tf.randomNormal([40, 6], 0, 1, 'float32', 1),
      y: tf.zeros([40, outputs]),
    });
    const kernel = tf.randomNormal([6, 80], 0, 1, 'float32', 3);
    const net = model(tf.layers.dense({ units: 80, useBias: false, inputShape: [6], weights: [kernel] }));
    const data = dataOf(80);
    const found = await effectiveL2(net, data, { input: 0.5, samples: 2 });
    // squared error: (q/p) Σ_j ‖w_j‖² mean h_j² / outputs
    const exact = tf.tidy(
      () => tf.sum(tf.mul(tf.sum(tf.square(kernel), 1), tf.mean(tf.square(data.x), 0))).dataSync()[0]! / 80,
    );
    expect(found.penalty.error).toBeGreaterThan(0);
    expect(found.penalty.error).toBeLessThan(0.05 * exact);
    expect(Math.abs(found.penalty.value - exact)).toBeLessThan(4 * found.penalty.error);
  });

  test('channels dropped whole: spatial dropout before a convolution, exact for squared error', async () => {
    const x = tf.randomNormal([3, 4, 4, 2], 0, 1, 'float32', 5);
    const kernel = tf.randomNormal([4, 4, 2, 1], 0, 1, 'float32', 6);
    const net = model(
      spatialDropout2D({ keepProb: 0.5, inputShape: [4, 4, 2] }),
      tf.layers.conv2d({ filters: 1, kernelSize: 4, useBias: false, weights: [kernel] }),
      tf.layers.flatten(),
    );
    const found = await effectiveL2(net, { x, y: [0, 0, 0] });
    // (q/p) Σ_c mean_i (Σ_positions w x)²
    const exact = tf.tidy(
      () => tf.mean(tf.sum(tf.square(tf.sum(tf.mul(x, tf.reshape(kernel, [1, 4, 4, 2])), [1, 2])), 1)).dataSync()[0]!,
    );
    expect(found.sites[0]!.theory).toBe('exact');
    expect(found.penalty.value).toBeCloseTo(exact, 4);
    agrees(found, exact);
    expect(found.sites[0]!.lambda).toHaveLength(2);
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
    expect(found.text).toMatch(/nothing to tell/);
    expect(await found.picture()).toMatch(/^<svg/);
  });

  test('stock dropout with a seed: its frozen mask is reported; other noise is named as left out', async () => {
    const m = model(
      tf.layers.dropout({ rate: 0.5, seed: 3, inputShape: [4], name: 'frozen' }),
      alphaDropout({ keepProb: 0.9, name: 'alpha' }),
      tf.layers.dense({ units: 3, activation: 'softmax' }),
    );
    const found = await effectiveL2(m, data());
    expect(found.warnings.join()).toMatch(/"frozen".*one mask for ever/);
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
    ['keepProb', { x: [[1, 2, 3, 4]], y: [0] }, { input: 0 }, OptionError, /> 0 ≤ 1/],
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
