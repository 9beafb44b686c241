/** The settings of this scene. */
import { seedParam } from '../../stage/commonParams.ts';
import type { Ladder, Settings as Of, Table } from '../../stage/params.ts';
import { count, plain, share, twentieths } from '../../stage/shows.ts';

const layers = 'keep.prob of each layer';
const both = 'Both networks';

const keepProb = <const L extends string>(label: L, hint: string, fallback: number): Ladder => ({
  control: 'slider',
  group: layers,
  label,
  hint,
  stops: twentieths(0.1, 1),
  fallback,
  live: true,
  show: share,
});

export const params = {
  keepProbInput: keepProb('keep.prob, input', '1, or close to it', 1),
  keepProb1: keepProb('keep.prob, hidden 1', '7 units', 0.7),
  keepProb2: keepProb('keep.prob, hidden 2', '7 units, behind the largest matrix', 0.5),
  keepProb3: keepProb('keep.prob, hidden 3', '3 units', 0.7),
  keepProb4: keepProb('keep.prob, hidden 4', '2 units', 1),
  lines: {
    control: 'choice',
    group: both,
    label: 'Lines show',
    hint: 'How thick they are. λ is measured every 200 iterations',
    choices: ['weights', 'lambda'],
    fallback: 'weights',
    live: true,
    picture: true,
    show: (name: string): string => (name === 'lambda' ? 'effective λ' : 'weights'),
  },
  learningRate: {
    control: 'slider',
    group: both,
    label: 'Learning rate',
    hint: 'Gradient descent on all points',
    stops: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 1000],
    fallback: 0.3,
    live: true,
    show: plain,
  },
  points: {
    control: 'list',
    group: both,
    label: 'Training points',
    hint: 'In three dimensions',
    stops: [30, 60, 100, 300],
    fallback: 60,
    live: false,
    show: count,
  },
  iterations: {
    control: 'list',
    group: both,
    label: 'Iterations',
    hint: 'Each looks at all points',
    stops: [100, 1000, 3000, 10_000],
    fallback: 3000,
    live: false,
    show: count,
  },
  seed: seedParam({ group: both, hint: 'Of points, weights and masks' }, 2),
} as const satisfies Table;

export type Settings = Of<typeof params>;

/** The layers behind which units are dropped, in order, with the parameter of each. */
export const layerParams = {
  input: 'keepProbInput',
  hidden1: 'keepProb1',
  hidden2: 'keepProb2',
  hidden3: 'keepProb3',
  hidden4: 'keepProb4',
} as const satisfies Record<string, keyof Settings>;

export type LayerName = keyof typeof layerParams;
export const layerNames: readonly LayerName[] = ['input', 'hidden1', 'hidden2', 'hidden3', 'hidden4'];

export const keepProbsOf = (settings: Settings): Record<LayerName, number> => ({
  input: settings.keepProbInput,
  hidden1: settings.keepProb1,
  hidden2: settings.keepProb2,
  hidden3: settings.keepProb3,
  hidden4: settings.keepProb4,
});

/** What these keep.probs are as settings. */
export const settingsOf = (keepProbs: Readonly<Partial<Record<string, number>>>): Partial<Settings> =>
  Object.fromEntries(
    layerNames.flatMap(name => (keepProbs[name] === undefined ? [] : [[layerParams[name], keepProbs[name]]])),
  );
