/** Which curves this scene draws. */
import { mean } from '@keepprob/lens/statistics';
import type { Columns, Figure } from '../../stage/figure.ts';
import { percent } from '../../stage/shows.ts';
import { low } from './params.ts';
import { byKeep, keepOf, levelOf, type Trial } from './trials.ts';

export const keepFigure: Figure = {
  title: 'Dev error over keep.prob',
  caption:
    'A dot for each trial, the mean over its folds; the band is one standard error up and down. On the right is “off”',
  x: 'keep.prob',
  span: [low, 1],
  lines: [
    { colour: 'regularized', label: 'search', dash: [], width: 2.25, band: 'one standard error', dots: true },
    { colour: 'plain', label: 'fresh folds', dash: [], width: 0, dots: true },
  ],
  show: percent,
  axis: { factor: 100, suffix: '\u202f%' },
};

export function keepColumns(trials: readonly Trial[]): Columns {
  const sorted = byKeep(trials, 'one');
  const levels = sorted.map(({ errors }) => levelOf(errors));
  return [
    sorted.map(trial => Math.round(1000 * keepOf(trial)) / 1000),
    levels.map(({ value }) => value),
    sorted.map(({ fresh }) => (fresh.length ? mean(fresh) : Number.NaN)),
    levels.map(({ lower }) => lower),
    levels.map(({ upper }) => upper),
  ];
}
