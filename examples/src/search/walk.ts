/** Two searches of one network on the same rows, folds and seeds: one keep.prob for some layers, and one for each. */
import type { Shaped } from '@keepprob/datasets';
import {
  type AgainstOff,
  against,
  type Candidate,
  type Chosen,
  type ChosenTrial,
  type Found,
  type KeepProbSpaces,
  kFold,
  search,
  type Trial,
  testShare,
} from '@keepprob/search';
import * as tf from '@tensorflow/tfjs';

export interface Part {
  readonly x: Shaped;
  readonly y: Shaped;
}
/** What a file in examples/search exports. */
export interface TrialModule {
  readonly default: Trial<Chosen<KeepProbSpaces>>;
  network(seed: number): tf.LayersModel;
}
export interface Problem {
  readonly module: TrialModule;
  /** Rows to search on. */
  readonly data: Part;
  /** Rows that no search sees. */
  readonly test: Part;
  /** By what the table calls them. */
  readonly spaces: Readonly<Record<string, (network: tf.LayersModel) => KeepProbSpaces>>;
  readonly trials: number;
  readonly seed: number;
}
/** What a search cost, and what it came to. Errors are shares of rows. */
export interface Walked {
  readonly space: string;
  readonly dimensions: number;
  readonly trials: number;
  readonly pruned: number;
  /** Units of the search, and of the confirmation. */
  readonly units: readonly [search: number, confirm: number];
  /** Of one core: a machine that is busy with something else does not lengthen them. */
  readonly coreSeconds: number;
  readonly chosen: ChosenTrial;
  /** The least error of a trial in the search. */
  readonly looked: number;
  readonly off: AgainstOff | null;
  readonly test: number;
  readonly fresh: Candidate;
  readonly ratio: number;
}

const K = 5;

/** One search of a problem, in the space of that name. */
export async function walk({ module, data, test, spaces, trials, seed }: Problem, space: string): Promise<Walked> {
  const spaceOf = spaces[space];
  if (!spaceOf) throw new RangeError(`There is no space called ${space}: ${Object.keys(spaces).join(', ')}.`);
  const before = process.cpuUsage();
  const found = await search(module.default, data, {
    space: spaceOf(module.network(0)),
    folds: kFold({ k: K, stratify: true }),
    ...{ metric: 'valAccuracy', trials, confirm: { top: 2, seeds: 3 }, seed },
  });
  const { user, system } = process.cpuUsage(before);
  console.log(`\n${found.text}\n`);
  return { space, coreSeconds: (user + system) / 1e6, test: errorOn(test, found), ...told(found) };
}

function told({ searched, trials, chosen, against: { off } }: Found) {
  const inSearch = searched.pairs.length;
  const sizes = trials.map(({ units }) => units.filter(({ fold }) => fold < inSearch).length);
  const all = trials.reduce((sum, { units }) => sum + units.length, 0);
  const first = sizes.reduce((a, b) => a + b, 0);
  const complete = trials.filter(({ state }) => state === 'complete');
  const results = (trials[chosen.trial]?.units ?? [])
    .filter(({ fold }) => fold >= inSearch)
    .map(({ fold, seed, value }) => ({ fold, seed, value: 1 - value }));
  const rows = searched.rows ?? 0;
  return {
    ...{ dimensions: searched.dimensions.length, trials: trials.length, chosen, off },
    ...{ pruned: trials.filter(({ state }) => state === 'pruned').length, units: [first, all - first] as const },
    looked: 1 - Math.max(...complete.map(({ value }) => value ?? 0)),
    fresh: { number: chosen.trial, point: chosen.point, results },
    ratio: testShare(kFold({ k: K }).split({ count: rows }, 0)),
  };
}

/** What one keep.prob for each layer is worth beside one for all of them, on the same fresh folds and seeds. */
export const between = (one: Walked, each: Walked) =>
  against(one.fresh, { ...each.fresh, number: each.fresh.number + each.trials }, { ratio: one.ratio });

/** The share of rows that the model trained on all rows of the search gets wrong. */
function errorOn({ x, y }: Part, { model }: Found): number {
  if (!model) throw new Error('the search trained no model on all rows');
  return tf.tidy(() => {
    const predicted = model.predict(tf.tensor(x.data, [...x.shape]));
    if (Array.isArray(predicted)) throw new Error('a network with one output was expected');
    const truth = tf.tensor(y.data, [...y.shape]);
    const classes = (values: tf.Tensor): tf.Tensor => (y.shape[1] === 1 ? values.greater(0.5) : values.argMax(-1));
    return classes(predicted).notEqual(classes(truth)).mean().dataSync()[0] ?? Number.NaN;
  });
}
