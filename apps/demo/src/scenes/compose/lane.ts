/** One network with some techniques, and its training step as `fit` takes it, with nothing else on the clock. */
import { catalogue as augment } from '@keepprob/augment/catalogue';
import { catalogue as averaging } from '@keepprob/averaging/catalogue';
import type { Batch } from '@keepprob/core';
import type { Entry } from '@keepprob/core/catalogue';
import { type Computation, openRun, regularizersOf } from '@keepprob/core/driver';
import { catalogue as dropout } from '@keepprob/dropout/catalogue';
import { catalogue as gradients } from '@keepprob/gradients/catalogue';
import { catalogue as l1 } from '@keepprob/l1/catalogue';
import { catalogue as l2 } from '@keepprob/l2/catalogue';
import * as tf from '@tensorflow/tfjs-core';
import { metrics } from '@tensorflow/tfjs-layers';
import { denseNetwork } from '../../stage/worker/network.ts';
import type { Rows } from '../../stage/worker/race.ts';
import { classes, inputs, learningRate, type Settings, unitsOf } from './params.ts';

const entries = new Map<string, Entry>(
  [...augment, ...averaging, ...dropout, ...gradients, ...l1, ...l2].map(entry => [entry.name, entry]),
);

function entryOf(name: string): Exclude<Entry, { kind: 'schedule' }> {
  const entry = entries.get(name);
  if (!entry || entry.kind === 'schedule') throw new Error(`There is no technique called ${name}.`);
  return entry;
}

/** Normal numbers; the class is the largest of the first ten. */
export const rowsOf = ({ batch, seed }: Settings): Rows =>
  tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R2>([batch, inputs], 0, 1, 'float32', seed + 1);
    const largest = tf.argMax(tf.slice(x, [0, 0], [batch, classes]), 1);
    return { x, y: tf.cast<tf.Tensor2D>(tf.oneHot(largest, classes) as tf.Tensor2D, 'float32') };
  });

export interface Lane {
  /** @returns J of the step, before its update */
  step(round: number): Promise<number>;
  /** Not the rows. */
  dispose(): void;
}

export function openLane(names: readonly string[], settings: Settings, { x, y }: Rows): Lane {
  const chosen = names.map(entryOf);
  const layers = chosen.flatMap(entry => (entry.kind === 'layer' ? [entry] : []));
  const behind = layers.filter(({ takes }) => takes === 'options');
  const around = layers.filter(({ takes }) => takes === 'layer');
  const model = denseNetwork(unitsOf(settings), 'softmax', settings.seed, {
    behind: () => behind.map(entry => entry.make(entry.options)),
    around: layer => around.reduce((inner, entry) => entry.make(entry.options, inner), layer),
  });
  const plugins = chosen.flatMap(entry =>
    entry.kind === 'plugin' ? [entry.make(entry.options, { model, of: [] })] : [],
  );
  const optimizer = tf.train.adam(learningRate);
  let epoch = 0;
  const run = openRun(model, [plugins], { host: 'fit', optimizer, seed: settings.seed, epoch: () => epoch });
  const variables = run.weights.filter(weight => weight.trainable).map(weight => weight.variable);
  const regularizers = regularizersOf(model);
  const given: Batch = { x: { input: x }, y: { output: y } };
  const computation: Computation = {
    predict: ({ input }) => ({ output: model.apply(input ?? x, { training: true }) as tf.Tensor }),
    loss: ({ output = y }, batch) => tf.mean(metrics.categoricalCrossentropy(batch.y.output ?? y, output)),
    metrics: () => ({}),
    penalties: () => regularizers.flatMap(penalties => penalties()),
  };
  return {
    async step(round) {
      epoch = round;
      const at = run.moment('train', { rows: [0, settings.batch] });
      run.begin(at);
      const batch = run.batch(given, at);
      const step = run.takeStep(computation, batch, variables, at);
      const [cost = Number.NaN] = await step.cost.data();
      run.update(step, at);
      // an epoch of one step
      run.epochEnd({}, run.moment('evaluate'), false);
      const made = [...Object.values(batch.x), ...Object.values(batch.y)].filter(
        tensor => tensor !== x && tensor !== y,
      );
      tf.dispose([step.loss, step.penalty, step.cost, ...made]);
      return cost;
    },
    dispose() {
      run.dispose();
      model.dispose();
      optimizer.dispose();
    },
  };
}
