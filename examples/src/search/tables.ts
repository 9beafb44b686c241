/** Three spaces in which every point was trained: a sampler that is tried on them is told what training came to, without training again. */
import { digits, mnist } from '@keepprob/datasets';
import { keepProbs } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { type Chosen, float, grid, int, kFold, none, type Point, search, type Trial } from '@keepprob/search';
import * as tf from '@tensorflow/tfjs';
import { lectureModule, planted } from './problems.ts';
import type { Part } from './walk.ts';

/** Of each space: three dimensions of five values. */
const POINTS = 125;

/** keepProb 0.4, 0.55, … 1. */
const keep = () => float(0.4, 1, { step: 0.15 });
/** Of five powers of 2. */
const exponent = (low: number) => int(low, low + 8, { step: 2 });

interface Described<C> {
  readonly about: string;
  readonly space: C;
  readonly data: () => Promise<Part>;
  readonly trial: Trial<Chosen<C>>;
}
/** A space, and the validation losses of each of its points, fold by fold. */
export interface Table {
  readonly about: string;
  readonly space: object;
  readonly rows: readonly { readonly point: Point; readonly losses: readonly number[] }[];
}

const options = (more: { loss: string; optimizer: tf.Optimizer; epochs: number }) => ({
  ...{ batchSize: 64, validationFreq: more.epochs },
  ...more,
});

function dense(inputs: number, hidden: number, seed: number): tf.LayersModel {
  const layer = (units: number, at: number, more: object): tf.layers.Layer =>
    tf.layers.dense({ units, kernelInitializer: tf.initializers.heNormal({ seed: seed + at }), ...more });
  return tf.sequential({
    layers: [
      layer(hidden, 0, { activation: 'relu', inputShape: [inputs], name: 'hidden1' }),
      layer(hidden, 1, { activation: 'relu', name: 'hidden2' }),
      layer(10, 2, { activation: 'softmax' }),
    ],
  });
}

const described = <const C>(table: Described<C>): Described<C> => table;

const lecture = described({
  about: '3-7-7-3-2-1 on 120 planted rows: keepProb of hidden 1, 2 and 3',
  space: { hidden1: keep(), hidden2: keep(), hidden3: keep() },
  data: async () => planted(120, 1),
  async trial(behind, { seed }) {
    const { network } = await lectureModule();
    const training = options({ loss: 'binaryCrossentropy', optimizer: tf.train.adam(0.05), epochs: 20 });
    return { model: keepProbs(network(seed), behind), options: training };
  },
});

const small = described({
  about: '64-32-32-10 on 200 small digits: keepProb of both hidden layers, λ of L2, learning rate',
  space: { keep: keep(), lambda: exponent(-15), rate: exponent(-10) },
  data: async () => (await digits({ train: 200, seed: 1 })).train,
  trial: (values, { seed }) => ({
    model: keepProbs(dense(64, 32, seed), { hidden1: values.keep, hidden2: values.keep }),
    options: {
      ...options({ loss: 'categoricalCrossentropy', optimizer: tf.train.adam(2 ** values.rate), epochs: 12 }),
      plugins: [l2(2 ** values.lambda)],
    },
  }),
});

const pixels = described({
  about: '784-32-32-10 on 200 digits of MNIST: keepProb of the input and of both hidden layers, learning rate',
  space: { input: keep(), hidden: keep(), rate: exponent(-10) },
  data: async () => (await mnist({ train: 200, test: 1, seed: 1 })).train,
  trial: (values, { seed }) => ({
    model: keepProbs(dense(784, 32, seed), { hidden1: values.hidden, hidden2: values.hidden }, { input: values.input }),
    options: options({ loss: 'categoricalCrossentropy', optimizer: tf.train.adam(2 ** values.rate), epochs: 12 }),
  }),
});

/** Trains every point that was not trained before: the search that does it has its journal in runs/search-tables. */
async function trained<C extends object>(name: string, table: Described<C>): Promise<Table> {
  const { trials } = await search(table.trial, await table.data(), {
    space: table.space,
    folds: kFold({ k: 4 }),
    trials: POINTS,
    sampler: grid({ per: 20 }),
    ...{ pruner: none(), confirm: false, refit: false },
    ...{ seed: 1, store: `runs/search-tables/${name}`, resume: true },
  });
  const rows = trials.map(({ point, units }) => ({ point, losses: units.map(({ value }) => value) }));
  return { about: table.about, space: table.space, rows };
}

export const tables: Readonly<Record<string, () => Promise<Table>>> = {
  lecture: () => trained('lecture', lecture),
  digits: () => trained('digits', small),
  mnist: () => trained('mnist', pixels),
};
