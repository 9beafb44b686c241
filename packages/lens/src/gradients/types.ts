/** Types of the result of `gradientCheck`. */

import type { Finding } from '../finding/finding.ts';
import type { SlopeVerdict } from './slope.ts';

/** The gradient of J with respect to one weight, compared with slopes of J. */
export interface WeightGradient {
  /** Name of the layer, with its path if several have that name. */
  readonly layer: string;
  /** The weight, as `weightsOf` names it. */
  readonly path: string;
  /** Whether the gradient with respect to this weight is right. */
  readonly verdict: SlopeVerdict;
  /** |analytic − numeric| / their size, in the worst direction. */
  readonly relativeError: number;
  /** Five standard errors of the numeric slope in that direction, in the same unit: float32 rounding, ReLU kinks. */
  readonly noise: number;
  /** The slope from the gradient that training uses. */
  readonly analytic: number;
  /** The slope from differences of J. */
  readonly numeric: number;
}

/** The result of `gradientCheck`. */
export interface GradientCheck extends Finding {
  /** `cannotTell`: for some weights the slopes of J are lost in rounding, and no gradient is wrong. */
  readonly verdict: 'sound' | 'wrong' | 'cannotTell';
  /** One result per weight. */
  readonly weights: readonly WeightGradient[];
  /** The causes of wrong gradients, checked one by one. */
  readonly causes: readonly Cause[];
}

/** The cause of a wrong gradient. */
export interface Cause {
  /** The kind of cause. */
  readonly what: 'layer' | 'loss' | 'penalty' | 'unknown';
  /** Name of the layer, with its path if several have it; or of the plugins with a penalty; if the cause is unknown, of the last layer with a wrong gradient. */
  readonly name: string;
  /** The variable that the wrong gradient is taken with respect to. */
  readonly by: 'input' | 'weights' | 'predictions' | 'J';
  /** Numeric slope divided by the slope from the gradient: the factor that would correct it, if it is wrong by a factor. */
  readonly ratio: number;
}
