/** What pruning saves and what it costs, on planted searches: 40 trials N(8.5, .5), 10 folds that all trials share, residuals .5. */
import { expect, test } from 'vitest';
import type { Pruner } from '../../src/contract.ts';
import { none } from '../../src/pruners/none.ts';
import { paired } from '../../src/pruners/paired.ts';
import { gaussians } from '../support/gaussians.ts';

const [TRIALS, FOLDS] = [40, 10];
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/** One search: the units that it took, and how much worse than the best there was is the one with the lowest mean. */
function searched(pruner: Pruner, seed: number): { readonly units: number; readonly lost: number } {
  const random = gaussians(seed);
  const ofFolds = Array.from({ length: FOLDS }, () => 0.6 * random());
  const truth = Array.from({ length: TRIALS }, () => 8.5 + 0.5 * random());
  const all = truth.map(t => ofFolds.map(of => t + of + 0.5 * random()));
  let [best, units] = [{ trial: 0, values: all[0]! }, FOLDS];
  for (let trial = 1; trial < TRIALS; trial++) {
    const values: number[] = [];
    let isPruned = false;
    while (values.length < FOLDS && !isPruned) {
      values.push(all[trial]![values.length]!);
      isPruned = pruner.prune(values.map((value, i) => ({ value, best: best.values[i]! })));
    }
    units += values.length;
    if (!isPruned && mean(values) < mean(best.values)) best = { trial, values };
  }
  return { units, lost: truth[best.trial]! - Math.min(...truth) };
}

test('paired saves two fifths of the units at least, and costs next to nothing', () => {
  const runs = (pruner: Pruner) => Array.from({ length: 500 }, (_, seed) => searched(pruner, seed));
  const [whole, pruned] = [runs(none()), runs(paired())];
  const share = mean(pruned.map(({ units }) => units)) / (TRIALS * FOLDS);
  const lost = mean(pruned.map(({ lost: points }) => points)) - mean(whole.map(({ lost: points }) => points));
  expect(mean(whole.map(({ units }) => units))).toBe(TRIALS * FOLDS);
  expect(share).toBeLessThan(0.6);
  expect(lost).toBeLessThan(0.02);
});
