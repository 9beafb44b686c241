/** The searches of this scene, by @keepprob/search in this worker. */
import { keepProbs } from '@keepprob/dropout';
import {
  against,
  type Found,
  inProcess,
  keepProb,
  kFold,
  none,
  random,
  type Sampler,
  type SearchEvent,
  search,
  sobol,
  type Trial,
  tpe,
} from '@keepprob/search';
import * as tf from '@tensorflow/tfjs-core';
import { wideDataOf } from '../../stage/points.ts';
import { Held } from '../../stage/worker/held.ts';
import { denseNetwork, rowsOf } from '../../stage/worker/network.ts';
import { batchSize, learningRate, low, type Settings, top, unitsOf } from './params.ts';
import type { Chosen, Compared, Keep, Report, Space } from './reports.ts';

const samplers: Readonly<Record<string, () => Sampler>> = { tpe, sobol, random };

/** What is searched: a keep.prob for each hidden layer; those that share a name are one. */
const spaceOf = (space: Space): Record<keyof Keep, ReturnType<typeof keepProb>> => {
  const keep = keepProb(low, 1, space === 'one' ? { share: 'keep' } : {});
  return { hidden1: keep, hidden2: keep };
};

/** Accuracies are better where they are higher, errors where they are lower. */
const errorInterval = (value: number, [lower, upper]: readonly [number, number]) => ({
  value: 1 - value,
  lower: 1 - upper,
  upper: 1 - lower,
});

function chosenIn({ chosen, trials, against: { off } }: Found<Keep>, space: Space): Chosen {
  const { trial, values, value, interval, units } = chosen;
  const other = trials[off?.trial ?? -1];
  return {
    ...{ space, trial, keep: values, units, isOff: trials[trial]?.isOff === true },
    interval: errorInterval(value, interval),
    againstOff:
      off && other
        ? {
            keep: other.values,
            verdict: off.verdict,
            interval: { value: -off.difference, lower: -off.interval[1], upper: -off.interval[0] },
          }
        : null,
  };
}

/** What the choice of a search had on the fresh folds, as errors. */
function candidateOf({ chosen, trials, searched: { freshPairs } }: Found<Keep>, number: number) {
  const isFresh = (fold: number, seed: number): boolean =>
    freshPairs.some(pair => pair.fold === fold && pair.seed === seed);
  const units = trials[chosen.trial]?.units ?? [];
  const results = units
    .filter(({ fold, seed }) => isFresh(fold, seed))
    .map(({ fold, seed, value }) => ({ fold, seed, value: 1 - value }));
  return { number, point: chosen.point, results };
}

/** Both searches have the same folds and seeds, so that their choices are compared in pairs. */
export function comparedOf(one: Found<Keep>, each: Found<Keep>, folds: number): Compared {
  const { difference, interval, verdict } = against(candidateOf(one, 0), candidateOf(each, 1), {
    ratio: 1 / (folds - 1),
    among: top ** 2,
  });
  return { verdict, interval: { value: difference, lower: interval[0], upper: interval[1] } };
}

export class Searches extends Held<Settings> {
  #settings: Settings;
  /** Ends the second search alone. */
  readonly #second = new AbortController();
  #isSecond = false;
  readonly #report: (report: Report) => void;

  constructor(settings: Settings, report: (report: Report) => void) {
    super();
    this.#settings = settings;
    this.#report = report;
    this.signal.addEventListener('abort', () => this.#second.abort());
  }

  /** Of the settings that act in mid-run: whether there is a second search. */
  override change({ spaces }: Settings): void {
    this.#settings = { ...this.#settings, spaces };
    if (spaces === 'one' && this.#isSecond) this.#second.abort();
  }

  async run(): Promise<void> {
    const { train } = wideDataOf(this.#settings);
    const rows = rowsOf(train);
    const { signal } = this;
    try {
      const one = await this.#search('one', rows, signal);
      if (this.#settings.spaces !== 'each' || signal.aborted) return;
      this.#isSecond = true;
      const each = await this.#search('each', rows, this.#second.signal);
      if (one && each) this.#report({ type: 'compared', compared: comparedOf(one, each, this.#settings.folds) });
    } finally {
      tf.dispose([rows.x, rows.y]);
    }
  }

  /** @returns undefined where it was stopped */
  async #search(space: Space, rows: ReturnType<typeof rowsOf>, signal: AbortSignal): Promise<Found<Keep> | undefined> {
    const { trials, folds, fresh, epochs, seed, sampler } = this.#settings;
    /** The engine computes one after the other. */
    let keep: Keep = { hidden1: 1, hidden2: 1 };
    const trial: Trial<Keep> = (values, context) => {
      keep = values;
      return {
        model: keepProbs(denseNetwork(unitsOf(this.#settings), 'sigmoid', context.seed), { ...values }),
        options: {
          loss: 'binaryCrossentropy',
          metrics: ['accuracy'],
          optimizer: tf.train.adam(learningRate),
          epochs,
          batchSize,
          validationFreq: epochs,
          trainEvaluation: false,
        },
      };
    };
    const hear = async ({ type, result, done, total }: SearchEvent): Promise<void> => {
      if (type === 'unit' && result)
        this.#report({
          type: 'unit',
          unit: { space, trial: result.trial, keep, error: 1 - result.value, isFresh: result.fold >= folds },
          done,
          total,
        });
      if (type !== 'epoch') await this.steps.meet();
    };
    if (signal.aborted) return undefined;
    try {
      const found = await search(trial, rows, {
        space: spaceOf(space),
        folds: kFold({ k: folds }),
        metric: 'valAccuracy',
        trials,
        seed,
        sampler: (samplers[sampler] ?? tpe)(),
        pruner: none(),
        confirm: { top, seeds: fresh },
        refit: false,
        engine: inProcess(),
        signal,
        progress: hear,
      });
      if (!signal.aborted) this.#report({ type: 'chosen', chosen: chosenIn(found, space) });
      return found;
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    }
  }
}
