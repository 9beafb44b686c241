/**
 * Losses, metrics and optimizers by name, exactly as TF.js reads them. A marked seam: read in tfjs-layers 4.22, where
 * `compile` resolves names into `lossFunctions` and `metricsTensors`. A throwaway model over the same layers is compiled, so
 * that the user's model keeps what it was compiled with; its outputs have the names that are theirs alone.
 */
import { OptionError } from '@keepprob/core';
import { inputNames, outputNames } from '@keepprob/core/driver';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import * as messages from '../messages.ts';
import type { FitOptions } from '../options.ts';
import type { LogNames } from './logNames.ts';

type LossFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

interface CompiledModel {
  readonly lossFunctions: LossFunction[];
  readonly metricsTensors: [LossFunction, number][];
  readonly metricsNames: string[];
  readonly optimizer: tf.Optimizer;
}

export interface Objective {
  /** Names by which batches hold tensors, each of them once. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Of several outputs. */
  readonly logs: LogNames;
  /** One per output: per-sample losses, shape [batch, …]. */
  readonly losses: readonly LossFunction[];
  /** Of each output's loss in the sum. */
  readonly lossWeights: readonly number[];
  readonly metrics: readonly { readonly name: string; readonly output: number; readonly f: LossFunction }[];
  readonly optimizer: tf.Optimizer;
  /** Whether the optimizer was made here, from its name. */
  readonly ownsOptimizer: boolean;
  /** Outputs whose labels are integers, of one axis less than the prediction or with a last axis of 1. */
  readonly sparse: readonly boolean[];
}

/** @throws OptionError for a loss, metric or optimizer that TF.js does not know. */
export function resolveObjective(
  model: tfl.LayersModel,
  options: Pick<Required<FitOptions>, 'loss' | 'lossWeights' | 'metrics' | 'optimizer'>,
): Objective {
  const { loss, metrics, optimizer } = options;
  const outputs = outputNames(model);
  const lossWeights = weightsByOutput(outputs, options.lossWeights);
  const probe = tfl.model({ inputs: model.inputs, outputs: model.outputs });
  probe.outputNames = outputs;
  const compile = (what: Partial<tfl.ModelCompileArgs>, option: string, received: unknown): void => {
    try {
      probe.compile({ optimizer: placeholder, loss: 'meanSquaredError', ...what } as tfl.ModelCompileArgs);
    } catch (error) {
      throw new OptionError(messages.optionRejected('fit', option, (error as Error).message), { option, received });
    }
  };
  const placeholder = tf.train.sgd(0);
  try {
    // One at a time, so that the error names the option
    compile({ loss }, 'loss', loss);
    if (metrics) compile({ loss, metrics }, 'metrics', metrics);
    compile({ loss, optimizer, ...(metrics && { metrics }) }, 'optimizer', optimizer);
  } finally {
    placeholder.dispose();
  }
  const compiled = probe as unknown as CompiledModel;
  // behind the loss, and where there are several outputs the loss of each, which are ours to compute
  const own = outputs.length > 1 ? outputs.length : 0;
  const theirs = compiled.metricsNames.slice(1 + own);
  const metricNames = theirs.map(metricName);
  checkMetricNames(metricNames, outputs);
  const metricsOf = compiled.metricsTensors.slice(own);
  const names = [loss].flat() as unknown[];
  const byOutput = (i: number): unknown =>
    typeof loss === 'object' && !Array.isArray(loss)
      ? (loss as Record<string, unknown>)[outputs[i] as string]
      : (names[i] ?? loss);
  return {
    inputs: inputNames(model),
    outputs,
    losses: compiled.lossFunctions,
    lossWeights,
    logs: own
      ? logNames(
          outputs,
          metricsOf.map(([, output], i) => [output, theirs[i] as string]),
        )
      : {},
    metrics: metricsOf.map(([f, output], i) => ({ f, output, name: metricNames[i] as string })),
    optimizer: compiled.optimizer,
    ownsOptimizer: typeof optimizer === 'string',
    sparse: outputs.map((_, i) => byOutput(i) === 'sparseCategoricalCrossentropy'),
  };
}

/** @param metrics as TF.js names them, `out_acc` */
function logNames(outputs: readonly string[], metrics: readonly (readonly [output: number, name: string])[]): LogNames {
  const losses = outputs.map((name, i) => [`${i}Loss`, `${name}Loss`]);
  const others = metrics.map(([output, name]) => {
    const own = name.slice((outputs[output] as string).length);
    return [metricName(`${output}${own}`), metricName(name)];
  });
  return Object.fromEntries([...losses, ...others]);
}

/** One weight per output, from a list in their order or a record by their names. */
function weightsByOutput(outputs: readonly string[], given: Required<FitOptions>['lossWeights']): number[] {
  if (given === null) return outputs.map(() => 1);
  const known = Array.isArray(given)
    ? given.length === outputs.length
    : Object.keys(given).every(name => outputs.includes(name));
  if (!known) {
    throw OptionError.of('fit', 'lossWeights', `one number for each output (${outputs.join(', ')})`, given);
  }
  return outputs.map((name, i) => (Array.isArray(given) ? given[i] : (given as Record<string, number>)[name]) ?? 1);
}

/** Logs have one number by each name. */
function checkMetricNames(names: readonly string[], outputs: readonly string[]): void {
  const taken = ['cost', 'loss', 'penalty', ...(outputs.length > 1 ? outputs.map(name => `${name}Loss`) : [])];
  for (const [i, name] of names.entries()) {
    if (name !== '' && !taken.includes(name) && names.indexOf(name) === i) continue;
    throw OptionError.of(
      'fit',
      'metrics',
      `functions of different names, not ${taken.join(', ')}`,
      name || 'a function without a name',
    );
  }
}

/** TF.js' `out_acc` is our `outAccuracy`: the names that the history has. */
const metricName = (name: string): string =>
  name.replace(/(^|_)acc$/, '$1accuracy').replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
