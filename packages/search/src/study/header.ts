/** Identifies a search in its journal: only the same search can resume. */

import { show } from '@keepprob/core/driver';
import type { Dimension, Json } from '../contract.ts';
import { SearchError } from '../errors.ts';
import type { Header, Journal } from '../journal/entries.ts';
import * as messages from '../messages.ts';
import { isPlain } from '../space/plain.ts';
import { exists, numberIn } from '../space/points.ts';
import { isIn } from '../space/values.ts';
import type { TrialState } from './ledger.ts';

export function headerOf({ entries }: Journal): Header | undefined {
  const [first] = entries;
  return first?.type === 'search' ? first.header : undefined;
}

const names = {
  space: 'the space',
  folds: 'the folds',
  data: 'the data',
  metric: 'the metric',
  mode: 'the mode',
  scale: 'the scaling',
  seed: 'the seed',
} as const;

/** @throws SearchError `different` for another search; the error names the difference */
export function checkHeader(path: string, before: Header, now: Header): void {
  for (const part of ['space', 'folds', 'data', 'metric', 'mode', 'scale', 'seed'] as const) {
    const [was, is] = [sorted(before[part]), sorted(now[part])];
    if (was !== is) throw new SearchError('different', messages.different(path, names[part], was, is));
  }
}

/** @throws SearchError `damaged` for a trial outside the space, which no search would write */
export function checkPoints(path: string, dimensions: readonly Dimension[], trials: readonly TrialState[]): void {
  const isNumberOf = (dimension: Dimension, x: number | undefined): boolean =>
    isIn(dimension, x) || x === dimension.off;
  for (const { number, point } of trials) {
    const isIt = dimensions.every(
      dimension => !exists(dimension, point) || isNumberOf(dimension, numberIn(point, dimension.name)),
    );
    if (!isIt) throw new SearchError('damaged', messages.pointElsewhere(path, number));
  }
}

/** A config as JSON, with functions, tensors and other values that are not plain data as words. */
export function inWords(config: unknown): Json {
  if (Array.isArray(config)) return config.map(inWords);
  if (isPlain(config)) return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, inWords(value)]));
  const isJson = config === null || ['string', 'boolean'].includes(typeof config) || Number.isFinite(config);
  return isJson ? (config as Json) : show(config);
}

/** JSON with sorted keys. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
