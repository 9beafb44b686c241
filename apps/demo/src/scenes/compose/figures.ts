/** Which curves this scene draws. */
import type { Columns, Figure, Line } from '../../stage/figure.ts';
import type { Round } from './reports.ts';
import type { Running } from './running.ts';

const bare: Line = { colour: 'plain', label: 'bare', dash: [7, 4], width: 2.25 };
const all: Line = { colour: 'regularized', label: 'with all', dash: [], width: 2.25 };
const band = 'half of the rounds';

export const milliseconds = (value: number): string => `${value.toFixed(2)}\u202fms`;

export const timeFigure: Figure = {
  title: 'Time of a step',
  caption: 'In milliseconds: the median of the rounds so far; half of them lie in the band',
  x: 'round',
  lines: [
    { ...bare, band },
    { ...all, band },
  ],
  show: milliseconds,
  axis: { factor: 1, suffix: '' },
};

export const costFigure: Figure = {
  title: 'Cost J',
  caption: 'Of each step, as minimized',
  x: 'step',
  lines: [bare, all],
  show: value => value.toFixed(4),
  axis: { factor: 1, suffix: '' },
};

export const timeColumns = (running: readonly Running[]): Columns => [
  running.map(({ round }) => round),
  ...(['bare', 'all'] as const).map(which => running.map(found => found[which].middle)),
  ...(['bare', 'all'] as const).flatMap(which =>
    (['lower', 'upper'] as const).map(edge => running.map(found => found[which][edge])),
  ),
];

export const costColumns = (rounds: readonly Round[]): Columns => [
  rounds.map((_, i) => i + 1),
  rounds.map(({ costs }) => costs[0] ?? Number.NaN),
  rounds.map(({ costs }) => costs.at(-1) ?? Number.NaN),
];
