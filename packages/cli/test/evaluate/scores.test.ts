/** Scores against numbers worked out by hand, or by the definition. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { auc } from '../../src/evaluate/auc.ts';
import { calibrationOf } from '../../src/evaluate/calibration.ts';
import { classificationOf } from '../../src/evaluate/classification.ts';
import { meanOf, proportion, ratioOf } from '../../src/evaluate/intervals.ts';
import { regressionOf } from '../../src/evaluate/regression.ts';
import { classificationLines } from '../../src/evaluate/told.ts';

describe('intervals', () => {
  test('of 8 of 10, 0 of 10 and 10 of 10: Wilson', () => {
    // statsmodels 0.14, proportion_confint(8, 10, method='wilson')
    const { value, low, high } = proportion(8, 10);
    expect([value, low, high].map(x => x.toFixed(4))).toEqual(['0.8000', '0.4902', '0.9433']);
    expect(proportion(0, 10).low).toBe(0);
    expect(proportion(0, 10).high).toBeCloseTo(0.2775, 4);
    expect(proportion(10, 10).high).toBeCloseTo(1, 12);
  });

  test('of a mean: t of n − 1 degrees, no lower than can be', () => {
    // mean 2, s = 1, t(0.975, 2) = 4.302653
    const { value, low, high } = meanOf(Float64Array.of(1, 2, 3));
    expect([value, low, high]).toEqual([
      2,
      expect.closeTo(2 - 4.302653 / Math.sqrt(3), 5),
      expect.closeTo(2 + 4.302653 / Math.sqrt(3), 5),
    ]);
    expect(meanOf(Float64Array.of(1, 2, 3), 0).low).toBe(0);
  });

  test('of a ratio: none where all rows have the same', () => {
    const { value, low, high } = ratioOf(Float64Array.of(1, 2, 3), Float64Array.of(2, 4, 6));
    expect([value, low, high]).toEqual([0.5, 0.5, 0.5]);
  });
});

describe('AUC', () => {
  test('is the share of pairs in the right order, ties half', () => {
    const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), { minLength: 4, maxLength: 40 });
    fc.assert(
      fc.property(rows, given => {
        const found = auc(
          given.map(([score]) => score),
          given.map(([, positive]) => positive),
        );
        const [positives, negatives] = [true, false].map(side => given.filter(([, p]) => p === side).map(([s]) => s));
        if (!positives || !negatives || positives.length < 2 || negatives.length < 2) {
          expect(found).toBeUndefined();
          return;
        }
        const pairs: number[] = positives.flatMap(p => negatives.map(n => (p > n ? 1 : p === n ? 0.5 : 0)));
        expect(found?.value).toBeCloseTo(pairs.reduce((a, b) => a + b, 0) / pairs.length, 10);
      }),
    );
  });

  test('has the variance of DeLong', () => {
    // V10 = [1, 1, 0.5], V01 = [1/3 + 1/3 + 0 …]: worked out by hand for positives 3, 4, 2 and negatives 1, 2.5
    const found = auc([3, 4, 2, 1, 2.5], [true, true, true, false, false]);
    const [v10, v01] = [
      [1, 1, 0.5],
      [1, 2 / 3],
    ];
    const spread = (v: readonly number[]) =>
      v.reduce((sum, x) => sum + (x - 5 / 6) ** 2, 0) / (v.length - 1) / v.length;
    const error = Math.sqrt(spread(v10 ?? []) + spread(v01 ?? []));
    expect(found?.value).toBeCloseTo(5 / 6, 12);
    expect(found?.low).toBeCloseTo(5 / 6 - 1.959964 * error, 5);
  });
});

describe('classification', () => {
  // rows of classes a, a, b, b; said a, b, b, b
  const probabilities = [0.9, 0.1, 0.4, 0.6, 0.2, 0.8, 0.3, 0.7];
  const found = classificationOf(probabilities, [0, 0, 1, 1], ['a', 'b']);

  test('counts', () => {
    expect(found.confusion).toEqual([
      [1, 1],
      [0, 2],
    ]);
    expect(found.accuracy.value).toBe(0.75);
    expect(found.baseline).toEqual({ name: 'a', accuracy: 0.5 });
    expect(found.classes.map(({ precision, recall }) => [precision.value, recall.value])).toEqual([
      [1, 0.5],
      [2 / 3, 1],
    ]);
    expect(found.auc?.value).toBe(1);
  });

  test('log loss and Brier score', () => {
    expect(found.logLoss.value).toBeCloseTo(-(Math.log(0.9) + Math.log(0.4) + Math.log(0.8) + Math.log(0.7)) / 4, 12);
    expect(found.brier.value).toBeCloseTo((2 * (0.01 + 0.36 + 0.04 + 0.09)) / 4, 12);
    expect(classificationOf([1, 0], [1], ['a', 'b']).logLoss.value).toBeCloseTo(-Math.log(1e-7), 9);
  });

  test('many classes: the confusions that are most frequent, and no line beyond 100 columns', () => {
    const names = Array.from({ length: 30 }, (_, i) => `class with a long name ${i}`);
    const truth = Array.from({ length: 90 }, (_, i) => i % 30);
    const p = truth.flatMap(c => names.map((_, k) => ((c === 3 ? 4 : c) === k ? 1 : 0)));
    const lines = classificationLines(classificationOf(p, truth, names));
    expect(lines).toContain('confused     class with a long name 3 taken for class with a long name 4: 3');
    expect(lines).toContain('… 6 more; --json writes all');
    expect(Math.max(...lines.flatMap(line => line.split('\n')).map(line => line.length))).toBeLessThanOrEqual(100);
  });
});

test('calibration: bins of the probability that is said, and how far it is from what is right', () => {
  const { bins, error, expected } = calibrationOf(Float64Array.of(0.95, 0.95, 0.65, 1), [true, false, true, true]);
  expect(bins.map(({ low, rows, confidence, accuracy }) => [low, rows, confidence, accuracy])).toEqual([
    [0.6, 1, 0.65, 1],
    [0.9, 3, expect.closeTo(2.9 / 3, 12), expect.closeTo(2 / 3, 12)],
  ]);
  expect(error).toBeCloseTo((1 / 4) * 0.35 + (3 / 4) * (2.9 / 3 - 2 / 3), 12);
  expect(expected).toBeGreaterThan(0);
});

describe('regression', () => {
  test('RMSE, MAE, bias, R² and what the mean would have', () => {
    const { rmse, mae, bias, r2, baseline } = regressionOf([1, 3, 3, 5], [1, 2, 4, 5]);
    expect([rmse.value, mae.value, bias.value]).toEqual([Math.SQRT1_2, 0.5, 0]);
    // Σ(y − 3)² = 10, Σ errors² = 2
    expect(r2?.value).toBeCloseTo(0.8, 12);
    expect(baseline).toBeCloseTo(Math.sqrt(10 / 4), 12);
  });

  test('labels that are all equal have no R²', () => expect(regressionOf([1, 2], [3, 3]).r2).toBeUndefined());
});
