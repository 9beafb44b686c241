/** Points of a space in which, together, every value stands that a config might not take: each bound, each "off", each value of a choice. */
import type { Dimension, Point } from '@keepprob/search';

const valuesOf = (dimension: Dimension): readonly number[] => {
  if (dimension.kind === 'choice') return dimension.labels.map((_, index) => index);
  const { low, high, off } = dimension;
  return off === undefined ? [low, high] : [low, high, off];
};

/** What exists there has the number that is wanted, or the first one. */
function pointWith(dimensions: readonly Dimension[], wanted: ReadonlyMap<string, number>): Point {
  const numbers = new Map<string, number>();
  for (const dimension of dimensions) {
    const { name, when } = dimension;
    if (!when.every(one => numbers.get(one.name) === one.branch)) continue;
    numbers.set(name, wanted.get(name) ?? valuesOf(dimension)[0] ?? 0);
  }
  return Object.fromEntries(numbers);
}

export const probesOf = (dimensions: readonly Dimension[]): readonly Point[] =>
  dimensions.flatMap(dimension => {
    const branches = dimension.when.map(({ name, branch }) => [name, branch] as const);
    return valuesOf(dimension).map(value =>
      pointWith(dimensions, new Map([...branches, [dimension.name, value] as const])),
    );
  });
