/** The objective of training: the loss of each output, metrics and optimizer, and their names. */

import { OptionError } from '@keepprob/core';
import { inputNames, outputNames, ownValue } from '@keepprob/core/driver';
import type { Layer } from '@keepprob/core/layers';
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { FitOptions } from '../options.ts';
import { type Aims, compiled, type LossFunction } from './compiled.ts';
import { checkLogs, type LogNames, logNames, metricName } from './logNames.ts';
import { reachOfMasks } from './masks.ts';

/** One output of the model, and its loss. */
export interface Target {
  /** Its unique name, by which batches hold tensors. */
  readonly name: string;
  /** Per-sample losses, shape [batch, …]. */
  readonly loss: LossFunction;
  /** Undefined for a function. */
  readonly lossName: string | undefined;
  /** The weight of its loss in the sum. */
  readonly weight: number;
  /** Whether labels are integers, with one axis less than the prediction or a last axis of 1. */
  readonly sparse: boolean;
}

/** A metric of one output. */
export interface Metric {
  readonly name: string;
  readonly f: LossFunction;
  readonly target: Target;
}

export interface Objective {
  /** Unique names by which batches hold tensors. */
  readonly inputs: readonly string[];
  /** The names of `targets`. */
  readonly outputs: readonly string[];
  /** In the order of outputs. */
  readonly targets: readonly Target[];
  /** The layers of outputs that a mask may reach. */
  readonly maskable: readonly Layer[];
  /** Names of logs by output; empty for a single output. */
  readonly logs: LogNames;
  readonly metrics: readonly Metric[];
  readonly optimizer: tf.Optimizer;
  /** Whether the optimizer was created here, from its name. */
  readonly ownsOptimizer: boolean;
}

/** @throws OptionError for a loss, metric or optimizer that TF.js does not know, and for logs with the same name. */
export function resolveObjective(
  owner: string,
  model: LayersModel,
  options: Aims & Pick<Required<FitOptions>, 'lossWeights'>,
): Objective {
  const outputs = outputNames(model);
  const weights = weightsByOutput(owner, outputs, options.lossWeights);
  const { losses, metrics, optimizer } = compiled(owner, model, outputs, options);
  const nameOf = lossNames(options.loss);
  const targets = losses.map((loss, i): Target => {
    const name = outputs[i] ?? '';
    const lossName = nameOf(name, i);
    return { name, loss, lossName, weight: weights[i] ?? 1, sparse: lossName === 'sparseCategoricalCrossentropy' };
  });
  const measured = metrics.flatMap(({ name, f, output }) =>
    targets.slice(output, output + 1).map(target => ({ name: metricName(name), f, target })),
  );
  const ownsOptimizer = typeof options.optimizer === 'string';
  try {
    checkLogs(owner, { outputs, metrics: measured });
  } catch (error) {
    if (ownsOptimizer) optimizer.dispose();
    throw error;
  }
  return {
    inputs: inputNames(model),
    outputs,
    targets,
    maskable: reachOfMasks(model).maskable,
    logs: logNames(outputs, metrics),
    metrics: measured,
    optimizer,
    ownsOptimizer,
  };
}

/** The name of an output's loss, if it has one. */
function lossNames(loss: unknown): (output: string, i: number) => string | undefined {
  const of = (output: string, i: number): unknown => {
    if (Array.isArray(loss)) return loss[i];
    return typeof loss === 'object' && loss !== null
      ? Object.entries(loss).find(([name]) => name === output)?.[1]
      : loss;
  };
  return (output, i) => {
    const name = of(output, i);
    return typeof name === 'string' ? name : undefined;
  };
}

const isList = Array.isArray as (given: unknown) => given is readonly unknown[];

/** One weight per output, from a list in their order or a record by their names. */
function weightsByOutput(
  owner: string,
  outputs: readonly string[],
  given: Required<FitOptions>['lossWeights'],
): readonly number[] {
  if (given === null) return outputs.map(() => 1);
  const byName = isList(given) ? Object.fromEntries(outputs.map((name, i) => [name, given[i]])) : given;
  const known = isList(given)
    ? given.length === outputs.length
    : Object.keys(given).every(name => outputs.includes(name));
  if (!known) throw OptionError.of(owner, 'lossWeights', `one number for each output (${outputs.join(', ')})`, given);
  return outputs.map(name => ownValue(byName, name) ?? 1);
}
