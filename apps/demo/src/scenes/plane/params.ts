/** The settings of this scene. */
import { dataParam, seedParam, seedsParam } from '../../stage/commonParams.ts';
import type { Settings as Of, Table } from '../../stage/params.ts';
import { dataNames, dataTitles } from '../../stage/points.ts';
import { count, orOff, percent, plain, share, twentieths } from '../../stage/shows.ts';
import { pointsOf } from './own.ts';

/** The data that the visitor makes. */
export const ownData = 'own';

const regularizers = 'Regularization';
const all = 'All three networks';

export const params = {
  keepProb: {
    control: 'slider',
    group: regularizers,
    label: 'keep.prob',
    hint: 'Of both hidden layers of the third network; the course takes 0.86',
    stops: [...twentieths(0.3, 0.85), 0.86, 0.9, 0.95, 1],
    fallback: 0.86,
    live: true,
    show: share,
  },
  lambda: {
    control: 'slider',
    group: regularizers,
    label: 'L2, λ of the course',
    hint: 'Of the second network: J gains λ/(2m) Σ w², m points; the course takes 0.7',
    stops: [0, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 2, 3, 5, 10, 30],
    fallback: 0.7,
    live: true,
    show: orOff(plain),
  },
  learningRate: {
    control: 'slider',
    group: all,
    label: 'Learning rate',
    hint: 'Gradient descent; the course takes 0.3',
    stops: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 1000],
    fallback: 0.3,
    live: true,
    show: plain,
  },
  show: {
    control: 'choice',
    group: all,
    label: 'Points shown',
    hint: 'Wrongly classified points have a ring',
    choices: ['train', 'dev', 'both'],
    fallback: 'train',
    live: true,
    picture: true,
    show: (name: string): string => ({ train: 'training', dev: 'dev' })[name] ?? 'both',
  },
  doubt: {
    control: 'choice',
    group: all,
    label: 'Doubt of the third network',
    hint: 'Shaded where thinned networks disagree',
    choices: ['off', 'on'],
    fallback: 'off',
    live: true,
    picture: true,
    show: (name: string): string => name,
  },
  data: {
    ...dataParam({ group: all, hint: 'What the points are like' }, 'football'),
    choices: [...dataNames, ownData],
    show: (name: string): string => (name === ownData ? 'own points' : (dataTitles.get(name) ?? name)),
  },
  own: {
    control: 'own',
    group: all,
    label: 'Own points',
    hint: '',
    admit: (text: string): string => (pointsOf(text).x.length ? text : ''),
    fallback: '',
    live: false,
    show: (text: string): string => (text ? `${text.length / 4} points` : 'none'),
  },
  points: {
    control: 'list',
    group: all,
    label: 'Training points',
    hint: 'Fewer points, more overfitting',
    stops: [30, 60, 100, 211, 400],
    fallback: 211,
    live: false,
    show: count,
  },
  noise: {
    control: 'list',
    group: all,
    label: 'Wrong labels',
    hint: 'In training and dev points alike',
    stops: [0, 0.05, 0.1, 0.2],
    fallback: 0,
    live: false,
    show: percent,
  },
  iterations: {
    control: 'list',
    group: all,
    label: 'Iterations',
    hint: 'Each looks at all training points',
    stops: [100, 1000, 3000, 10_000, 30_000],
    fallback: 10_000,
    live: false,
    show: count,
  },
  seed: seedParam({ group: all, hint: 'Of points, weights and masks' }),
  seeds: seedsParam({ group: all, hint: 'Each gives all three other weights and masks; the points stay' }),
} as const satisfies Table;

export type Settings = Of<typeof params>;

export const keepProbsOf = ({ keepProb }: Settings): Record<'hidden1' | 'hidden2', number> => ({
  hidden1: keepProb,
  hidden2: keepProb,
});
