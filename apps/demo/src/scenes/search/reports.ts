/** What this scene's worker reports. Errors are shares of points classified wrongly, of those held out. */
import type { Interval } from '../../stage/statistics.ts';

/** Which search: with one keep.prob for both hidden layers, or one for each. */
export type Space = 'one' | 'each';

/** keep.prob by hidden layer. */
export interface Keep {
  readonly hidden1: number;
  readonly hidden2: number;
}

/** A trial on one fold. */
export interface Unit {
  readonly space: Space;
  readonly trial: number;
  readonly keep: Keep;
  readonly error: number;
  /** Whether the fold is one that had no say in which trials are the best. */
  readonly isFresh: boolean;
}

export type Verdict = 'helps' | 'hurts' | 'cannotTell';

/** Of a difference of errors, below 0 where the one that is named first errs less. */
export interface Compared {
  readonly interval: Interval;
  readonly verdict: Verdict;
}

/** What a search came to. */
export interface Chosen {
  readonly space: Space;
  readonly trial: number;
  readonly keep: Keep;
  readonly isOff: boolean;
  /** The error to expect. */
  readonly interval: Interval;
  /** The chosen trial against "off"; where "off" was chosen, the best of the others. */
  readonly againstOff: (Compared & { readonly keep: Keep }) | null;
  /** Folds and seeds that it rests on. */
  readonly units: number;
}

export type Report =
  | { readonly type: 'unit'; readonly unit: Unit; readonly done: number; readonly total: number }
  | { readonly type: 'chosen'; readonly chosen: Chosen }
  /** One keep.prob for each layer against one for both. */
  | { readonly type: 'compared'; readonly compared: Compared };
