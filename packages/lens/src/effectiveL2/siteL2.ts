/** The result for one dropout, from its sums and its samples. */

import type { NoiseSite } from '../model/noiseSites.ts';
import { addScaled, sum } from '../statistics/vectors.ts';
import type { Loss } from './curvature.ts';
import { lambdaOfUnits, squaredNorm } from './lambda.ts';
import type { Estimate } from './sampledPenalty.ts';
import { PROBES, type SiteSum } from './secondOrder.ts';
import { denseReader } from './slots.ts';

/**
 * How the penalty was computed. `exact`: squared error, everything after the dropout is affine. `quadratic`: cross-entropy, everything after the dropout
 * is affine up to its link (Wager et al. 2013). `secondOrder`: anything else (Wei et al. 2020).
 */
export type Theory = 'exact' | 'quadratic' | 'secondOrder';

/** The penalty that one dropout adds to the mean loss per row. */
export interface SiteL2 {
  /** Name of the dropout layer, or of the layer or input that is dropped. */
  readonly name: string;
  /** Its keepProb. */
  readonly keepProb: number;
  /** Whether it drops the model's input. */
  readonly isInput: boolean;
  /** How `penalty` was computed. */
  readonly theory: Theory;
  /** The penalty by theory. Its error is 0 unless random directions were used. */
  readonly penalty: Estimate;
  /** The same, sampled with this dropout alone. */
  readonly sampled: Estimate;
  /** The layers whose matrices multiply the dropped units. */
  readonly meets: readonly string[];
  /** The share of the penalty that belongs to each dropped unit (element of a row's mask). */
  readonly units: Float64Array;
  /**
   * λ_j by input j of those matrices, with Σ_j λ_j Σ_k w_jk² = penalty; null if another layer lies in between. NaN if all weights of j are 0. For squared
   * error with affine layers after the dropout and for one output, λ_j is that of each single weight.
   */
  readonly lambda: Float64Array | null;
  /** λ_jk = ½ (q/p) mean h_j² M_kk by weight, M the curvature of the loss with respect to the pre-activation; without the terms between weights. */
  readonly weights: { readonly values: Float64Array; readonly shape: readonly [number, number] } | null;
  /** The plain L2 λ of the same size, with λ Σ w² over those matrices, from the theoretical penalty. */
  readonly l2: Estimate | null;
  /** The same as `l2`, from the sampled penalty. */
  readonly sampledL2: Estimate | null;
}

/** Σ over the units; with random passes, the standard error of their mean. */
function estimate(passes: Float64Array, rows: number, exact: boolean): Estimate {
  const value = sum(passes) / rows;
  if (exact) return { value, error: 0 };
  const each = Array.from(passes, pass => (pass * PROBES) / rows);
  const variance = sum(each.map(v => (v - value) ** 2)) / (PROBES - 1);
  return { value, error: Math.sqrt(variance / PROBES) };
}

/** The penalty of all sites together, pass by pass. */
export function total(sums: readonly SiteSum[], rows: number, exact: boolean): Estimate {
  const passes = new Float64Array(sums[0]?.passes.length ?? 0);
  for (const site of sums) addScaled(passes, site.passes);
  return estimate(passes, rows, exact);
}

const times = ({ value, error }: Estimate, factor: number): Estimate => ({
  value: value * factor,
  error: error * factor,
});

export async function siteL2(
  site: NoiseSite,
  loss: Loss,
  { units: unitSums, passes, weights }: SiteSum,
  sampled: Estimate,
  rows: number,
  exact: boolean,
): Promise<SiteL2> {
  const readers = site.readers ?? [];
  const penalty = estimate(passes, rows, exact);
  const units = unitSums.map(v => v / rows);
  const norm = await squaredNorm(readers);
  const dense = denseReader(site);
  const shape = dense?.weights[0]?.read().shape as [number, number] | undefined;
  const canonical = loss.name === 'meanSquaredError' ? 'exact' : 'quadratic';
  return {
    name: site.name,
    keepProb: site.keepProb,
    isInput: site.isInput,
    theory: site.linear ? canonical : 'secondOrder',
    penalty,
    sampled,
    meets: readers.map(({ layer }) => layer.name),
    units,
    lambda: await lambdaOfUnits(units, readers),
    weights: weights && shape ? { values: weights.map(v => v / rows), shape } : null,
    l2: norm > 0 ? times(penalty, 1 / norm) : null,
    sampledL2: norm > 0 ? times(sampled, 1 / norm) : null,
  };
}
