/** Searches whose truth is known: errors in percent, drawn instead of trained. */

import { type Conclusion, conclude } from '../../src/choice/conclude.ts';
import { freshPairs, leading } from '../../src/choice/confirm.ts';
import { oneStandardError } from '../../src/choice/oneStandardError.ts';
import type { Candidate, Chooser, Result, Told } from '../../src/contract.ts';
import { kFold } from '../../src/splits/kFold.ts';
import { corrected, testShare } from '../../src/statistics/corrected.ts';
import { gaussians } from './gaussians.ts';

export interface Problem {
  /** True error of each trial; trial 0 is "off". */
  truth(random: () => number): number[];
  /** Standard deviation of what a fold has of its own, for all trials. */
  readonly ofFolds: number;
  /** Of what is left, for a trial on a fold with a seed. */
  readonly residual: number;
  /** Share of the residual's variance that a trial keeps on all folds, since folds share rows. */
  readonly shared: number;
}

/** 40 trials N(8.5, .5), "off" among them; folds .6, residuals .5. */
export const planted: Problem = {
  truth: random => Array.from({ length: 40 }, () => 8.5 + 0.5 * random()),
  ofFolds: 0.6,
  residual: 0.5,
  shared: 0,
};

/** "Off" is best, by half a point at least, as on data that nothing overfits. */
export const hurting: Problem = {
  ...planted,
  truth: random => [8, ...Array.from({ length: 39 }, () => 8.5 + Math.abs(0.5 * random()))],
};

/** All trials are as good as "off". */
export const neutral: Problem = { ...planted, truth: () => Array.from({ length: 40 }, () => 8.5) };

/** One dimension on which trial i lies at i / 39, so that higher numbers are stronger. */
const dimensions = [
  { kind: 'float', name: 'rate', low: 0, high: 1, off: 0, log: false, step: undefined, when: [] },
] as const;

export interface Outcome {
  readonly conclusion: Conclusion;
  readonly truth: readonly number[];
  /** What the search itself said of its best trial. */
  readonly first: { readonly trial: number; readonly value: number };
}

export interface Plan {
  readonly seed: number;
  readonly times?: number;
  readonly choose?: Chooser;
}

/** A search over 5 folds, confirmed on `times` × 5 fresh pairs. */
export function searched(
  { truth: draw, ofFolds, residual, shared }: Problem,
  { seed, times = 5, choose = oneStandardError() }: Plan,
): Outcome {
  const random = gaussians(seed);
  const truth = draw(random);
  const rows = { count: 100 };
  const splitter = kFold({ k: 5 });
  const searchFolds = splitter.split(rows, seed);
  const { folds, pairs } = freshPairs(splitter, rows, searchFolds, { seed, times });
  const lasting = truth.map(() => Math.sqrt(shared) * residual * random());
  const effects = folds.map(() => ofFolds * random());
  const unit = (trial: number, fold: number): number =>
    truth[trial]! + lasting[trial]! + effects[fold]! + Math.sqrt(1 - shared) * residual * random();
  const told: Told[] = truth.map((_, number) => {
    const values = searchFolds.map((_fold, fold) => unit(number, fold));
    return {
      number,
      point: { rate: number / 39 },
      state: 'complete',
      value: values.reduce((a, b) => a + b) / values.length,
    };
  });
  const ranked = [...told].sort((a, b) => a.value! - b.value!);
  const confirmed = leading(
    ranked.map(trial => ({ ...trial, isOff: trial.number === 0 })),
    [],
    5,
  );
  const candidates = confirmed.map(({ number, point }): Candidate & { results: Result[] } => ({
    ...{ number, point, results: [] },
  }));
  // pair after pair, as the draws of figures that are known went
  for (const { fold, seed: ofUnit } of pairs)
    for (const { number, results } of candidates) results.push({ fold, seed: ofUnit, value: unit(number, fold) });
  const ratio = testShare(folds);
  const conclusion = conclude(candidates, { choose, off: 0, ratio, dimensions });
  const lucky = ranked[0]!;
  return { conclusion, truth, first: { trial: lucky.number, value: lucky.value! } };
}

export interface Figures {
  /** Share of runs in which the interval of the chosen trial's error holds its true error. */
  readonly covered: number;
  /** The same for the interval to "off". */
  readonly differenceCovered: number;
  /** Mean of reported − true. */
  readonly bias: number;
  /** The same for the lowest mean of the search. */
  readonly biasOfBest: number;
  /** Mean of true error − that of the best trial there was. */
  readonly lost: number;
  readonly helps: number;
  readonly hurts: number;
  readonly cannotTell: number;
  readonly offChosen: number;
}

export function figures(problem: Problem, runs: number, plan: Omit<Plan, 'seed'> = {}): Figures {
  const outcomes = Array.from({ length: runs }, (_, seed) => searched(problem, { ...plan, seed }));
  const share = (is: (outcome: Outcome) => boolean): number => outcomes.filter(is).length / runs;
  const mean = (of: (outcome: Outcome) => number): number => outcomes.reduce((sum, o) => sum + of(o), 0) / runs;
  const chosenTruth = ({ conclusion, truth }: Outcome): number => truth[conclusion.chosen.number]!;
  const holds = ([low, high]: readonly [number, number], value: number): boolean => low <= value && value <= high;
  const verdict = (is: string) => share(({ conclusion }) => conclusion.against?.verdict === is);
  return {
    covered: share(o => holds(o.conclusion.value.interval, chosenTruth(o))),
    differenceCovered: share(({ conclusion: { against }, truth }) =>
      holds(against!.interval, truth[against!.trial]! - truth[0]!),
    ),
    bias: mean(o => o.conclusion.value.value - chosenTruth(o)),
    biasOfBest: mean(o => o.first.value - o.truth[o.first.trial]!),
    lost: mean(o => chosenTruth(o) - Math.min(...o.truth)),
    helps: verdict('helps'),
    hurts: verdict('hurts'),
    cannotTell: verdict('cannotTell'),
    offChosen: share(({ conclusion }) => conclusion.chosen.number === 0),
  };
}

/** Share of 'helps', where a trial is better than "off" by so many standard deviations of a difference, in comparisons on so many folds. */
export function power(effect: number, folds: number, runs: number, ratio: number, shared: number): number {
  const random = gaussians(folds + Math.round(100 * effect));
  const told = Array.from({ length: runs }, () => {
    const lasting = Math.sqrt(shared) * random();
    const values = Array.from({ length: folds }, () => -effect + lasting + Math.sqrt(1 - shared) * random());
    return corrected(values, ratio, 0.95).interval[1] < 0;
  });
  return told.filter(Boolean).length / runs;
}
