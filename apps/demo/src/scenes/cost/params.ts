/** The settings of this scene. */

import { dataParam, seedParam } from '../../stage/commonParams.ts';
import type { Settings as Of, Table } from '../../stage/params.ts';
import { count, plain, share, twentieths } from '../../stage/shows.ts';

const second = 'Second network';
const both = 'Both networks';

export const params = {
  dropout: {
    control: 'choice',
    group: second,
    label: 'Dropout',
    hint: 'Turn it off in mid-run, and J falls smoothly',
    choices: ['on', 'off'],
    fallback: 'on',
    live: true,
    show: (name: string): string => name,
  },
  keepProb: {
    control: 'slider',
    group: second,
    label: 'keep.prob',
    hint: 'Of both hidden layers, where dropout is on',
    stops: twentieths(0.3, 1),
    fallback: 0.8,
    live: true,
    show: share,
  },
  learningRate: {
    control: 'slider',
    group: both,
    label: 'Learning rate',
    hint: 'Gradient descent. Too high, and J rises without dropout, too',
    stops: [0.03, 0.1, 0.3, 1, 2, 3, 5, 10],
    fallback: 0.3,
    live: true,
    show: plain,
  },
  data: dataParam({ group: both, hint: '200 points' }, 'moons'),
  iterations: {
    control: 'list',
    group: both,
    label: 'Iterations',
    hint: 'Each looks at all points',
    stops: [100, 300, 1000],
    fallback: 300,
    live: false,
    show: count,
  },
  seed: seedParam({ group: both, hint: 'Of points, weights and masks' }),
} as const satisfies Table;

export type Settings = Of<typeof params>;

export const points = 200;

/** The keep.prob that acts. */
export const keepProbOf = ({ dropout, keepProb }: Settings): number => (dropout === 'on' ? keepProb : 1);

/** The same by layer. */
export function keepProbsOf(settings: Settings): Record<'hidden1' | 'hidden2', number> {
  const keepProb = keepProbOf(settings);
  return { hidden1: keepProb, hidden2: keepProb };
}
