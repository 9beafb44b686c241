/**
 * What a driver needs of a TF.js optimizer. A marked seam: read in tfjs-core 4.22, where every optimizer keeps a protected
 * `learningRate` (SGD with a setter of its own) and indexes its slots by the *position* of a gradient in a list, so that
 * freezing a layer mixes the slots of all that follow. A null gradient is skipped, its position kept.
 */
import type { NamedTensorMap, Optimizer, Tensor, Variable } from '@tensorflow/tfjs-core';
import { OptionError, PluginError } from './errors.ts';
import { messages } from './messages.ts';

interface WithRate {
  learningRate?: number;
  setLearningRate?(rate: number): void;
}

export function checkOptimizer(optimizer: unknown): asserts optimizer is Optimizer {
  const candidate = optimizer as Partial<Optimizer> | null | undefined;
  if (typeof candidate?.applyGradients !== 'function' || typeof candidate.minimize !== 'function') {
    throw new OptionError(messages.optimizerExpected(optimizer), { option: 'optimizer', received: optimizer });
  }
}

export function learningRateOf(optimizer: Optimizer): number {
  const rate = (optimizer as unknown as WithRate).learningRate;
  if (typeof rate !== 'number') throw new PluginError(messages.optimizerRate(optimizer.getClassName()));
  return rate;
}

export function setLearningRate(optimizer: Optimizer, rate: number): void {
  const target = optimizer as unknown as WithRate;
  if (typeof target.learningRate !== 'number') throw new PluginError(messages.optimizerRate(optimizer.getClassName()));
  if (target.setLearningRate) target.setLearningRate(rate);
  else target.learningRate = rate;
}

/** The variables that each optimizer has met, in the order of its slots. */
const rosters = new WeakMap<Optimizer, string[]>();

/** One update. Every variable keeps its slots, whichever others are frozen, thawed or added. */
export function applyGradients(optimizer: Optimizer, gradients: readonly (readonly [Variable, Tensor])[]): void {
  const roster = rosters.get(optimizer) ?? [];
  rosters.set(optimizer, roster);
  const byName = new Map(gradients.map(([variable, gradient]) => [variable.name, gradient]));
  for (const name of byName.keys()) if (!roster.includes(name)) roster.push(name);
  const list = roster.map(name => ({ name, tensor: byName.get(name) ?? null }));
  optimizer.applyGradients(list as unknown as NamedTensorMap);
}
