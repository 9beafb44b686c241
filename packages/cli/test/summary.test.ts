/** The lines in which a run ends. */
import { expect, test } from 'vitest';
import { type Ended, summaryOf } from '../src/run/summary.ts';

const ended = (best: string, values: readonly number[], mode: Ended['mode'] = 'auto'): string => {
  const history = { [best]: values };
  const run = { history, gap: Number.NaN, stopped: undefined, epochs: values.length, steps: 9, seed: 7 };
  return summaryOf({
    run,
    epochs: 3,
    monitor: best,
    mode,
    seconds: 1,
    files: undefined,
    resume: undefined,
    next: undefined,
  });
};

test.each<[string, readonly number[], Ended['mode'], string]>([
  ['valLoss', [3, 1, 2], 'auto', 'valLoss 1.000 in epoch 2'],
  ['valAccuracy', [0.5, 0.9, 0.7], 'auto', 'valAccuracy 0.9000 in epoch 2'],
  ['valAccuracy', [0.5, 0.9, 0.7], 'min', 'valAccuracy 0.5000 in epoch 1'],
  ['score', [Number.NaN, 0, 4], 'max', 'score 4.000 in epoch 3'],
])('the best epoch by %s %j, mode %s', (best, values, mode, line) => {
  expect(ended(best, values, mode)).toContain(`best         ${line}`);
});

test('no best epoch where the log is never a number', () => {
  expect(ended('valLoss', [Number.NaN])).not.toContain('best');
});

test('a run that was trained for longer than is asked for now says so', () => {
  expect(ended('valLoss', [3, 1, 2])).toContain('trained      3 of 3 epochs, 9 steps');
  expect(ended('valLoss', [3, 1, 2, 4])).toContain('trained      4 epochs before, and 3 are asked for, 9 steps');
});
