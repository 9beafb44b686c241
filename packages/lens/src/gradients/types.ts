/** What gradientCheck tells. */

import type { Finding } from '../finding/finding.ts';
import type { SlopeVerdict } from './slope.ts';

/** The gradient of J by one weight against the slopes of J. */
export interface WeightGradient {
  /** Name of the layer, with its path where several have that name. */
  readonly layer: string;
  /** The weight, as `weightsOf` names it. */
  readonly path: string;
  /** Whether the gradient by this weight is right. */
  readonly verdict: SlopeVerdict;
  /** |analytic − numeric| / their size, where it is worst. */
  readonly relativeError: number;
  /** Five standard errors of the numeric slope there, in the same unit: rounding of float32, kinks of ReLU. */
  readonly noise: number;
  /** The slope by the gradient that training uses. */
  readonly analytic: number;
  /** The slope by differences of J. */
  readonly numeric: number;
}

/** What `gradientCheck` found. */
export interface GradientCheck extends Finding {
  /** `cannotTell`: for some weights the slopes of J are lost in rounding, and no gradient is wrong. */
  readonly verdict: 'sound' | 'wrong' | 'cannotTell';
  /** Each weight by itself. */
  readonly weights: readonly WeightGradient[];
  /** The causes of wrong gradients, checked one by one. */
  readonly causes: readonly Cause[];
}

/** The cause of a wrong gradient. */
export interface Cause {
  /** Where the cause is. */
  readonly what: 'layer' | 'loss' | 'penalty' | 'unknown';
  /** Name of the layer, with its path if several have the name; or of the plugins with a penalty; or, if the cause is unknown, of the last layer whose weights have a wrong gradient. */
  readonly name: string;
  /** What the wrong gradient is taken with respect to. */
  readonly by: 'input' | 'weights' | 'predictions' | 'J';
  /** Numeric slope divided by the slope from the gradient: the factor that would correct it, if it is wrong by a factor. */
  readonly ratio: number;
}
