/** What lies in the queue: a unit with all that a worker on another machine must know, and what became of it. */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Json, Task, Unit, UnitResult } from '../contract.ts';

const { version } = createRequire(import.meta.url)('../../package.json') as { readonly version: string };

/** Of this package: units are computed by the same one everywhere. */
export const VERSION: string = version;
/** The queue, and the namespace of everything that is ours in a database. */
export const NAMESPACE = 'keepprob';
export const QUEUE = 'units';

/** Bytes in the database, by their name. */
export interface Stored {
  readonly sha256: string;
  readonly length: number;
}

/** A module that the workers have. */
export interface Named {
  readonly module: string;
  readonly version: string;
}

/** A task whose data and code lie in the database. */
export interface QueuedTask {
  readonly code: Stored | Named;
  /** What the address of the module says after its `?`. */
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
  /** A `Job` as text: a database may order the keys of JSON anew. */
  readonly job: string;
  /** Whether its result is no longer wanted. */
  readonly stop: boolean;
}

/** What a worker makes of it. `refused` is what would fail everywhere, before the trial itself. */
export type Outcome =
  | { readonly type: 'done'; readonly result: string }
  | { readonly type: 'failed' | 'refused'; readonly reason: string }
  | { readonly type: 'stopped' };

/** Epochs with their values that were not told yet; null for no number. */
export type Epochs = readonly (readonly [epoch: number, value: number | null])[];

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** `study_trial_fold_seed`. The first part tells searches, code, data and values apart, so that what is found under it is what was asked for. */
export const idOf = (study: string, job: string, { trial, fold, seed }: Unit): string =>
  [hashOf(study + job).slice(0, 16), trial, fold, seed].join('_');

/** JSON has no NaN: an epoch without a number is null in it. */
export function resultOf(text: string): UnitResult {
  const result = JSON.parse(text) as UnitResult & { readonly curve: readonly Json[] };
  return { ...result, curve: result.curve.map(value => (typeof value === 'number' ? value : Number.NaN)) };
}
