/**
 * What a driver needs of a TF.js optimizer. A marked seam: read in tfjs-core 4.22, where every optimizer keeps a protected
 * `learningRate` (SGD with a setter of its own) and indexes its slots by the *position* of a gradient in a list, so that
 * freezing a layer mixes the slots of all that follow. A null gradient is skipped, its position kept.
 */
import { add, keep, mul, type NamedTensorMap, type Optimizer, scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Settings } from '../contract.ts';
import { shared } from '../copies.ts';
import { OptionError, PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { fusedUpdate, type Update } from './fusedUpdate.ts';
import { isOptimizer } from './isOptimizer.ts';
import { ownersOf } from './optimizerSlots.ts';

interface WithRate {
  learningRate?: number;
  setLearningRate?(rate: number): void;
}

export function checkOptimizer(optimizer: unknown): asserts optimizer is Optimizer {
  if (!isOptimizer(optimizer))
    throw new OptionError(messages.optimizerExpected(optimizer), { option: 'optimizer', received: optimizer });
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

interface WithMomentum {
  momentum?: number;
  /** Momentum's operations read this scalar and its kernel the number: TF.js' `setMomentum` sets only the number. */
  m?: Tensor;
}

/** @throws PluginError for a setting that this optimizer does not have. */
export function applySettings(optimizer: Optimizer, { learningRate, momentum }: Settings): void {
  if (learningRate !== undefined) setLearningRate(optimizer, learningRate);
  if (momentum === undefined) return;
  const target = optimizer as unknown as WithMomentum;
  if (typeof target.momentum !== 'number') throw new PluginError(messages.optimizerMomentum(optimizer.getClassName()));
  if (target.momentum === momentum) return;
  target.momentum = momentum;
  if (!target.m) return;
  target.m.dispose();
  target.m = keep(scalar(momentum));
}

/** The variables that each optimizer has met, in the order of its slots. */
const rosters = /* @__PURE__ */ shared('rosters', () => new WeakMap<Optimizer, string[]>());

/** For slots that were put into an optimizer: the names of their variables, in order. */
export const setRoster = (optimizer: Optimizer, names: readonly string[]): void => {
  rosters.set(optimizer, [...names]);
};

const gradientOf = ({ variable, gradient, l2 }: Update): Tensor =>
  l2 === 0 ? gradient : add(gradient, mul(variable, l2));

/**
 * One update of every variable of the list. Every variable keeps its slots, whichever others are frozen, thawed or added.
 * One kernel per variable where the backend has it; else the optimizer's own operations.
 */
export function applyUpdates(optimizer: Optimizer, updates: readonly Update[]): void {
  const byName = new Map(updates.map(update => [update.variable.name, update]));
  // stock fit may have been there before
  const roster = rosters.get(optimizer) ?? ownersOf(optimizer, [...byName.keys()]);
  rosters.set(optimizer, roster);
  for (const name of byName.keys()) if (!roster.includes(name)) roster.push(name);
  const list = roster.map(name => ({ name, update: byName.get(name) }));
  if (fusedUpdate(optimizer, list)) return;
  const gradients = list.map(({ name, update }) => ({ name, tensor: update ? gradientOf(update) : null }));
  for (const { variable, keep } of updates) if (keep !== 1) variable.assign(mul(variable, keep));
  optimizer.applyGradients(gradients as unknown as NamedTensorMap);
}
