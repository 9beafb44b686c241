/** A curve through single trials: medians of groups of neighbors, since a trial that diverged says nothing about its neighbors. */
import { quantile } from '@keepprob/lens/statistics';

/** The median and quartiles of a group; half of its trials lie in the band. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** A trial on one dimension. */
export interface Placed {
  /** Position on the scale of the dimension. */
  readonly at: number;
  readonly dev: number;
  readonly train: number | null;
}

export interface Group {
  readonly trials: number;
  /** Median position of its trials. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly dev: Spread;
  readonly train: Spread | null;
}

/** Minimum number of trials per group, and maximum number of groups. */
const LEAST = 3;
const MOST = 8;

/** Groups neighbors into groups of about equal size; trials at the same position stay together. */
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

/** One group per position. */
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

/** Median and quartiles, interpolated between neighbors. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}
