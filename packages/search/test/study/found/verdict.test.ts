import { expect, test } from 'vitest';
import type { AgainstOff } from '../../../src/study/found/found.ts';
import { type Judged, verdictOf } from '../../../src/study/found/verdict.ts';

const keep = {
  kind: 'keepProb',
  name: 'keep',
  low: 0.3,
  high: 1,
  off: 1,
  log: false,
  step: undefined,
  when: [],
} as const;
const pairsFrom = (first: number, count: number) =>
  Array.from({ length: count }, (_, i) => ({ fold: first + i, seed: i }));

const off: AgainstOff = {
  ...{ off: 0, trial: 3, difference: -0.1, error: 0.03, interval: [-0.16, -0.04], verdict: 'helps', units: 25 },
  unitsNeeded: 8,
};
const trial = (state: 'complete' | 'pruned' | 'failed', isOff = false, reason: string | null = null) => ({
  isOff,
  state,
  reason,
});

function judged(against: Partial<AgainstOff> | null, more: Partial<Judged> = {}): Judged {
  return {
    searched: { metric: 'valLoss', dimensions: [keep], pairs: pairsFrom(0, 5), freshPairs: pairsFrom(5, 25) },
    trials: [trial('complete', true), trial('complete')],
    chosen: { trial: 3 },
    against: { off: against && { ...off, ...against } },
    ...more,
  };
}
const unsure = { verdict: 'cannotTell', interval: [-0.3, 0.1] } as const;
const alone = {
  verdict: 'cannotTell',
  units: 1,
  error: Number.NaN,
  interval: [Number.NaN, Number.NaN],
  unitsNeeded: null,
} as const;
const { searched } = judged(null);

const table: Readonly<Record<string, readonly [judged: Judged, says: string]>> = {
  'it helps': [
    judged({}),
    'Regularization helps. With regularization, valLoss is 0.1 less than without (between -0.16 and -0.04, in 25 folds).',
  ],
  'it hurts, and is left off': [
    judged({ trial: 2, difference: 0.1, interval: [0.04, 0.16], verdict: 'hurts' }, { chosen: { trial: 0 } }),
    'Regularization hurts. With the best regularization that was found, valLoss is 0.1 more than without (between 0.04 and 0.16, in 25 folds). The choice is to leave it off.',
  ],
  'so many folds would tell, which are so many fresh partitions': [
    judged({ ...unsure, unitsNeeded: 41 }),
    'It cannot be told whether regularization helps. With regularization, valLoss is 0.1 less than without (between -0.3 and 0.1, in 25 folds). About 41 folds would tell a difference of this size: `confirm` with 9 `seeds`.',
  ],
  'folds that are always the same are not drawn again': [
    judged({ ...unsure, unitsNeeded: 41 }, { searched: { ...searched, freshPairs: pairsFrom(0, 5) } }),
    'It cannot be told whether regularization helps. With regularization, valLoss is 0.1 less than without (between -0.3 and 0.1, in 25 folds). About 41 folds would tell a difference of this size.',
  ],
  'no number of folds would tell': [
    judged({ ...unsure, unitsNeeded: null }),
    'It cannot be told whether regularization helps. With regularization, valLoss is 0.1 less than without (between -0.3 and 0.1, in 25 folds). More folds of this kind would not settle it; more rows, or a larger k, may.',
  ],
  'a single fold': [
    judged(alone),
    'It cannot be told whether regularization helps. With regularization, valLoss is 0.1 less than without (in 1 fold). A single fold does not tell how much folds differ: take more `folds`, or more `seeds` of `confirm`.',
  ],
  'no difference anywhere': [
    judged({ verdict: 'cannotTell', difference: 0, error: 0, interval: [0, 0], unitsNeeded: null }),
    'It cannot be told whether regularization helps. With it and without it, valLoss is the same in 25 folds. Does the trial use its values?',
  ],
  'nothing has an "off"': [
    judged(null, { searched: { ...searched, dimensions: [{ ...keep, kind: 'float', off: undefined }] } }),
    'There is nothing to compare with: nothing in the space has an "off". A keepProb has one, 1; for others say it, such as `off: 0`.',
  ],
  '"off" failed': [
    judged(null, { trials: [trial('failed', true, 'boom.'), trial('complete')] }),
    'There is nothing to compare with: without regularization the trial failed. boom.',
  ],
  'nothing but "off"': [
    judged(null, { trials: [trial('complete', true)] }),
    'There is nothing to compare with: "off" is the only trial. Take more `trials`.',
  ],
  '"off" was left in the middle': [
    judged(null, { trials: [trial('pruned', true), trial('complete')] }),
    'There is nothing to compare with: "off" was not measured on all folds.',
  ],
  'all others were ended early': [
    judged(null, { trials: [trial('complete', true), trial('pruned'), trial('pruned'), trial('failed')] }),
    'There is nothing to compare with: no trial with regularization is complete (2 pruned, 1 failed). With `confirm` the best of them is measured in pairs with "off".',
  ],
};

test.each(Object.entries(table))('%s', (_, [about, says]) => expect(verdictOf(about)).toBe(says));
