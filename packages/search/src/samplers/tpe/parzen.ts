import type { Dimension, Point } from '../../contract.ts';
import { numberIn } from '../../space/points.ts';
import { type Factor, factorOf } from './factors.ts';

/** Number of latest observations that keep their full weight, however many came before. */
const RECENT = 25;

/** A joint density over several dimensions: a mixture of kernels, one around each observation and one for the prior. */
export interface Parzen {
  /** ln of the density at a point, or of the probability for dimensions with steps or choices. */
  logDensity(point: Point): number;
  /** Draws a point: the first uniform number chooses a kernel, each further one the number of a dimension. */
  draw(uniform: () => number): readonly [name: string, number][];
}

/**
 * Multivariate Parzen estimator: p(x) = Σ_k w_k Π_d K_kd(x_d), with k over the observations and the prior (Bergstra et al. 2011; jointly over the dimensions:
 * Falkner, Klein & Hutter, "BOHB", ICML 2018; as in Optuna 5).
 * @param observed the observations in the order of their trials: older ones count less
 */
export function parzen(dimensions: readonly Dimension[], observed: readonly Point[]): Parzen {
  const factors = dimensions.map((dimension): readonly [Dimension, Factor] => [
    dimension,
    factorOf(
      dimension,
      observed.map(point => numberIn(point, dimension.name) ?? 0),
    ),
  ]);
  const weights = [...ramp(observed.length), 1];
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const logWeights = Float64Array.from(weights, weight => Math.log(weight / total));
  // in one dimension a kernel is at most 100 times as high as the prior, or, for a choice, as many times as it has values: far below, it adds nothing
  const negligible = 40 + 10 * dimensions.length;
  return {
    logDensity(point) {
      const sums = logWeights.slice();
      for (const [{ name }, factor] of factors) {
        const densityOf = factor.logDensitiesAt(numberIn(point, name) ?? 0);
        const least = (sums.at(-1) ?? 0) - negligible;
        for (let k = 0; k < sums.length; k++) {
          const sum = sums[k] ?? 0;
          sums[k] = sum < least ? Number.NEGATIVE_INFINITY : sum + densityOf(k);
        }
      }
      return logSumExp(sums);
    },
    draw(uniform) {
      const kernel = kernelAt(weights, uniform() * total);
      return factors.map(([{ name }, factor]) => [name, factor.draw(kernel, uniform())]);
    },
  };
}

/** 1 for the last 25 of n; before those, rising evenly from 1/n to 1. */
export function ramp(n: number): number[] {
  const early = Math.max(0, n - RECENT);
  const slope = early > 1 ? (1 - 1 / n) / (early - 1) : 0;
  return Array.from({ length: n }, (_, i) => (i < early ? 1 / n + i * slope : 1));
}

function kernelAt(weights: readonly number[], at: number): number {
  let sum = 0;
  const found = weights.findIndex(weight => {
    sum += weight;
    return sum > at;
  });
  return found < 0 ? weights.length - 1 : found;
}

function logSumExp(logs: Float64Array): number {
  const most = logs.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  if (most === Number.NEGATIVE_INFINITY) return most;
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - most);
  return most + Math.log(sum);
}
