/** A curve through single trials: medians of groups of neighbours, as a trial that diverged says nothing of its neighbours. */
import { quantile } from '@keepprob/lens/statistics';

/** What the trials of a group have: half of them lie in the band. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** A trial on one dimension. */
export interface Placed {
  /** Where it lies, on the scale of the dimension. */
  readonly at: number;
  readonly dev: number;
  readonly train: number | null;
}

export interface Group {
  readonly trials: number;
  /** Median place of its trials. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly dev: Spread;
  readonly train: Spread | null;
}

/** Trials of a group, at least, and groups at most. */
const LEAST = 3;
const MOST = 8;

/** Neighbours in groups of about one size; those of one place stay together. */
export function groupsOf(trials: readonly Placed[]): readonly Group[] {
  const sorted = [...trials].sort((a, b) => a.at - b.at);
  const size = Math.max(LEAST, Math.ceil(sorted.length / MOST));
  const groups: Placed[][] = [[]];
  for (const trial of sorted) {
    const last = groups.at(-1) ?? [];
    if (last.length >= size && last.at(-1)?.at !== trial.at) groups.push([trial]);
    else last.push(trial);
  }
  const [left] = groups.length > 1 && (groups.at(-1)?.length ?? 0) < LEAST ? groups.splice(-1) : [];
  groups.at(-1)?.push(...(left ?? []));
  return groups.flatMap(groupOf);
}

/** Those of each place. */
export const byPlace = (trials: readonly Placed[]): readonly Group[] =>
  [...new Set(trials.map(({ at }) => at))]
    .sort((a, b) => a - b)
    .flatMap(place => groupOf(trials.filter(({ at }) => at === place)));

function groupOf(trials: readonly Placed[]): Group[] {
  const places = trials.map(({ at }) => at);
  const [at, dev] = [spreadOf(places), spreadOf(trials.map(trial => trial.dev))];
  const train = spreadOf(trials.flatMap(trial => trial.train ?? []));
  const [from, to] = [Math.min(...places), Math.max(...places)];
  return at && dev ? [{ trials: trials.length, at: at.median, from, to, dev, train }] : [];
}

/** Quartiles, between neighbours where they lie between. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}
