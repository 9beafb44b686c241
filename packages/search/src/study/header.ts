/** What a search is, as its journal says: only the same search goes on. */

import { SearchError } from '../errors.ts';
import type { Header, Journal } from '../journal/entries.ts';
import * as messages from '../messages.ts';

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

/** @throws SearchError `different` for another search; the error says in what */
export function checkHeader(path: string, before: Header, now: Header): void {
  for (const part of ['space', 'folds', 'data', 'metric', 'mode', 'scale', 'seed'] as const) {
    const [was, is] = [sorted(before[part]), sorted(now[part])];
    if (was !== is) throw new SearchError('different', messages.different(path, names[part], was, is));
  }
}

/** As JSON with the keys of objects in order. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, v: unknown) =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
