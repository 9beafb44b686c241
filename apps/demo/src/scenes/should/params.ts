/** The settings of this scene. What is compared must stay the same from seed to seed, so most of them start over. */
import { dataParam, seedParam, uselessInputsParam, wrongLabelsParam } from '../../stage/commonParams.ts';
import type { Settings as Of, Table } from '../../stage/params.ts';
import { count, orOff, plain, share, twentieths, whole } from '../../stage/shows.ts';

/**
 * Seeds that can be asked for, and after which the interval is looked at where the experiment may end early. Since each of these looks is paid for from the
 * first on, more seeds can be asked for later.
 */
export const looks: readonly number[] = [4, 8, 12, 20, 40];

const added = 'What is added';
const data = 'Data';
const network = 'Both networks';
const experiment = 'The experiment';

export const params = {
  keepProb: {
    control: 'slider',
    group: added,
    label: 'keep.prob',
    hint: 'Of both hidden layers of the second network',
    stops: twentieths(0.2, 1),
    fallback: 0.5,
    live: false,
    show: share,
  },
  lambda: {
    control: 'slider',
    group: added,
    label: 'L2, λ of the course',
    hint: 'J of the second network gains λ/(2m) Σ w², m points',
    stops: [0, 0.1, 0.3, 1, 3, 10],
    fallback: 3,
    live: false,
    show: orOff(plain),
  },
  data: dataParam({ group: data, hint: '400 more points of the kind judge' }, 'football'),
  points: {
    control: 'list',
    group: data,
    label: 'Training points',
    hint: 'Fewer points, more overfitting',
    stops: [30, 60, 120, 250, 500, 1000],
    fallback: 60,
    live: false,
    show: count,
  },
  noise: wrongLabelsParam({ group: data, hint: 'In training and dev points alike' }),
  extra: uselessInputsParam(data),
  hidden: {
    control: 'list',
    group: network,
    label: 'Hidden units',
    hint: 'Of each of the two hidden layers',
    stops: [2, 4, 8, 16, 32, 64],
    fallback: 32,
    live: false,
    show: count,
  },
  epochs: {
    control: 'list',
    group: network,
    label: 'Epochs',
    hint: 'Adam, batches of 32',
    stops: [10, 25, 50, 100, 200],
    fallback: 50,
    live: false,
    show: count,
  },
  pairs: {
    control: 'list',
    group: experiment,
    label: 'Seeds, at most',
    hint: 'Each trains both networks from the same weights. More of them go on from those that are trained',
    stops: looks,
    fallback: 12,
    live: true,
    picture: true,
    show: count,
  },
  level: {
    control: 'list',
    group: experiment,
    label: 'Interval',
    hint: 'How often it holds the true difference',
    stops: [0.9, 0.95, 0.99],
    fallback: 0.95,
    live: true,
    picture: true,
    show: whole,
  },
  stop: {
    control: 'choice',
    group: experiment,
    label: 'End early',
    hint: 'Looks after 4, 8, 12, 20 and 40 seeds, and pays for that with a wider interval',
    choices: ['yes', 'no'],
    fallback: 'yes',
    live: false,
    show: (name: string): string => name,
  },
  seed: seedParam({ group: experiment, hint: 'Of points, weights, batches and masks' }),
} as const satisfies Table;

export type Settings = Of<typeof params>;

export const keepProbsOf = ({ keepProb }: Settings): Record<'hidden1' | 'hidden2', number> => ({
  hidden1: keepProb,
  hidden2: keepProb,
});

/** Units of input, hidden layers and output. */
export const unitsOf = ({ extra, hidden }: Settings): number[] => [2 + extra, hidden, hidden, 1];

/** The seed of weights, batches and masks of a pair of runs. */
export const seedOfPair = ({ seed }: Settings, pair: number): number => 100 * seed + pair;

/** Of Adam. */
export const learningRate = 0.01;

export const batchOf = ({ points }: Settings): number => Math.min(32, points);

/** Whether anything regularizes. */
export const acts = ({ keepProb, lambda }: Settings): boolean => keepProb < 1 || lambda > 0;

/** Each is where its answer was found by measurement; the story tells what comes of it this time. */
export const presets: readonly { readonly label: string; readonly settings: Partial<Settings> }[] = [
  {
    label: 'Few, noisy data',
    settings: { data: 'football', points: 60, noise: 0.1, extra: 8, hidden: 32, epochs: 50, keepProb: 0.5, lambda: 3 },
  },
  {
    label: 'Many, clean data',
    settings: { data: 'moons', points: 1000, noise: 0, extra: 0, hidden: 32, epochs: 25, keepProb: 0.9, lambda: 0 },
  },
  {
    label: 'A small net',
    settings: { data: 'circles', points: 250, noise: 0, extra: 0, hidden: 4, epochs: 50, keepProb: 0.5, lambda: 0 },
  },
];
