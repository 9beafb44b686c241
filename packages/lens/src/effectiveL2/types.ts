/** The type of the result of `effectiveL2`. */
import type { Finding } from '../finding/finding.ts';
import type { LossName } from './curvature.ts';
import type { Estimate } from './sampledPenalty.ts';
import type { SiteL2 } from './siteL2.ts';

/** The result of `effectiveL2`. */
export interface EffectiveL2 extends Finding {
  /** The loss and its value without dropout. */
  readonly loss: { readonly name: LossName; readonly value: number };
  /** Number of rows of the data. */
  readonly rows: number;
  /** Number of masks per row. */
  readonly samples: number;
  /** Each dropout alone. */
  readonly sites: readonly SiteL2[];
  /** The penalty of all dropouts together. The theory adds them up; sampling includes their interaction. */
  readonly penalty: Estimate;
  /** The same, sampled with all dropouts at once. */
  readonly sampled: Estimate;
  /** Whether the keepProbs are suggestions, because the model has no dropout and none were given. */
  readonly suggested: boolean;
  /** What could not be computed, and faults of stock dropout layers. */
  readonly warnings: readonly string[];
}
