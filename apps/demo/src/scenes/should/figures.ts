/** Which curves this scene draws. */
import type { Columns, Figure, Line } from '../../stage/figure.ts';
import { percent } from '../../stage/shows.ts';
import { type Effect, effectOf } from './effect.ts';
import type { Settings } from './params.ts';
import type { Arm, Pair } from './reports.ts';

const band = 'half of the seeds';
export const lines: Readonly<Record<Arm, Line>> = {
  off: { colour: 'plain', label: 'without', dash: [7, 4], width: 2.25, band },
  on: { colour: 'regularized', label: 'with', dash: [], width: 2.25, band },
};

const errors = {
  x: 'epoch',
  lines: [lines.off, lines.on],
  show: percent,
  axis: { factor: 100, suffix: '\u202f%' },
} as const;

export const devFigure: Figure = {
  ...errors,
  title: 'Dev error',
  caption: 'The line is the median of the seeds so far; half of them lie in the band',
};

export const trainFigure: Figure = {
  ...errors,
  title: 'Training error',
  caption: 'The same of the training points, dropout off',
};

const points = (value: number): string => `${(100 * value).toFixed(2).replace('-', '−')} points`;

export const differenceFigure: Figure = {
  title: 'The difference, seed by seed',
  caption: 'Dev error with − without, in points, and its interval: below 0, regularization helps',
  x: 'seeds',
  lines: [
    { colour: 'third', label: 'none', dash: [2, 3], width: 1 },
    { colour: 'regularized', label: 'difference', dash: [], width: 2.25, band: 'interval', dots: true },
  ],
  show: points,
  axis: { factor: 100, suffix: '' },
  floating: true,
};

/** What was known after 2 pairs, after 3, and so on. */
export const effectsOf = (pairs: readonly Pair[], settings: Settings): readonly Effect[] =>
  pairs.flatMap((_, i) => effectOf(pairs.slice(0, i + 1), settings) ?? []);

export const differenceColumns = (effects: readonly Effect[]): Columns => [
  effects.map((_, i) => i + 2),
  effects.map(() => 0),
  ...(['value', 'lower', 'upper'] as const).map(edge => effects.map(({ interval }) => interval[edge])),
];
