/** The messages between a page or program and its training workers. */
import { DataError, OptionError, PluginError } from '@keepprob/core';
import { CheckpointError, type CheckpointProblem } from '../checkpoint/errors.ts';
import type { FitEvent } from '../listeners/progress.ts';
import { BackendError } from '../loop/backendWatch.ts';
import type { FittedRun } from '../loop/fit.ts';

/** A weight in a message. */
export interface SentWeight {
  readonly path: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array | Uint8Array;
}

/** The place of a worker among those that share a run. */
export interface Place {
  readonly rank: number;
  readonly workers: number;
}

export type ToWorker =
  /** Make the task. `goesOn` after a worker has died: resume from the checkpoint that it wrote. */
  | { readonly type: 'prepare'; readonly args: unknown; readonly goesOn: boolean }
  /** Train. `shared` holds the numbers that several workers add up. */
  | {
      readonly type: 'train';
      readonly place: Place;
      readonly shared: SharedArrayBuffer | undefined;
      /** The seed of a run whose options have none. */
      readonly seed: number;
    }
  | { readonly type: 'abort' };

export type FromWorker =
  | { readonly type: 'ready' }
  /** `floats` is how many numbers it adds up with the others in each step. */
  | { readonly type: 'prepared'; readonly floats: number }
  | { readonly type: 'event'; readonly event: FitEvent }
  /** A checkpoint of this run was saved at this update. */
  | { readonly type: 'saved'; readonly step: number }
  | { readonly type: 'done'; readonly run: FittedRun; readonly weights: readonly SentWeight[] }
  | { readonly type: 'failed'; readonly error: SentError };

/** An error in a message: a clone would lose its class and its fields. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

const FIELDS = ['plugin', 'hook', 'option', 'expected', 'problem'] as const;

export function sendError(error: unknown): SentError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const given = error as Partial<Record<(typeof FIELDS)[number], unknown>>;
  const fields = Object.fromEntries(FIELDS.flatMap(f => (typeof given?.[f] === 'string' ? [[f, given[f]]] : [])));
  return { name, message, stack, fields };
}

/** Restores the class of an error, if it is one of ours, and the stack of where it was thrown. */
export function receiveError({ name, message, stack, fields }: SentError): Error {
  const made = {
    OptionError: () => new OptionError(message, fields),
    PluginError: () => new PluginError(message, fields as { plugin?: string; hook?: string }),
    DataError: () => new DataError(message),
    BackendError: () => new BackendError(message),
    CheckpointError: () => new CheckpointError(fields.problem as CheckpointProblem, message),
  }[name];
  const error = made ? made() : Object.assign(new Error(message), { name }, fields);
  if (stack !== undefined) error.stack = stack;
  return error;
}
