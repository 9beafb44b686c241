/** Types of the result of `checkCost`. */

import type { Finding } from '../finding/finding.ts';
import type { GradientCheck } from '../gradients/types.ts';
import type { Smoothed } from '../statistics/smooth.ts';
import type { Descent } from './descend.ts';
import type { Nondeterministic } from './nondeterministic.ts';
import type { NotFinite } from './notFinite.ts';

/** The verdict on J; if several apply, the first in this order. */
export type CostVerdict =
  | 'stochasticLayer'
  | 'wrongGradient'
  | 'notANumber'
  | 'learningRateTooHigh'
  | 'cannotTell'
  | 'flat'
  | 'falls';

/** Gradient descent with dropout on. */
export interface DescentUnderDropout extends Smoothed {
  /** J with the mask of each step. */
  readonly costs: readonly number[];
  /** Mean of the last fifth minus mean of the first, in standard errors. */
  readonly fall: number;
}

/** The result of `checkCost`. */
export interface CostCheck extends Finding {
  /** The answer; `text` explains it. */
  readonly verdict: CostVerdict;
  /** J by step, with dropout and noise off. */
  readonly descent: Descent;
  /** Further descents at a tenth of the learning rate, a hundredth, …, until J falls. */
  readonly slower: readonly Descent[];
  /** A layer that is random although all known noise is off; null if there is none. */
  readonly nondeterministic: Nondeterministic | null;
  /** Null if J has no slope to compare with: a layer is random, or J is not a number. */
  readonly gradient: GradientCheck | null;
  /** Where NaN or Infinity comes from; null if J is finite. */
  readonly notFinite: NotFinite | null;
  /** Null for a model without noise, and if J is not finite at the start. */
  readonly underDropout: DescentUnderDropout | null;
  /** What could not be checked. */
  readonly warnings: readonly string[];
}
