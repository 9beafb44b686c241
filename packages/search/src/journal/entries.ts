/** The entries that a search records, in order. Reading them from the start gives the state of the search. */
import type { Point, Unit, UnitResult } from '../contract.ts';
import type { AgainstOff, ChosenTrial, NestedEstimate } from '../study/found/found.ts';

/** The properties that must be the same for a search to resume, in a form that can be compared. */
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
  /** Whether lower or higher values of the metric are better. */
  readonly mode: 'min' | 'max';
}

/** A unit that the pruner ended, with the metric after each epoch so far: later trials are compared with it at the epochs it reached. */
export interface StoppedUnit extends Unit {
  readonly curve: readonly number[];
}

/** How a trial ended; `value` is in the orientation of the metric. */
export interface Ended {
  readonly state: 'complete' | 'pruned' | 'failed';
  readonly value: number | null;
  /** Why it failed; null for the others. */
  readonly reason: string | null;
  /** The unit in which it was pruned, if it was pruned in the middle of one. */
  readonly stopped?: StoppedUnit;
}

/** The outcome of a search, for readers of its journal. */
export interface Outcome {
  readonly chosen: ChosenTrial;
  readonly against: AgainstOff | null;
  /** Null if it was not requested, or is not finished. */
  readonly nested: NestedEstimate | null;
  /** Number of rows of the data. */
  readonly rows: number;
  /** Why the search ended before its last trial. */
  readonly stopped: string | null;
}

export type Entry =
  | { readonly type: 'search'; readonly header: Header }
  | { readonly type: 'trial'; readonly trial: number; readonly point: Point; readonly isOff: boolean }
  | { readonly type: 'unit'; readonly result: UnitResult }
  /** A unit on a fresh fold, after the trial ended. */
  | { readonly type: 'confirmed'; readonly result: UnitResult }
  | ({ readonly type: 'end'; readonly trial: number } & Ended)
  /** Written at the end of the search; any entry after it makes it obsolete. */
  | { readonly type: 'outcome'; readonly outcome: Outcome };

/** Stores the entries. */
export interface Journal {
  /** The file; null in memory. */
  readonly path: string | null;
  /** The entries it held when it was opened. */
  readonly entries: readonly Entry[];
  /** Resolves when they are on disk. */
  append(entries: readonly Entry[]): Promise<void>;
  close(): Promise<void>;
}

export const memoryJournal = (): Journal => ({
  path: null,
  entries: [],
  append: async () => undefined,
  close: async () => undefined,
});
