/** Compares trials on the same folds and seeds. */
import { DataError } from '@keepprob/core';
import { mean } from '@keepprob/lens/statistics';
import type { Candidate, Result } from '../contract.ts';
import * as messages from '../messages.ts';
import type { FoldAndSeed } from './confirm.ts';

/** A key that two results share only if they are from the same fold and seed. */
export const pairKey = ({ fold, seed }: FoldAndSeed): string => `${fold}:${seed}`;

/**
 * The mean of the results on each fold: seeds of one fold share its rows and do not count as folds. Results are sorted, so that rounding does not depend on
 * the order in which they came.
 */
function byFold(results: readonly Result[]): number[] {
  const folds = new Map<number, number[]>();
  const inOrder = [...results].sort((a, b) => a.fold - b.fold || a.seed - b.seed);
  for (const { fold, value } of inOrder) folds.set(fold, [...(folds.get(fold) ?? []), value]);
  return [...folds.values()].map(mean);
}

/**
 * One value per fold.
 * @throws DataError for no results, and for values that are not finite
 */
export function valuesOf({ number, results }: Candidate): number[] {
  if (results.length === 0) throw DataError.of(messages.trialNamed(number), 'results', 'none');
  if (!results.every(({ value }) => Number.isFinite(value)))
    throw DataError.of(messages.trialNamed(number), 'finite values', 'NaN or Infinity among them');
  return byFold(results);
}

/**
 * trial − other, one value per fold.
 * @throws DataError if they were not measured on the same folds with the same seeds
 */
export function differencesOf(trial: Candidate, other: Candidate): number[] {
  const others = new Map(other.results.map(result => [pairKey(result), result.value]));
  const differences = trial.results.map(result => {
    const value = others.get(pairKey(result));
    if (value === undefined) throw unpaired(trial, other);
    return { ...result, value: result.value - value };
  });
  if (others.size !== new Set(differences.map(pairKey)).size) throw unpaired(trial, other);
  return valuesOf({ ...trial, results: differences });
}

const unpaired = (trial: Candidate, other: Candidate): DataError =>
  DataError.of(
    `${messages.trialNamed(trial.number)} and ${messages.trialNamed(other.number)}`,
    'results on the same folds with the same seeds',
    `${trial.results.length} and ${other.results.length} results on others`,
  );
