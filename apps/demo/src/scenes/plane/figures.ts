/** Which curves this scene draws. */
import type { Figure, Line } from '../../stage/figure.ts';
import { percent } from '../../stage/shows.ts';
import type { Network } from './reports.ts';

export const lines: Readonly<Record<Network, Line>> = {
  none: { colour: 'plain', label: 'none', dash: [7, 4], width: 2 },
  l2: { colour: 'third', label: 'L2', dash: [2, 3], width: 2.25 },
  dropout: { colour: 'regularized', label: 'dropout', dash: [], width: 2.25 },
};

const three = Object.values(lines);
const errors = { x: 'iteration', lines: three, show: percent, axis: { factor: 100, suffix: '\u202f%' } } as const;

export const devFigure: Figure = {
  ...errors,
  title: 'Dev error',
  caption: 'Share of points not trained on that are classified wrongly',
};

export const trainFigure: Figure = {
  ...errors,
  title: 'Training error',
  caption: 'The same of the training points, dropout off',
};

export const costFigure: Figure = {
  title: 'Cost J',
  caption: 'Of every 20th iteration, as minimized: cross-entropy + λ/(2m) Σ w², dropout on',
  x: 'iteration',
  lines: three,
  show: value => value.toFixed(3),
  axis: { factor: 1, suffix: '' },
};
