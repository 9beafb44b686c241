import type { Told } from '../../contract.ts';

/** The share of trials that count as good, and their maximum number. */
const GOOD = 0.1;
const MOST = 25;

/** Trials divided into good ones (below) and all others (above), each in the order in which they were suggested. */
export interface Halves {
  readonly below: readonly Told[];
  readonly above: readonly Told[];
}

/** Whether a trial has a usable value. */
export const isFinished = ({ state, value }: Told): boolean =>
  (state === 'complete' || state === 'pruned') && value !== null && Number.isFinite(value);

/**
 * The best ⌈n/10⌉ of the n finished trials, 25 at most, are below: complete ones by value, then pruned ones. The others are above, together with running
 * trials, so that no two workers search in the same place (the constant liar of Ginsbourger, Le Riche & Carraro 2010), and failed ones, which would fail
 * again.
 */
export function split(told: readonly Told[]): Halves {
  const finished = told.filter(isFinished);
  const ranked = finished.toSorted(
    (a, b) => rank(a) - rank(b) || (a.value ?? 0) - (b.value ?? 0) || a.number - b.number,
  );
  const best = new Set(ranked.slice(0, Math.min(MOST, Math.ceil(GOOD * finished.length))));
  const inOrder = told.toSorted((a, b) => a.number - b.number);
  return { below: inOrder.filter(trial => best.has(trial)), above: inOrder.filter(trial => !best.has(trial)) };
}

const rank = ({ state }: Told): number => (state === 'complete' ? 0 : 1);
