/** What effectiveL2 tells. */
import type { Finding } from '../finding/finding.ts';
import type { LossName } from './curvature.ts';
import type { Estimate } from './sampledPenalty.ts';
import type { SiteL2 } from './siteL2.ts';

export interface EffectiveL2 extends Finding {
  readonly loss: { readonly name: LossName; readonly value: number };
  readonly rows: number;
  readonly samples: number;
  readonly sites: readonly SiteL2[];
  /** Of all dropouts together; the theory adds them up, sampling sees what they do to each other. */
  readonly penalty: Estimate;
  readonly sampled: Estimate;
  /** Whether the keepProbs are suggested ones, since the model has no dropout and none were given. */
  readonly suggested: boolean;
  /** What could not be told, and defects of stock dropout layers. */
  readonly warnings: readonly string[];
}
