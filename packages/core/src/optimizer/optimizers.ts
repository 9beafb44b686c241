/**
 * How a driver works with a TF.js optimizer. A marked seam: read in tfjs-core 4.22, where every optimizer has a protected
 * `learningRate` (SGD with its own setter) and indexes its slots by the *position* of a gradient in a list, so that
 * freezing a layer mixes up the slots of all weights after it. A null gradient is skipped, but keeps its position.
 */
import { add, keep, mul, type Optimizer, scalar, Tensor } from '@tensorflow/tfjs-core';
import type { Settings } from '../contract.ts';
import { shared } from '../copies.ts';
import { OptionError, PluginError } from '../options/errors.ts';
import * as messages from '../options/messages.ts';
import { fusedUpdate, type Update } from './fusedUpdate.ts';
import { isOptimizer } from './isOptimizer.ts';
import { ownersOf } from './optimizerSlots.ts';

/**
 * Checks that something is an optimizer.
 * @example
 * checkOptimizer(tf.train.adam(1e-3));
 * @throws OptionError if it is not a `tf.Optimizer`
 */
export function checkOptimizer(optimizer: unknown): asserts optimizer is Optimizer {
  if (!isOptimizer(optimizer))
    throw new OptionError(messages.optimizerExpected(optimizer), { option: 'optimizer', received: optimizer });
}

/**
 * The learning rate of an optimizer.
 * @example
 * learningRateOf(tf.train.sgd(0.1)); // 0.1
 * @throws PluginError for an optimizer that has none
 */
export function learningRateOf(optimizer: Optimizer): number {
  if ('learningRate' in optimizer && typeof optimizer.learningRate === 'number') return optimizer.learningRate;
  throw new PluginError(messages.optimizerRate(optimizer.getClassName()));
}

/**
 * Sets the learning rate of an optimizer.
 * @example
 * const optimizer = tf.train.sgd(0.1);
 * setLearningRate(optimizer, 0.01);
 * learningRateOf(optimizer); // 0.01
 * @throws PluginError for an optimizer that has none
 */
export function setLearningRate(optimizer: Optimizer, rate: number): void {
  learningRateOf(optimizer);
  if ('setLearningRate' in optimizer && typeof optimizer.setLearningRate === 'function')
    optimizer.setLearningRate(rate);
  else Object.assign(optimizer, { learningRate: rate });
}

/** @throws PluginError for a setting that this optimizer does not have. */
export function applySettings(optimizer: Optimizer, { learningRate, momentum }: Settings): void {
  if (learningRate !== undefined) setLearningRate(optimizer, learningRate);
  if (momentum === undefined) return;
  if (!('momentum' in optimizer && typeof optimizer.momentum === 'number'))
    throw new PluginError(messages.optimizerMomentum(optimizer.getClassName()));
  if (optimizer.momentum === momentum) return;
  Object.assign(optimizer, { momentum });
  // the operations of momentum read the scalar `m`, and its kernel the number; TF.js' `setMomentum` sets only the number
  if (!('m' in optimizer && optimizer.m instanceof Tensor)) return;
  optimizer.m.dispose();
  Object.assign(optimizer, { m: keep(scalar(momentum)) });
}

/** The variables that each optimizer has seen, in the order of its slots. */
const rosters = /* @__PURE__ */ shared('rosters', () => new WeakMap<Optimizer, string[]>());

/** Sets the names of the variables, in order, for slots that were put into an optimizer. */
export const setRoster = (optimizer: Optimizer, names: readonly string[]): void => {
  rosters.set(optimizer, [...names]);
};

const gradientOf = ({ variable, gradient, l2 }: Update): Tensor =>
  l2 === 0 ? gradient : add(gradient, mul(variable, l2));

/**
 * Makes one update of every variable of the list. Every variable keeps its slots, even if others are frozen, unfrozen or added.
 * Uses one kernel per variable if the backend has it, otherwise the optimizer's own operations.
 */
export function applyUpdates(optimizer: Optimizer, updates: readonly Update[]): void {
  const byName = new Map(updates.map(update => [update.variable.name, update]));
  // stock fit may have used the optimizer before
  const roster = rosters.get(optimizer) ?? ownersOf(optimizer, [...byName.keys()]);
  rosters.set(optimizer, roster);
  for (const name of byName.keys()) if (!roster.includes(name)) roster.push(name);
  const list = roster.map(name => ({ name, update: byName.get(name) }));
  if (fusedUpdate(optimizer, list)) return;
  const gradients = list.map(({ name, update }) => ({ name, tensor: update ? gradientOf(update) : null }));
  for (const { variable, keep } of updates) if (keep !== 1) variable.assign(mul(variable, keep));
  optimizer.applyGradients(gradients as { name: string; tensor: Tensor }[]);
}
