/** Points of a space that together contain every value that a config might refuse: each bound, each "off", each value of a choice. */
import type { Dimension, Point } from '@keepprob/search';

const valuesOf = (dimension: Dimension): readonly number[] => {
  if (dimension.kind === 'choice') return dimension.labels.map((_, index) => index);
  const { low, high, off } = dimension;
  return off === undefined ? [low, high] : [low, high, off];
};

/** The point in which each existing dimension has the wanted number, or its first one. */
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
