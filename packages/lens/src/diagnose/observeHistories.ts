/** Evidence from the curves of finished runs alone. */
import { DataError } from '@keepprob/core';
import { type Measured, mean, meanOf } from '../statistics/measured.ts';
import { type Curves, enoughEpochs, fallOf, isOver, levelOf, MIN_WINDOW, uptoRestored } from './curves.ts';
import type { CheckedOptions } from './diagnoseOptions.ts';
import type { Evidence } from './judge.ts';
import { curvesOfRun, type Observed, type RunLike } from './observed.ts';

/** Combines one number per run: a single run has its own error, several have the error of their mean. */
function over(all: readonly Curves[], of: (curves: Curves) => Measured, confidence: number): Measured {
  const each = all.map(of);
  return each.length === 1
    ? (each[0] as Measured)
    : meanOf(
        each.map(m => m.value),
        confidence,
      );
}

export const fallsOf = (all: readonly Curves[], confidence: number): NonNullable<Evidence['falls']> => ({
  train: over(all, c => fallOf(c.train, confidence), confidence),
  validation: over(all, c => fallOf(c.validation, confidence), confidence),
  over: all.every(isOver),
});

const last = (values: readonly number[]): number => values.at(-1) ?? Number.NaN;

/** The error of the gap is from the last epochs of a run, or across the runs of several seeds. */
export function observeHistories(runs: readonly RunLike[], given: CheckedOptions): Observed {
  if (!runs.length) throw DataError.of('diagnose', 'at least one run', 'an empty list');
  const { confidence, target } = given;
  const all = runs.map(curvesOfRun);
  const ends = all.map(uptoRestored);
  const enough = all.every(enoughEpochs);
  const level = (of: (curves: Curves) => readonly number[]): Measured =>
    over(ends, c => (enough ? levelOf(of(c), confidence) : unsure(of(c))), confidence);
  const rates = ends.map(c => c.errorRate).filter(rate => rate !== null);
  const highest = Math.max(...all.flatMap(c => [...c.train, ...c.validation]));
  const epochs = Math.min(...all.map(c => Math.min(c.train.length, c.validation.length)));
  return {
    evidence: {
      train: level(c => c.train),
      gap: level(c => c.validation.map((d, i) => d - (c.train[i] ?? last(c.train)))),
      baseline: given.baseline ?? highest,
      target,
      falls: enough ? fallsOf(all, confidence) : null,
    },
    validation: level(c => c.validation),
    errorRate:
      rates.length === all.length
        ? { train: mean(rates.map(w => last(w.train))), validation: mean(rates.map(w => last(w.validation))) }
        : null,
    curves: all[0] ?? null,
    rows: null,
    dropout: null,
    tooFew: enough ? null : `${epochs} epochs are too few; at least ${MIN_WINDOW} are needed`,
    warnings: warningsOf(all, given),
  };
}

const unsure = (values: readonly number[]): Measured => ({
  value: last(values),
  error: Number.POSITIVE_INFINITY,
  interval: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
});

function warningsOf(all: readonly Curves[], { baseline }: CheckedOptions): string[] {
  const warnings: readonly (readonly [boolean, string])[] = [
    [baseline === null, 'The loss of a guess is not known; the highest loss of the history is used instead.'],
    [
      !all.every(c => c.clean),
      'The training loss was measured with dropout on and may hold penalties: the gap is not between two values of one function.',
    ],
    [
      all.some(c => c.restored !== null),
      'Early stopping restored the best epoch: losses are those up to it, not those of the epochs after.',
    ],
    [
      all.length === 1,
      'One run: the error is that of its ups and downs. It does not cover the sampling of validation rows, which takes the model and its data.',
    ],
  ];
  return warnings.filter(([holds]) => holds).map(([, text]) => text);
}
