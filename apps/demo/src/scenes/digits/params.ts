/** The settings of this scene. */
import { seedParam, seedsParam } from '../../stage/commonParams.ts';
import type { Settings as Of, Table } from '../../stage/params.ts';
import { count, orOff, plain, power, share, twentieths } from '../../stage/shows.ts';

const regularized = 'Regularized network';
const both = 'Both networks';

export const params = {
  keepProbInput: {
    control: 'slider',
    group: regularized,
    label: 'keep.prob, input',
    hint: '1 or close to it: 784 pixels',
    stops: twentieths(0.5, 1),
    fallback: 0.9,
    live: true,
    show: share,
  },
  keepProb1: {
    control: 'slider',
    group: regularized,
    label: 'keep.prob, hidden 1',
    hint: '128 units behind the largest weight matrix',
    stops: twentieths(0.1, 1),
    fallback: 0.5,
    live: true,
    show: share,
  },
  keepProb2: {
    control: 'slider',
    group: regularized,
    label: 'keep.prob, hidden 2',
    hint: '64 units',
    stops: twentieths(0.1, 1),
    fallback: 0.7,
    live: true,
    show: share,
  },
  lambda: {
    control: 'slider',
    group: regularized,
    label: 'L2, λ',
    hint: 'Adds λ Σ w² to the cost',
    stops: [0, 1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2],
    fallback: 1e-4,
    live: true,
    show: orOff(power),
  },
  maxNorm: {
    control: 'slider',
    group: regularized,
    label: 'Max-norm',
    hint: 'Longest vector of weights into one unit',
    stops: [0, 5, 4, 3.5, 3, 2.5, 2, 1.5, 1, 0.5],
    fallback: 3,
    live: true,
    show: orOff(plain),
  },
  learningRate: {
    control: 'slider',
    group: both,
    label: 'Learning rate',
    hint: 'Adam; from the next epoch on',
    stops: [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 0.1, 1],
    fallback: 1e-3,
    live: true,
    show: plain,
  },
  trainSize: {
    control: 'list',
    group: both,
    label: 'Training digits',
    hint: 'Fewer digits, more overfitting',
    stops: [200, 500, 1000, 2000, 5000],
    fallback: 1000,
    live: false,
    show: count,
  },
  epochs: {
    control: 'list',
    group: both,
    label: 'Epochs',
    hint: 'Passes over the training digits',
    stops: [20, 40, 60, 100, 200],
    fallback: 60,
    live: false,
    show: count,
  },
  seed: seedParam({ group: both, hint: 'Of weights, batches and masks' }, 7),
  seeds: seedsParam({ group: both, hint: 'Each gives both other weights, batches and masks; the digits stay' }),
} as const satisfies Table;

export type Settings = Of<typeof params>;

/** What switches every regularizer off. */
export const allOff = { keepProbInput: 1, keepProb1: 1, keepProb2: 1, lambda: 0, maxNorm: 0 } as const;

/** keep.prob by layer. */
export const keepProbsOf = (settings: Settings): Record<'input' | 'hidden1' | 'hidden2', number> => ({
  input: settings.keepProbInput,
  hidden1: settings.keepProb1,
  hidden2: settings.keepProb2,
});
