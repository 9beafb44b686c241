/**
 * The state of custom optimizers. TF.js does not describe it: `optimizerState` can read variables, lists of slots and JSON values from the fields of the
 * optimizer; anything else is not part of the state.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Json } from '../contract.ts';
import { isSlots } from './optimizerSlots.ts';

/** Fields of TF.js' own classes: scalars made from the learning rate and the momentum, the count of updates, and the rate (tfjs-core 4.22). */
const KNOWN: ReadonlySet<string> = new Set(['c', 'm', 'learningRate', 'iterations_']);

/** Whether a value is a JSON value; NaN and Infinity are allowed. */
function isPlain(value: unknown, depth = 0): value is Json {
  if (value === null || ['number', 'string', 'boolean'].includes(typeof value)) return true;
  if (typeof value !== 'object' || depth > 8) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return false;
  return Object.values(value).every(part => isPlain(part, depth + 1));
}

/** The fields with JSON values, other than its options: a counter, say. */
export function plainFields(optimizer: tf.Optimizer): Readonly<Record<string, Json>> {
  const options = optimizer.getConfig();
  const found: Record<string, Json> = {};
  for (const [field, value] of Object.entries(optimizer)) {
    if (KNOWN.has(field) || field in options || isSlots(value)) continue;
    if (isPlain(value)) found[field] = value;
  }
  return found;
}

/**
 * The fields of an optimizer that cannot be saved, so that its saved state would be incomplete.
 * @example
 * unsavedFields(tf.train.adam(1e-3)); // []
 */
export const unsavedFields = (optimizer: tf.Optimizer): string[] =>
  Object.entries(optimizer).flatMap(([field, value]) => {
    const isSaved = value === undefined || value instanceof tf.Variable || isSlots(value) || isPlain(value);
    return KNOWN.has(field) || isSaved || typeof value === 'function' ? [] : [field];
  });

/**
 * Whether the optimizer's class or a base class uses private fields (`#name`), which no other code can read.
 * @example
 * class Counting extends tf.SGDOptimizer {
 *   #updates = 0;
 *   applyGradients(gradients) {
 *     this.#updates++;
 *     super.applyGradients(gradients);
 *   }
 * }
 * hasPrivateFields(new Counting(0.1)); // true
 * hasPrivateFields(tf.train.sgd(0.1)); // false
 */
export function hasPrivateFields(optimizer: tf.Optimizer): boolean {
  for (let made: unknown = optimizer.constructor; typeof made === 'function'; made = Object.getPrototypeOf(made)) {
    if (/\.#[\p{ID_Start}_$]/u.test(Function.prototype.toString.call(made))) return true;
  }
  return false;
}
