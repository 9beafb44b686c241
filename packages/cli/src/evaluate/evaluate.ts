/** Measures a saved model on rows with labels. */
import { DataError, OptionError } from '@keepprob/core';
import type { Preprocessing } from '@keepprob/trainer/model';
import { unscaled } from '@keepprob/trainer/table';
import type { LayersModel } from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs';
import { modelIn } from '../config/make/modelIn.ts';
import { savedModel } from '../config/make/savedModel.ts';
import * as messages from '../config/messages.ts';
import { type Floats, rowsOf, width } from '../data/arrays.ts';
import { classesIn } from '../data/examples.ts';
import { classNames } from '../data/labels.ts';
import { type DataOptions, subjectOf } from '../doctor/subject.ts';
import { type Backend, openBackend } from '../run/backend.ts';
import { writeJson } from '../run/save.ts';
import { checkFile } from '../run/writable.ts';
import { type Classification, classificationOf } from './classification.ts';
import { predictionsOf } from './predictions.ts';
import { type Regression, regressionOf } from './regression.ts';
import { classificationLines, regressionLines } from './told.ts';

/** Options of the command line. */
export interface EvaluateOptions extends DataOptions {
  readonly json?: string;
  readonly backend: Backend;
}

type Scores = Classification | Regression;

/**
 * Measures how good a model is on the validation rows of a config, or on other rows with labels.
 * @throws OptionError, DataError for invalid files
 */
export async function evaluate(given: string, options: EvaluateOptions): Promise<void> {
  const file = modelIn(given);
  if (options.config === undefined && !options.data) throw new OptionError(messages.noRows(file));
  if (options.json !== undefined) checkFile('evaluate', '--json', options.json);
  await openBackend(options.backend, 1);
  const model = await savedModel(file);
  try {
    const { data, validation, preprocessing } = await subjectOf(file, model, options);
    const rows = validation ?? data;
    if (!rows) throw new OptionError(messages.noRows(file));
    const [x, y] = [await floatsOf('x', rows.x), await floatsOf('y', rows.y)];
    const predictions = await predictionsOf(model, x);
    if (width(predictions) !== width(y))
      throw DataError.of(file, `labels for its ${width(predictions)} outputs`, `${width(y)} labels in a row`);
    const scores = scoresOf(model, predictions, y, preprocessing);
    if (options.json !== undefined) await writeJson(options.json, scores, 2);
    const isTrained = options.config !== undefined && !validation;
    console.log([...(isTrained ? [messages.trainedOn()] : []), ...scores.flatMap(lines)].join('\n'));
  } finally {
    model.dispose();
  }
}

function lines(scores: Scores): string[] {
  const heading = scores.label === undefined ? [] : [`${scores.label}:`];
  return [...heading, ...(scores.kind === 'regression' ? regressionLines(scores) : classificationLines(scores))];
}

/** The numbers of an array; the data of a module may be tensors. */
async function floatsOf(what: string, given: unknown): Promise<Floats> {
  if (given instanceof tf.Tensor) return { data: Float32Array.from(await given.data()), shape: given.shape };
  if (
    typeof given === 'object' &&
    given !== null &&
    'data' in given &&
    'shape' in given &&
    given.data instanceof Float32Array &&
    Array.isArray(given.shape)
  )
    return { data: given.data, shape: given.shape };
  throw DataError.of(`evaluate: ${what}`, 'one tensor, or an array of a file', 'several');
}

const lastActivation = (model: LayersModel): unknown => model.layers.at(-1)?.getConfig().activation;

function scoresOf(model: LayersModel, predictions: Floats, y: Floats, known?: Preprocessing): Scores[] {
  const { classes, labelScaling, label = [] } = known ?? {};
  const units = width(predictions);
  const isOneHot = classes !== undefined || (lastActivation(model) === 'softmax' && units > 1);
  if (isOneHot) return [classificationOf(predictions.data, classesIn(y), classNames(classes ?? units))];
  const scaledBack = (array: Floats): Floats => (labelScaling ? unscaled(array, labelScaling) : array);
  const [said, truth] = [scaledBack(predictions), scaledBack(y)];
  const labels = [label].flat();
  const isSigmoid = lastActivation(model) === 'sigmoid' && truth.data.every(value => value === 0 || value === 1);
  return Array.from({ length: units }, (_, unit): Scores => {
    const [p, t] = [columnOf(said, unit), columnOf(truth, unit)];
    const scores = isSigmoid
      ? classificationOf(
          p.flatMap(q => [1 - q, q]),
          t,
          ['0', '1'],
        )
      : regressionOf(p, t);
    return units > 1 ? { ...scores, label: labels[unit] ?? String(unit) } : scores;
  });
}

const columnOf = (array: Floats, column: number): number[] =>
  Array.from({ length: rowsOf(array) }, (_, row) => array.data[row * width(array) + column] ?? Number.NaN);
