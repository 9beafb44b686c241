/** Which curves this scene draws. */
import type { Columns, Figure, Line } from '../../stage/figure.ts';
import type { Iteration } from './reports.ts';

export const kinds = ['off', 'on', 'clean'] as const;
export type Kind = (typeof kinds)[number];

export const lines: Readonly<Record<Kind, Line>> = {
  off: { colour: 'plain', label: 'dropout off', dash: [7, 4], width: 2.25 },
  on: { colour: 'regularized', label: 'dropout on', dash: [], width: 1.25 },
  clean: { colour: 'third', label: 'on, seen without', dash: [2, 3], width: 2.25 },
};

const common = {
  x: 'iteration',
  lines: Object.values(lines),
  show: (value: number): string => value.toFixed(4),
  axis: { factor: 1, suffix: '' },
} as const;

export const costFigure: Figure = {
  ...common,
  title: 'Cost J of every iteration',
  caption: 'Mean cross-entropy over all points, before the update',
};

/** So many iterations are drawn large. */
export const near = 40;

export const nearFigure: Figure = {
  ...common,
  title: `The newest ${near} iterations`,
  caption: 'The axis does not begin at 0 here, so that small rises are seen',
  floating: true,
  newest: true,
};

export const columnsOf = (iterations: readonly Iteration[]): Columns => [
  iterations.map(({ iteration }) => iteration),
  ...kinds.map(kind => iterations.map(found => found[kind])),
];

/** The iterations at which J was higher than before. */
export const risesOf = (iterations: readonly Iteration[], kind: Kind): number[] =>
  iterations.flatMap((found, i) =>
    i > 0 && found[kind] > (iterations[i - 1]?.[kind] ?? Infinity) ? [found.iteration] : [],
  );
