/**
 * Losses, metrics and optimizers by name, exactly as TF.js reads them. A marked seam, checked against tfjs-layers 4.22, where `compile` resolves names into
 * `lossFunctions` and `metricsTensors`. A throwaway model over the same layers is compiled, so that the user's model stays as it was compiled; the outputs of the
 * throwaway model get unique names.
 */
import { OptionError } from '@keepprob/core';
import { messages as core } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as messages from '../messages.ts';
import type { FitOptions } from '../options.ts';
import { checkNames, lossNames, metricNames, OPTIMIZERS } from './known.ts';

export type LossFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

export interface Compiled {
  /** One per output. */
  readonly losses: readonly LossFunction[];
  /** By TF.js' names: `out_acc`. */
  readonly metrics: readonly { readonly name: string; readonly output: number; readonly f: LossFunction }[];
  readonly optimizer: tf.Optimizer;
}

export type Aims = Pick<Required<FitOptions>, 'loss' | 'metrics' | 'optimizer'>;

/** @throws OptionError for a loss, metric or optimizer that TF.js does not know, and for outputs that do not exist. */
export function compiled(owner: string, model: tfl.LayersModel, outputs: readonly string[], aims: Aims): Compiled {
  const { loss, optimizer } = aims;
  const metrics = aims.metrics ?? [];
  checkNames(owner, 'loss', loss, lossNames);
  checkNames(owner, 'metrics', metrics, metricNames);
  if (typeof optimizer === 'string') checkNames(owner, 'optimizer', optimizer, OPTIMIZERS);
  checkOutputs(owner, 'metrics', metrics, outputs);
  checkEvery(owner, loss, outputs);
  if (!(model instanceof tfl.LayersModel))
    throw new OptionError(core.twoTensorFlows(`${owner}: the model`), { option: 'model', received: model });
  const probe = tfl.model({ inputs: model.inputs, outputs: model.outputs });
  probe.outputNames = [...outputs];
  const placeholder = tf.train.sgd(0);
  const compile = (option: string, received: unknown, what: Partial<tfl.ModelCompileArgs>): void => {
    try {
      probe.compile({ optimizer: placeholder, loss: 'meanSquaredError', ...what });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new OptionError(messages.optionRejected(owner, option, reason), { option, received });
    }
  };
  try {
    // One at a time, so that the error names the option
    compile('loss', loss, { loss });
    compile('metrics', metrics, { loss, metrics });
    compile('optimizer', optimizer, { loss, metrics, optimizer });
  } finally {
    placeholder.dispose();
  }
  // after the loss and, with several outputs, the loss of each, which we compute ourselves
  const own = outputs.length > 1 ? outputs.length : 0;
  const names = probe.metricsNames.slice(1 + own);
  const given = functionsIn([loss, metrics]);
  const checked = (option: 'loss' | 'metrics', f: LossFunction): LossFunction =>
    givesTensor(owner, option, given.includes(f) ? f : onFloats(f));
  return {
    losses: probe.lossFunctions.map(f => checked('loss', f)),
    metrics: probe.metricsTensors.slice(own).map(([f, output], i) => {
      return { f: checked('metrics', f), output, name: names[i] ?? '' };
    }),
    optimizer: probe.optimizer,
  };
}

/** The user's own functions among losses and metrics: in a list, in a record by output, or both. */
const functionsIn = (given: unknown): readonly unknown[] => {
  if (typeof given === 'function') return [given];
  return typeof given === 'object' && given !== null ? Object.values(given).flatMap(functionsIn) : [];
};

/** Lets TF.js' own functions take labels of any dtype, as in Keras: its `sparseCategoricalCrossentropy` takes class numbers only as floats. */
const onFloats =
  (f: LossFunction): LossFunction =>
  (yTrue, yPred) =>
    f(tf.cast(yTrue, 'float32'), yPred);

/** The function with a check of its result: a user's function may return nothing, or be async. */
const givesTensor =
  (owner: string, option: string, f: LossFunction): LossFunction =>
  (yTrue, yPred) => {
    const value: unknown = f(yTrue, yPred);
    if (value instanceof tf.Tensor) return value;
    throw OptionError.of(owner, option, 'functions (yTrue, yPred) that return a tensor', value);
  };

const isRecord = (given: unknown): given is Readonly<Record<string, unknown>> =>
  typeof given === 'object' && given !== null && !Array.isArray(given);

/** Rejects entries for unknown outputs, which TF.js ignores. */
function checkOutputs(owner: string, option: string, given: unknown, outputs: readonly string[]): void {
  if (!isRecord(given)) return;
  const unknown = Object.keys(given).find(name => !outputs.includes(name));
  if (unknown !== undefined) throw OptionError.of(owner, option, `entries of outputs: ${outputs.join(', ')}`, unknown);
}

/** An output without a loss would not be trained, and TF.js has no way to leave it out. */
function checkEvery(owner: string, loss: unknown, outputs: readonly string[]): void {
  const expected = `a loss for each output: ${outputs.join(', ')}`;
  checkOutputs(owner, 'loss', loss, outputs);
  const missing = isRecord(loss) && outputs.some(name => !Object.hasOwn(loss, name));
  if (missing || (Array.isArray(loss) && loss.length !== outputs.length))
    throw OptionError.of(owner, 'loss', expected, loss);
}
