import type { Candidate, Dimension, Point } from '../../src/contract.ts';

/** A trial with a value on each of the folds 0, 1, …, with seed 1. */
export const candidate = (number: number, values: readonly number[], point: Point = {}): Candidate => ({
  number,
  point,
  results: values.map((value, fold) => ({ fold, seed: 1, value })),
});

const named = { when: [], off: undefined };

export const keep: Dimension = {
  ...named,
  kind: 'keepProb',
  name: 'keep',
  low: 0.2,
  high: 1,
  off: 1,
  log: false,
  step: undefined,
};
export const lambda: Dimension = {
  ...named,
  kind: 'float',
  name: 'lambda',
  low: 1e-6,
  high: 1e-2,
  off: 0,
  log: true,
  step: undefined,
};
export const rate: Dimension = {
  ...named,
  kind: 'float',
  name: 'rate',
  low: 1e-4,
  high: 1e-1,
  log: true,
  step: undefined,
};
export const kind: Dimension = { ...named, kind: 'choice', name: 'kind', labels: ['none', 'dropout'], off: 0 };
