/** What a search writes down, in the order in which it happens. Whoever reads it from the beginning knows where the search stands. */
import type { Point, Unit, UnitResult } from '../contract.ts';
import type { AgainstOff, ChosenTrial, NestedEstimate } from '../study/found/found.ts';

/** What must be the same for a search to go on, in words that can be compared. */
export interface Header {
  readonly format: 1;
  /** The config with its spaces. */
  readonly space: unknown;
  readonly folds: unknown;
  /** Names, shapes and SHA-256 of the data. */
  readonly data: string;
  readonly metric: string;
  readonly scale: string | null;
  readonly seed: number;
  /** Whether less or more of the metric is better. */
  readonly mode: 'min' | 'max';
}

/** A unit that the pruner ended, with the metric after each epoch up to that: later trials are compared with it where it came to. */
export interface StoppedUnit extends Unit {
  readonly curve: readonly number[];
}

/** How a trial ended; `value` as the metric gives it. */
export interface Ended {
  readonly state: 'complete' | 'pruned' | 'failed';
  readonly value: number | null;
  /** Why it failed; null for the others. */
  readonly reason: string | null;
  /** The unit with which it was pruned, where that was in the middle of one. */
  readonly stopped?: StoppedUnit;
}

/** What a search came to at its end, for those who read its journal alone. */
export interface Outcome {
  readonly chosen: ChosenTrial;
  readonly against: AgainstOff | null;
  /** Null where it was not asked for, or is not over. */
  readonly nested: NestedEstimate | null;
  /** Rows of the data. */
  readonly rows: number;
  /** Why it ended before its last trial. */
  readonly stopped: string | null;
}

export type Entry =
  | { readonly type: 'search'; readonly header: Header }
  | { readonly type: 'trial'; readonly trial: number; readonly point: Point; readonly isOff: boolean }
  | { readonly type: 'unit'; readonly result: UnitResult }
  /** A unit on a fresh fold, after the trial ended. */
  | { readonly type: 'confirmed'; readonly result: UnitResult }
  | ({ readonly type: 'end'; readonly trial: number } & Ended)
  /** At the end of the search; whatever comes after it makes it a thing of the past. */
  | { readonly type: 'outcome'; readonly outcome: Outcome };

/** Where entries are kept. */
export interface Journal {
  /** The file; null in memory. */
  readonly path: string | null;
  /** What it held when it was opened. */
  readonly entries: readonly Entry[];
  /** Resolves when they are safe. */
  append(entries: readonly Entry[]): Promise<void>;
  close(): Promise<void>;
}

export const memoryJournal = (): Journal => ({
  path: null,
  entries: [],
  append: async () => undefined,
  close: async () => undefined,
});
