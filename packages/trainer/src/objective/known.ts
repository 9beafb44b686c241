/** The names that TF.js' `compile` accepts, taken from tfjs-layers 4.22, which looks names up in plain objects, so that even `toString` counts as a loss. */
import { OptionError } from '@keepprob/core';
import { nearest } from '@keepprob/core/driver';
import * as messages from '../messages.ts';

const words = (text: string): readonly string[] => text.split(' ');

/**
 * The names of losses that `fit` accepts, the same as in `model.compile`.
 * @example
 * lossNames.includes('categoricalCrossentropy'); // true
 */
export const lossNames: readonly string[] = words(
  'meanSquaredError meanAbsoluteError meanAbsolutePercentageError meanSquaredLogarithmicError squaredHinge hinge categoricalHinge logcosh ' +
    'categoricalCrossentropy sparseCategoricalCrossentropy binaryCrossentropy kullbackLeiblerDivergence poisson cosineProximity',
);
/**
 * The names of metrics that `fit` accepts, the same as in `model.compile`.
 * @example
 * metricNames.includes('accuracy'); // true
 */
export const metricNames: readonly string[] = words(
  'accuracy acc crossentropy ce binaryAccuracy categoricalAccuracy precision categoricalCrossentropy sparseCategoricalCrossentropy ' +
    'mse MSE mae MAE mape MAPE cosine',
);
export const OPTIMIZERS = words('sgd adam adamax adagrad adadelta rmsprop SGD Adam Adamax Adagrad Adadelta RMSProp');

/** The entries of a name, a list or a record by output; a record of metrics may contain lists. */
function entriesOf(given: unknown): readonly unknown[] {
  if (Array.isArray(given)) return given;
  if (typeof given !== 'object' || given === null) return [given];
  return Object.values(given).flatMap((entry: unknown) => (Array.isArray(entry) ? entry : [entry]));
}

/** @throws OptionError for an unknown name, and for anything that is neither a name nor a function */
export function checkNames(owner: string, option: string, given: unknown, known: readonly string[]): void {
  for (const entry of entriesOf(given)) {
    if (typeof entry === 'function' || (typeof entry === 'string' && known.includes(entry))) continue;
    if (typeof entry !== 'string') throw OptionError.of(owner, option, 'names or functions (yTrue, yPred)', entry);
    const message = messages.nameUnknown(owner, option, entry, nearest(entry, known), known);
    throw new OptionError(message, { option, received: entry });
  }
}
