import {
  checkOptions,
  DataError,
  definePlugin,
  OptionError,
  type OptionSpecs,
  option,
  type Plugins,
} from '@keepprob/core';
import { type FitOptions, fit, type TrainingData } from '@keepprob/trainer';
import * as Plot from '@observablehq/plot';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { optimizerLike } from '../cost/descend.ts';
import { hasDiverged } from '../cost/diverged.ts';
import type { Finding } from '../finding/finding.ts';
import { colors, draw } from '../finding/picture.ts';
import { type LensProgress, progressOption, tellerOf } from '../finding/progress.ts';
import { lossOption } from '../model/questionOptions.ts';
import { untouched } from '../model/untouched.ts';
import { zip } from '../statistics/vectors.ts';
import { averaged, read } from './rangeTest.ts';

/** Options of `findLearningRate`. */
export interface FindLearningRateOptions {
  /** The loss, as in `fit`. */
  readonly loss: FitOptions['loss'];
  /** The optimizer whose settings are copied; its own learning rate and state do not change. Adam by default. */
  readonly optimizer?: tf.Optimizer | null;
  /** Training plugins; they act as in training. None by default. */
  readonly plugins?: readonly Plugins[];
  /** The smallest learning rate, used for the first update; 1e-6 by default. */
  readonly from?: number;
  /** The largest learning rate, used for the last update; 10 by default. */
  readonly to?: number;
  /** Number of updates from `from` to `to`; 100 by default. */
  readonly steps?: number;
  /** Rows per update; 32 by default. */
  readonly batchSize?: number;
  /** The seed of shuffling, layers and plugins; 0 by default. */
  readonly seed?: number;
  /** Aborts: the promise rejects with the signal's reason. None by default. */
  readonly signal?: AbortSignal | null;
  /** 'lines', false (the default), or a function that gets every event. */
  readonly progress?: LensProgress;
}

/** The result of `findLearningRate`. */
export interface LearningRate extends Finding {
  /** The learning rate of each update. */
  readonly learningRates: readonly number[];
  /** J before each update. */
  readonly costs: readonly number[];
  /** The costs, smoothed. */
  readonly smoothed: readonly number[];
  /** The rate at which the smoothed cost falls fastest per step of the logarithm of the rate; null if it never falls. */
  readonly suggestion: number | null;
  /** The rate at which the cost was lowest before it rose: too high to train with. */
  readonly lowest: number;
  /** Whether the search ended before `to`, because the cost grew to a multiple of its lowest value or overflowed. */
  readonly diverged: boolean;
}

const specs: OptionSpecs<FindLearningRateOptions> = {
  loss: lossOption,
  optimizer: option.orNull(option.optimizer()),
  plugins: option.plugins(),
  from: option.number({ above: 0, fallback: 1e-6 }),
  to: option.number({ above: 0, fallback: 10 }),
  steps: option.number({ min: 20, integer: true, fallback: 100 }),
  batchSize: option.number({ min: 1, integer: true, fallback: 32 }),
  seed: option.number({ min: 0, integer: true, fallback: 0 }),
  signal: option.signal(),
  progress: { ...progressOption, fallback: false },
};

/** The search ends when the smoothed cost exceeds its lowest value by this factor. */
const DIVERGED = 4;

/**
 * Finds a learning rate by the range test (Smith 2017): it trains for `steps` updates while the logarithm of the rate grows evenly, and finds where the
 * smoothed J falls fastest. The model is restored bit for bit afterwards; the optimizer is not touched. Dropout and plugins act as in training.
 * @example
 * const found = await findLearningRate(model, { x, y }, { loss: 'categoricalCrossentropy', optimizer: tf.train.adam() });
 * found.suggestion; // such as 0.01
 * const svg = await found.picture();
 * @throws OptionError, DataError as `fit` does; the reason of `signal`
 */
export async function findLearningRate(
  model: LayersModel,
  data: TrainingData,
  options: FindLearningRateOptions,
): Promise<LearningRate> {
  const checked = checkOptions<FindLearningRateOptions>('findLearningRate', specs, options);
  const { from, to, steps } = checked;
  if (!(from < to)) throw OptionError.of('findLearningRate', 'to', `a number > from = ${from}`, to);
  const rateAt = (i: number): number => from * (to / from) ** (i / (steps - 1));
  const costs = await untouched(model, () => costsAt(model, data, checked, rateAt));
  const finite = costs.findIndex(cost => !Number.isFinite(cost));
  const smoothed = averaged(finite < 0 ? costs : costs.slice(0, finite));
  if (!smoothed.length)
    throw DataError.of('findLearningRate: the cost J', 'a finite number before the first update', `${costs[0]}`);
  const { lowest, steepest } = read(smoothed);
  const found = {
    learningRates: costs.map((_, i) => rateAt(i)),
    costs,
    smoothed,
    suggestion: steepest === null ? null : rateAt(steepest),
    lowest: rateAt(lowest),
    diverged: finite >= 0 || costs.length < steps,
  };
  return { ...found, text: wordsOf(found), picture: () => pictureOf(found) };
}

/** J before each update, until it diverges. */
async function costsAt(
  model: LayersModel,
  data: TrainingData,
  { loss, optimizer, plugins, steps, batchSize, seed, signal, progress }: Required<FindLearningRateOptions>,
  rateAt: (i: number) => number,
): Promise<number[]> {
  const tell = tellerOf('findLearningRate', progress);
  const costs: number[] = [];
  const done = new AbortController();
  const grow = definePlugin({
    name: 'findLearningRate',
    options: {},
    setup: () => ({ settings: ({ step }) => ({ learningRate: rateAt(step) }) }),
  })();
  const own = optimizer ? optimizerLike(optimizer, rateAt(0)) : tf.train.adam(rateAt(0));
  try {
    await fit(model, data, {
      ...{ loss, optimizer: own, batchSize, seed, plugins: [...plugins, grow], trainEvaluation: false },
      epochs: steps,
      signal: signal ? AbortSignal.any([signal, done.signal]) : done.signal,
      async progress({ type, logs }) {
        if (type !== 'step') return;
        costs.push(logs.cost ?? Number.NaN);
        await tell({ what: 'learning rates tried', done: costs.length, total: steps });
        const smoothed = averaged(costs);
        if (costs.length === steps || (smoothed.at(-1) ?? 0) > DIVERGED * Math.min(...smoothed)) done.abort();
      },
    });
  } catch (error) {
    // overflow is a valid outcome here, but not before the first update
    if (!costs.length || !hasDiverged(error)) throw error;
    costs.push(Number.NaN);
  } finally {
    own.dispose();
  }
  signal?.throwIfAborted();
  return costs;
}

const say = (rate: number): string => rate.toPrecision(2);

function wordsOf({ suggestion, lowest, diverged, learningRates, costs }: Omit<LearningRate, keyof Finding>): string {
  const range = `${costs.length} updates, learning rates ${say(Math.min(...learningRates))} to ${say(Math.max(...learningRates))}`;
  const end = diverged ? 'There J diverged.' : 'J did not diverge: higher rates may work as well.';
  if (suggestion === null) return `No learning rate: J did not fall.\n${range}. ${end}`;
  return (
    `Learning rate ${say(suggestion)}: there J falls fastest.\n` +
    `J is lowest at ${say(lowest)}, which is too high to train with.\n${range}. ${end} One run on one order of the data: take it as a starting point.`
  );
}

const pictureOf = ({
  learningRates,
  costs,
  smoothed,
  suggestion,
}: Omit<LearningRate, keyof Finding>): Promise<string> => {
  const points = zip(learningRates, costs, (rate, cost, i) => ({ rate, cost, smoothed: smoothed[i] ?? Number.NaN }));
  const most = Math.max(...smoothed);
  return draw({
    title: suggestion === null ? 'J falls at no learning rate' : `J falls fastest at learning rate ${say(suggestion)}`,
    caption: 'J before each update, while the learning rate grows. Faint: as measured. Dark: smoothed.',
    panels: [
      {
        options: {
          height: 280,
          x: { type: 'log', label: 'learning rate', tickFormat: '~e', ticks: 6 },
          y: { label: 'J', grid: true, domain: [0, most * 1.05], clamp: true },
          marks: [
            Plot.line(
              points.filter(p => Number.isFinite(p.cost)),
              { x: 'rate', y: 'cost', stroke: colors.rule },
            ),
            Plot.line(
              points.filter(p => Number.isFinite(p.smoothed)),
              { x: 'rate', y: 'smoothed', stroke: colors.ink, strokeWidth: 2 },
            ),
            ...(suggestion === null
              ? []
              : [Plot.ruleX([suggestion], { stroke: colors.accent, strokeWidth: 1.5, strokeDasharray: '4 3' })]),
          ],
        },
      },
    ],
  });
};
