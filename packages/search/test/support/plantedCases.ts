/** What a search says on planted problems, in so many runs. */
import { describe, expect, test } from 'vitest';
import { figures, hurting, neutral, planted } from './planted.ts';

/** 4σ of a share. */
const margin = (share: number, runs: number): number => 4 * Math.sqrt((share * (1 - share)) / runs);

export function plantedCases(runs: number): void {
  // with independent residuals, and where a trial keeps a fifth of them on all folds, as overlapping training sets make it
  describe.each([0, 0.2])('a share of %d kept on all folds', shared => {
    test('the error of the chosen trial lies in its interval in 90 % of the runs, and a lucky best is told down', () => {
      const found = figures({ ...planted, shared }, runs);
      expect(found.covered).toBeGreaterThanOrEqual(0.9);
      expect(found.differenceCovered).toBeGreaterThanOrEqual(0.9);
      expect(found.biasOfBest).toBeLessThan(-0.1);
      expect(found.bias).toBeGreaterThan(found.biasOfBest);
      if (!shared) expect(Math.abs(found.bias)).toBeLessThan(0.07);
      expect(found.lost).toBeLessThan(shared ? 0.2 : 0.1);
      expect(found.helps).toBeGreaterThan(0.4);
      expect(found.hurts).toBeLessThan(0.05);
    });

    test('where regularization hurts, never "helps"', () => {
      const found = figures({ ...hurting, shared }, runs);
      expect(found.helps).toBe(0);
      expect(found.covered).toBeGreaterThanOrEqual(0.9);
    });

    test('where it makes no difference, "helps" is as rare as the confidence says', () => {
      const found = figures({ ...neutral, shared }, runs);
      expect(found.helps).toBeLessThanOrEqual(0.05 + margin(0.05, runs));
      // the luckiest of 40 equals, to the last: the hardest case
      expect(found.covered).toBeGreaterThanOrEqual(0.9 - margin(0.9, runs));
    });
  });
}
