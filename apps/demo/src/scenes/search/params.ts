/** The settings of this scene. Every trial is measured in the same way; only whether a second search follows may change on the way. */
import { dataParam, seedParam, uselessInputsParam, wrongLabelsParam } from '../../stage/commonParams.ts';
import type { Settings as Of, Table } from '../../stage/params.ts';
import { count } from '../../stage/shows.ts';

const search = 'The search';
const network = 'Data and network';

export const params = {
  spaces: {
    control: 'choice',
    group: search,
    label: 'keep.prob',
    hint: 'One for both hidden layers, or then also one for each; “one” gives up a second search that runs',
    choices: ['one', 'each'],
    fallback: 'each',
    live: true,
    show: (name: string): string => (name === 'one' ? 'one' : 'one, then each'),
  },
  sampler: {
    control: 'choice',
    group: search,
    label: 'Where to look next',
    hint: 'TPE learns from the trials before; Sobol’s points spread evenly',
    choices: ['tpe', 'sobol', 'random'],
    fallback: 'tpe',
    live: false,
    show: (name: string): string => ({ tpe: 'TPE', sobol: 'Sobol' })[name] ?? 'at random',
  },
  trials: {
    control: 'list',
    group: search,
    label: 'Trials',
    hint: '“Off” is always the first',
    stops: [6, 12, 20, 40],
    fallback: 12,
    live: false,
    show: count,
  },
  folds: {
    control: 'list',
    group: search,
    label: 'Folds',
    hint: 'Each trial is trained so many times, and judged on the rest',
    stops: [3, 5, 10],
    fallback: 5,
    live: false,
    show: count,
  },
  fresh: {
    control: 'list',
    group: search,
    label: 'Fresh partitions',
    hint: 'On which the best three are measured again',
    stops: [1, 2, 4],
    fallback: 2,
    live: false,
    show: count,
  },
  data: dataParam({ group: network, hint: 'Two classes of points' }, 'moons'),
  points: {
    control: 'list',
    group: network,
    label: 'Points',
    hint: 'For training and judging together',
    stops: [60, 120, 250, 500],
    fallback: 120,
    live: false,
    show: count,
  },
  noise: wrongLabelsParam({ group: network, hint: 'So many points carry the other class' }),
  extra: uselessInputsParam(network),
  hidden: {
    control: 'list',
    group: network,
    label: 'Hidden units',
    hint: 'Of each of the two hidden layers',
    stops: [4, 8, 16, 32, 64],
    fallback: 32,
    live: false,
    show: count,
  },
  epochs: {
    control: 'list',
    group: network,
    label: 'Epochs',
    hint: 'Adam, batches of 32',
    stops: [10, 25, 50, 100],
    fallback: 50,
    live: false,
    show: count,
  },
  seed: seedParam({ group: network, hint: 'Of points, folds, weights and masks' }),
} as const satisfies Table;

export type Settings = Of<typeof params>;

/** The best of a search, which are measured again. */
export const top = 3;
/** The lowest keep.prob that is tried. */
export const low = 0.2;
/** Of Adam. */
export const learningRate = 0.01;
export const batchSize = 32;

/** Units of input, hidden layers and output. */
export const unitsOf = ({ extra, hidden }: Settings): number[] => [2 + extra, hidden, hidden, 1];
