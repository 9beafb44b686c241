import type { SearchEvent } from '@keepprob/search';
import { expect, test } from 'vitest';
import { duration, lineOf, Standing } from '../../src/search/view.ts';

const nothing: SearchEvent = {
  ...{ type: 'begin', trial: null, fold: null, epoch: null, value: null, error: null, state: null, reason: null },
  ...{ result: null, done: 0, total: 20, best: null, secondsLeft: null },
};
const best = { trial: 3, value: 0.123456, error: 0.004567 };

test('how far it has come: trials that ended, the best with its standard error, the time that is left', () => {
  const standing = new Standing('valLoss', 30);
  const after = (event: Partial<SearchEvent>): string => standing.after({ ...nothing, ...event }, 78);
  expect(after({})).toBe('0/30 trials  no best yet');
  for (const trial of [0, 1, 2, 3]) after({ type: 'trial', trial });
  expect(after({ type: 'unit', trial: 3 })).toBe('0/30 trials  no best yet');
  after({ type: 'ended', trial: 0, state: 'complete' });
  expect(after({ type: 'ended', trial: 3, state: 'complete', best, secondsLeft: 250 })).toBe(
    '2/30 trials  best valLoss 0.1235 ± 0.0046 (trial 3)  4 min left',
  );
});

test('of a search that goes on: the trials before count, too', () => {
  const standing = new Standing('valLoss', 30);
  standing.after({ ...nothing, best }, 78);
  expect(standing.after({ ...nothing, type: 'trial', trial: 12 }, 78)).toMatch(/^12\/30 trials/);
});

test('what is confirmed is no trial that is open; no line is longer than it may be', () => {
  const standing = new Standing('valMeanSquaredLogarithmicError', 30);
  for (let trial = 0; trial < 30; trial++) {
    standing.after({ ...nothing, type: 'trial', trial }, 78);
    standing.after({ ...nothing, type: 'ended', trial, state: 'complete' }, 78);
  }
  standing.after({ ...nothing, type: 'confirm' }, 78);
  const line = standing.after({ ...nothing, type: 'unit', trial: 3, best, secondsLeft: 9000 }, 78);
  expect(line).toMatch(/^confirming {2}30\/30 trials {2}best val/);
  expect(line.length).toBeLessThanOrEqual(78);
});

test('a line for each trial that ended', () => {
  const ended = { ...nothing, type: 'ended', trial: 3 } as const;
  expect(lineOf({ ...ended, state: 'complete', value: 0.123456, error: 0.004567, best }, 'valLoss')).toBe(
    'trial 3      complete  valLoss 0.1235 ± 0.0046  the best so far',
  );
  expect(lineOf({ ...ended, state: 'pruned', value: 0.5, error: Number.NaN }, 'valLoss')).toBe(
    'trial 3      pruned  valLoss 0.5000',
  );
  expect(lineOf({ ...ended, state: 'failed', reason: 'it is NaN\nsomewhere' }, 'valLoss')).toBe(
    'trial 3      failed: it is NaN',
  );
  expect(lineOf({ ...nothing, type: 'epoch', trial: 3 }, 'valLoss')).toBe(null);
});

test.each([
  [0.4, '0 s'],
  [45.4, '45 s'],
  [250, '4 min'],
  [12_600, '3.5 h'],
])('%d seconds are %s', (seconds, words) => expect(duration(seconds)).toBe(words));
