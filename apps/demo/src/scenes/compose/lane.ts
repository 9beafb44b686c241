/** One network with some techniques, and its training step as `fit` takes it, with nothing else on the clock. */
import { catalogue as augment } from '@keepprob/augment/catalogue';
import { catalogue as averaging } from '@keepprob/averaging/catalogue';
import type { Batch, Schedule, TrainingPlugin } from '@keepprob/core';
import type { Entry } from '@keepprob/core/catalogue';
import { type Computation, openRun, regularizersOf } from '@keepprob/core/driver';
import { dropout } from '@keepprob/dropout';
import { catalogue as dropouts } from '@keepprob/dropout/catalogue';
import { catalogue as gradients } from '@keepprob/gradients/catalogue';
import { catalogue as l1 } from '@keepprob/l1/catalogue';
import { layerConstraints } from '@keepprob/l2';
import { catalogue as l2 } from '@keepprob/l2/catalogue';
import { schedule, sequence } from '@keepprob/schedules';
import { catalogue as schedules } from '@keepprob/schedules/catalogue';
import * as tf from '@tensorflow/tfjs-core';
import { constraints, type LayersModel, type layers, metrics } from '@tensorflow/tfjs-layers';
import { denseNetwork } from '../../stage/worker/network.ts';
import type { Rows } from '../../stage/worker/race.ts';
import { filled, type Nested, nested } from './nested.ts';
import { techniquesOf } from './offered.ts';
import { classes, inputs, learningRate, type Settings, unitsOf } from './params.ts';
import { isPlugin, type Technique } from './technique.ts';

type Layer = layers.Layer;

const entries = new Map<string, Entry>(
  [...augment, ...averaging, ...dropouts, ...gradients, ...l1, ...l2, ...schedules].map(entry => [entry.name, entry]),
);

/** The entry of a technique, of this kind. */
function entryOf<K extends Entry['kind']>(name: string, kind: K): Extract<Entry, { kind: K }> {
  const entry = entries.get(name);
  if (entry?.kind !== kind) throw new Error(`There is no ${kind} called ${name}.`);
  return entry as Extract<Entry, { kind: K }>;
}

const made = <T>(entry: { make(options: object): T; readonly options: object }, { options }: Technique): T =>
  entry.make({ ...entry.options, ...options });

const layerOf = (technique: Technique): Layer => {
  const { kind, name } = technique;
  if (kind === 'layer') return made(entryOf(name, 'layer'), technique);
  return dropout({ keepProb: made(entryOf(name, 'schedule'), technique) });
};

/** One schedule after the other, each for so many updates. */
const inTurn = (parts: readonly Schedule[], steps: number): Schedule =>
  sequence(...parts.map((part, i) => [i === parts.length - 1 ? Infinity : steps, part] as const));

function pluginOf({ technique, inner }: Nested, model: LayersModel): TrainingPlugin {
  const { kind, name, options } = technique;
  const scheduleOf = (own: Technique): Schedule => made(entryOf(own.name, 'schedule'), own);
  if (kind === 'rate') return schedule({ learningRate: scheduleOf(technique) });
  if (kind === 'rates') {
    const parts = inner.map(part => scheduleOf(part.technique));
    return schedule({ learningRate: inTurn(parts, Number(options.steps)) });
  }
  if (kind === 'constraints') return layerConstraints(model);
  const of = inner.map(each => pluginOf(each, model));
  const entry = entryOf(name, 'plugin');
  return entry.make({ ...entry.options, ...options }, { model, of });
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
  const chosen = techniquesOf(names, settings.options);
  const behind = chosen.filter(({ kind }) => kind === 'layer' || kind === 'keepProb');
  const around = chosen.filter(({ kind }) => kind === 'wrapper');
  const constrained = chosen.find(({ kind }) => kind === 'constraints');
  const model = denseNetwork(unitsOf(settings), 'softmax', settings.seed, {
    behind: () => behind.map(layerOf),
    around: layer => // by the name of the layer within, which layerRates asks for
      around.reduce(
        (inner, { name, options }) => entryOf(name, 'layer').make({ ...options, name: layer.name }, inner),
        layer,
      ),
    ...(constrained && {
      more: () => ({ kernelConstraint: constraints.maxNorm({ maxValue: Number(constrained.options.maxValue) }) }),
    }),
  });
  const plugins = filled(nested(chosen.filter(isPlugin))).map(each => pluginOf(each, model));
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
