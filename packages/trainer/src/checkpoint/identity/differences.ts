import type { Json } from '@keepprob/core';
import { CheckpointError } from '../errors.ts';
import * as messages from '../messages.ts';
import type { Identity } from '../parts.ts';

/** The parts of an identity, in the order in which their differences are listed. */
const PARTS = ['seed', 'layers', 'wiring', 'weights', 'optimizer', 'plugins', 'objective', 'data'] as const;

const compared = (identity: Identity): Json => ({
  'format of random numbers': identity.versions.mask,
  ...Object.fromEntries(PARTS.map(part => [part, identity[part]])),
});

const isNode = (value: Json | undefined): value is Exclude<Json, null | boolean | number | string> =>
  typeof value === 'object' && value !== null;

const said = (value: Json | undefined): string => (value === undefined ? 'nothing' : JSON.stringify(value));

/** One line for each difference below `path`. */
export function compare(path: string, before: Json | undefined, now: Json | undefined): string[] {
  if (!isNode(before) || !isNode(now) || Array.isArray(before) !== Array.isArray(now)) {
    return Object.is(before, now) ? [] : [`${path}: ${said(before)} in the checkpoint, ${said(now)} now`];
  }
  const [a, b] = [before, now] as Readonly<Record<string, Json>>[] as [Record<string, Json>, Record<string, Json>];
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap(key =>
    compare(path ? `${path}.${key}` : key, a[key], b[key]),
  );
}

/**
 * The differences between the run of a checkpoint and the run that is to resume it, one line each: model, optimizer, plugins, losses and metrics, data,
 * seed. Functions are compared by their names.
 */
export const differences = (checkpoint: Identity, run: Identity): string[] =>
  compare('', compared(checkpoint), compared(run));

/** @throws CheckpointError that lists every difference */
export function checkSame(checkpoint: Identity, run: Identity): void {
  const found = differences(checkpoint, run);
  if (found.length) throw new CheckpointError('different', messages.different(found));
}
