/** The value of a search on rows that played no part in its choice: nested cross-validation. */
import type { NestedSplit } from '../splits/nested.ts';
import { derivedSeed } from '../splits/order.ts';
import { corrected, testShare } from '../statistics/corrected.ts';
import type { Found, NestedEstimate, NestedFold } from './found/found.ts';
import type { SearchOptions } from './options.ts';
import { type Study, tell, valuesAt } from './study.ts';

/** The same search on the training rows of an outer fold, with these options changed. */
export type SearchWithin = (
  fold: number,
  more: Required<Pick<SearchOptions, 'folds' | 'seed' | 'store' | 'resume' | 'progress' | 'signal'>>,
) => Promise<Found>;

/** An outer fold with its index in the task. */
export interface Outer {
  readonly split: NestedSplit;
  readonly index: number;
  /** Maximum number of units of the search within it. */
  readonly units: number;
}

const CONFIDENCE = 0.95;

/**
 * Searches within each outer fold, trains the choice on the fold's training rows for the number of epochs found there, and measures it on the fold's
 * validation rows, which played no part in the choice.
 *
 * Varma & Simon, "Bias in error estimation when using cross-validation for model selection", BMC Bioinformatics 7:91, 2006.
 * @param before the estimate in the journal, if any
 * @returns null after an abort
 * @throws SearchError if a search within a fold cannot continue
 */
export async function nestedEstimate(
  study: Study,
  outer: readonly Outer[],
  searchWithin: SearchWithin,
  before: NestedEstimate | null,
): Promise<NestedEstimate | null> {
  const folds: NestedFold[] = [];
  for (const [i, one] of outer.entries()) {
    const found = await searchIn(study, i, one, searchWithin);
    if (!found || study.signal.aborted) return null;
    const known = before?.folds[i];
    const value = known && isSame(known, found) ? known.value : await measured(study, i, one, found);
    if (value === null) return null;
    folds.push({ point: found.chosen.point, epochs: found.epochs, value });
    study.clock.nested.done++;
    study.clock.nested.left--;
    await tell(study, { type: 'nested', fold: i, value });
  }
  const values = folds.map(fold => fold.value);
  const { value, error, interval } = corrected(values, testShare(outer.map(({ split }) => split)), CONFIDENCE);
  return { value, error, interval, folds };
}

const isSame = (known: NestedFold, { chosen, epochs }: Found): boolean =>
  known.epochs === epochs && JSON.stringify(known.point) === JSON.stringify(chosen.point);

/** The result of the search within a fold; null after an abort. */
async function searchIn(
  study: Study,
  fold: number,
  { split, units }: Outer,
  searchWithin: SearchWithin,
): Promise<Found | null> {
  const { options, seed, signal, clock } = study;
  const before = clock.nested.done;
  const after = clock.nested.left - units;
  try {
    const found = await searchWithin(fold, {
      ...{ folds: split.inner, seed: derivedSeed(seed, 'outer', fold), resume: true, signal },
      store: options.store === null ? null : `${options.store}/nested/${fold}`,
      async progress({ type, done, total }) {
        clock.nested = { done: before + done, left: after + total - done };
        if (type !== 'unit') return;
        clock.units++;
        await tell(study, { type: 'nested', fold });
      },
    });
    clock.nested.left = after;
    return found;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}

async function measured(
  study: Study,
  fold: number,
  { index }: Outer,
  { chosen, epochs }: Found,
): Promise<number | null> {
  const { pool, signal, seed } = study;
  const unit = { trial: fold, fold: index, seed: derivedSeed(seed, 'outer', fold) };
  try {
    const { value } = await pool.run({ unit, values: valuesAt(study, chosen.point), epochs }, { signal });
    study.clock.units++;
    return value;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}
