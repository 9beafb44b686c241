/** The content of the queue: a unit with everything that a worker on another machine needs, and its outcome. */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Json, Task, Unit, UnitResult } from '../contract.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string };

/** The version of this package: all units are computed by the same version. */
export const VERSION: string = version;
/** The namespace of everything of this package in a database. */
export const NAMESPACE = 'keepprob';
export const QUEUE = 'units';

/** A blob in the database. */
export interface Stored {
  readonly sha256: string;
  readonly length: number;
}

/** A module that the workers have. */
export interface Named {
  readonly module: string;
  readonly version: string;
}

/** A task whose data and code are in the database. */
export interface QueuedTask {
  readonly code: Stored | Named;
  /** The query string of the module's URL. */
  readonly search: string;
  readonly table: Stored;
  readonly splits: Stored;
  readonly metric: Task['metric'];
  readonly scale: Task['scale'];
}

/** A job of the queue. */
export interface Queued {
  readonly version: string;
  readonly task: QueuedTask;
  /** A `Job` as text, since a database may reorder the keys of JSON. */
  readonly job: string;
  /** Whether its result is no longer wanted. */
  readonly stop: boolean;
}

/** The outcome of a unit. `refused` means that it would fail everywhere, before the trial itself runs. */
export type Outcome =
  | { readonly type: 'done'; readonly result: string }
  | { readonly type: 'failed' | 'refused'; readonly reason: string }
  | { readonly type: 'stopped' };

/** Epochs that were not reported yet, with their values; null for NaN. */
export type Epochs = readonly (readonly [epoch: number, value: number | null])[];

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `study_trial_fold_seed`. The first part is a hash of search, code, data and values, so that a job found by its id is the right one. */
export const idOf = (study: string, job: string, { trial, fold, seed }: Unit): string =>
  [hashOf(study + job).slice(0, 16), trial, fold, seed].join('_');

/** JSON has no NaN: the value of an epoch may be null in it. */
export function resultOf(text: string): UnitResult {
  const result = JSON.parse(text) as UnitResult & { readonly curve: readonly Json[] };
  return { ...result, curve: result.curve.map(value => (typeof value === 'number' ? value : Number.NaN)) };
}
