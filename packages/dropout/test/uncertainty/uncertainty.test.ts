import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { modelPrecision } from '../../src/index.ts';
import {
  entropies,
  interval,
  logLikelihood,
  moments,
  noisyQuantile,
  normalShare,
  quantile,
  type Statistic,
} from '../../src/uncertainty/uncertainty.ts';

const feed = (statistic: Statistic, samples: readonly (readonly number[])[]) => {
  for (const sample of samples) statistic.add(sample);
  return Object.fromEntries(Object.entries(statistic.results()).map(([k, v]) => [k, Array.from(v)]));
};

describe('modelPrecision: τ', () => {
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

  test('of one sample with noise they are those of the normal distribution; of several, what lies below has their mean share', () => {
    // Φ(−1.959964) = .025, Φ(1) = .8413447
    expect(normalShare(-1.959964)).toBeCloseTo(0.025, 6);
    expect(normalShare(1)).toBeCloseTo(0.8413447, 6);
    for (const [q, z] of [
      [0.025, -1.959964],
      [0.5, 0],
      [0.975, 1.959964],
    ] as const)
      expect(noisyQuantile([3], 2, q)).toBeCloseTo(3 + 2 * z, 4);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 1, maxLength: 9 }),
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (samples, deviation, q) => {
          const at = noisyQuantile(samples.toSorted(), deviation, q);
          expect(mean(samples.map(s => normalShare((at - s) / deviation)))).toBeCloseTo(q, 5);
        },
      ),
    );
    expect(noisyQuantile([1, 2, 4, 8], 0, 0.9)).toBeCloseTo(6.8, 12);
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
