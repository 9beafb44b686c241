/** Functions that make spaces and check them immediately. */
import { checkSpace } from './checkSpace.ts';
import type { ChoiceSpace, FloatSpace, IntSpace, KeepProbSpace, OrderedOptions } from './spaces.ts';

/**
 * A number between two bounds, both included: uniform, or uniform in ln x with `log`.
 * @example
 * float(1e-6, 1e-2, { log: true, off: 0 }); // { space: 'float', low: 1e-6, high: 1e-2, log: true, off: 0 }
 * @throws OptionError for bounds that are not finite or out of order, `log` with low ≤ 0 or with a step, or a step that does not lead from low to high
 */
export const float = (low: number, high: number, options: OrderedOptions = {}): FloatSpace =>
  checkSpace<FloatSpace>('float', { ...options, space: 'float', low, high });

/**
 * An integer between two bounds, both included.
 * @example
 * int(16, 256, { log: true }); // { space: 'int', low: 16, high: 256, log: true }
 * @throws OptionError as `float` does, and for numbers that are not integers
 */
export const int = (low: number, high: number, options: OrderedOptions = {}): IntSpace =>
  checkSpace<IntSpace>('int', { ...options, space: 'int', low, high });

/**
 * A keepProb between two bounds, both included. It is searched as 1 − keepProb, the distance from "off", which is 1 even if `high` is less.
 * @example
 * keepProb(0.3, 1); // { space: 'keepProb', low: 0.3, high: 1 }
 * const everywhere = keepProb(0.3, 1, { share: 'keep' }); // one number in all places that have it
 * everywhere.share; // 'keep'
 * @throws OptionError for bounds outside (0, 1] or out of order
 */
export const keepProb = (low: number, high: number, options: { readonly share?: string } = {}): KeepProbSpace =>
  checkSpace<KeepProbSpace>('keepProb', { ...options, space: 'keepProb', low, high });

/**
 * One of several values, which have no order. A value may hold further spaces, which are searched only in trials that take it.
 * @example
 * choice(['relu', 'tanh']).of.length; // 2
 * const regularizer = choice([null, { plugin: 'l2', strength: float(1e-6, 1e-2, { log: true }) }], { off: null });
 * readSpace({ regularizer }).dimensions.map(({ name }) => name); // ['regularizer', 'regularizer[1].strength']
 * @throws OptionError for no values, or an `off` that is not among them
 */
export const choice = <const V>(
  of: readonly V[],
  options: { readonly share?: string; readonly off?: NoInfer<V> } = {},
): ChoiceSpace<V> => checkSpace<ChoiceSpace<V>>('choice', { ...options, space: 'choice', of });
