/** A list with what goes around others taken together with them. */
import type { Technique } from './technique.ts';

export interface Nested {
  readonly technique: Technique;
  /** What it goes around. */
  readonly inner: readonly Nested[];
}

/** How many it goes around at most. */
const room: Partial<Record<Technique['kind'], number>> = {
  ...{ batch: 0, around: 1, choice: Infinity },
  ...{ rate: 0, rates: Infinity },
};

const isOfRates = ({ kind }: Technique): boolean => kind === 'rate' || kind === 'rates';

/**
 * What goes around plugins takes those that act on batches and stand right behind it: the next of them, or all where it chooses among them. What puts
 * schedules one after the other takes all that stand right behind it.
 */
export function nested(list: readonly Technique[]): Nested[] {
  const left = [...list];
  function next(around?: Technique): Nested | undefined {
    const [technique] = left;
    const most = technique && room[technique.kind];
    if (!technique || most === undefined || (around && isOfRates(around) !== isOfRates(technique))) return undefined;
    left.shift();
    const inner: Nested[] = [];
    while (inner.length < most) {
      const found = next(technique);
      if (!found) break;
      inner.push(found);
    }
    return { technique, inner };
  }
  const all: Nested[] = [];
  while (left.length) all.push(next() ?? { technique: left.shift()!, inner: [] });
  return all;
}

/** Without what goes around nothing. */
export const filled = (list: readonly Nested[]): Nested[] =>
  list.flatMap(({ technique, inner: all }) => {
    const inner = filled(all);
    return inner.length || !room[technique.kind] ? [{ technique, inner }] : [];
  });
