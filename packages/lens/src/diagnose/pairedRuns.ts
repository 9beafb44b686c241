/** Trains the same architecture with and without dropout, in pairs that share initial weights, batches and validation rows. */
import { OptionError, weightsOf } from '@keepprob/core';
import { learningRateOf } from '@keepprob/core/driver';
import { keepProbs, noiseOff } from '@keepprob/dropout';
import { evaluateRows, type FitOptions, fit, type TrainingData } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { optimizerLike } from '../cost/descend.ts';
import type { LensListener } from '../finding/progress.ts';
import { dropoutsOf } from '../model/dropoutsOf.ts';
import { suggestKeepProbs } from '../suggest/suggestKeepProbs.ts';
import { reinitialised } from './reinitialised.ts';

export interface Recipe {
  readonly loss: FitOptions['loss'];
  readonly optimizer: tf.Optimizer | null;
  readonly plugins: FitOptions['plugins'];
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly seeds: number;
  /** keepProb by layer; null for the model's own dropout, or 0.5 after its hidden layers if it has none. */
  readonly keepProbs: Readonly<Record<string, number>> | null;
  readonly input: number | Readonly<Record<string, number>>;
  readonly signal: AbortSignal | null;
}

/** The result of one training run. */
export interface Trained {
  readonly seed: number;
  /** Loss by row, dropout off. */
  readonly train: Float32Array;
  readonly validation: Float32Array;
  /** 1 for a row that is wrong; null if the loss does not imply classes. */
  readonly validationWrong: Float32Array | null;
  readonly trainWrong: Float32Array | null;
  /** Training loss by epoch, dropout on. */
  readonly losses: readonly number[];
}

export interface Arms {
  readonly plain: readonly Trained[];
  readonly dropout: readonly Trained[];
  /** Where the second arm applies dropout, in words. */
  readonly what: string;
}

const LEARNING_RATE = 1e-3;
const HALF = 0.5;

/** Accuracy, if the name of the loss implies classes. */
export const metricsFor = (loss: FitOptions['loss']): string[] | null =>
  typeof loss === 'string' && /crossentropy/i.test(loss) ? ['accuracy'] : null;

export const wrongOf = (accuracy: Float32Array | undefined): Float32Array | null =>
  accuracy ? accuracy.map(right => 1 - right) : null;

/** The table of `keepProbs`, or null for the model's own dropout. */
function tableOf(model: LayersModel, { keepProbs, input }: Recipe): Readonly<Record<string, number>> | null {
  if (keepProbs) return keepProbs;
  if (dropoutsOf(model).length) return null;
  const hidden = Object.keys(suggestKeepProbs(model).keepProbs);
  if (!hidden.length && input === 1) {
    throw OptionError.of(
      'diagnose',
      'keepProbs',
      'a keepProb for at least one layer, as this model has no hidden dense layer',
      null,
    );
  }
  return Object.fromEntries(hidden.map(name => [name, HALF]));
}

const inWords = (table: Readonly<Record<string, number>> | null, input: Recipe['input']): string => {
  if (!table) return "the model's own dropout";
  const hidden = Object.entries(table).map(([name, p]) => `${p} behind "${name}"`);
  return `keepProb ${[...hidden, ...(input === 1 ? [] : [`${JSON.stringify(input)} at the input`])].join(', ')}`;
};

export async function pairedRuns(
  model: LayersModel,
  train: TrainingData,
  validation: TrainingData,
  recipe: Recipe,
  tell: LensListener,
): Promise<Arms> {
  const table = tableOf(model, recipe);
  // a bad table is an error before anything is trained
  await withFresh(model, recipe, 0, fresh => armOf(fresh, 'dropout', table, recipe));
  const arms: { plain: Trained[]; dropout: Trained[] } = { plain: [], dropout: [] };
  for (let s = 0; s < recipe.seeds; s++) {
    for (const arm of ['plain', 'dropout'] as const) {
      await withFresh(model, recipe, s, async fresh => {
        const trained = armOf(fresh, arm, table, recipe);
        arms[arm].push(await trainedOnce(trained, train, validation, recipe, recipe.seed + s));
      });
      await tell({ what: 'paired runs', done: 2 * s + (arm === 'plain' ? 1 : 2), total: 2 * recipe.seeds });
    }
  }
  return { ...arms, what: inWords(table, recipe.input) };
}

/** Calls `f` with a model with new weights, which are disposed afterwards. */
async function withFresh(
  model: LayersModel,
  { seed }: Recipe,
  index: number,
  f: (fresh: LayersModel) => unknown,
): Promise<void> {
  const fresh = await reinitialised(model, seed + index);
  // the model of keepProbs shares the layers and adds to their reference counts: dispose the weights themselves
  const weights = weightsOf(fresh).map(w => w.variable);
  try {
    await f(fresh);
  } finally {
    tf.dispose(weights);
  }
}

function armOf(
  fresh: LayersModel,
  arm: 'plain' | 'dropout',
  table: Readonly<Record<string, number>> | null,
  { input }: Recipe,
): LayersModel {
  if (arm === 'plain' || table) noiseOff(fresh);
  return arm === 'dropout' && table ? keepProbs(fresh, table, { input }) : fresh;
}

async function trainedOnce(
  model: LayersModel,
  train: TrainingData,
  validation: TrainingData,
  recipe: Recipe,
  seed: number,
): Promise<Trained> {
  const { loss, plugins = [], epochs, batchSize, signal } = recipe;
  const optimizer = recipe.optimizer
    ? optimizerLike(recipe.optimizer, learningRateOf(recipe.optimizer))
    : tf.train.adam(LEARNING_RATE);
  try {
    const run = await fit(model, train, {
      ...{ loss, optimizer, plugins, epochs, batchSize, seed, signal },
      ...{ trainEvaluation: false, progress: false },
    });
    signal?.throwIfAborted();
    const metrics = metricsFor(loss);
    const onTrain = await evaluateRows(model, train, { loss, metrics, signal });
    const onValidation = await evaluateRows(model, validation, { loss, metrics, signal });
    return {
      seed,
      train: onTrain.loss,
      validation: onValidation.loss,
      validationWrong: wrongOf(onValidation.accuracy),
      trainWrong: wrongOf(onTrain.accuracy),
      losses: run.history.loss ?? [],
    };
  } finally {
    optimizer.dispose();
  }
}
