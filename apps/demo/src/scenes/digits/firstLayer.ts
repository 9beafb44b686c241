/** What the units of the first hidden layer look for: the weights into each, as a picture of 28 × 28. */
import type { DenseNetwork } from '../../stage/dense.ts';

/** Units that are drawn of each network. */
export const drawnUnits = 12;
/** The share of the drawn weights that are not cut off at the ends of the scale. */
const inScale = 0.99;

export interface UnitWeights {
  readonly unit: number;
  /** √Σ w² of the weights into it. */
  readonly norm: number;
  /** [784] */
  readonly weights: Float32Array;
  /** The share of its weights above 0. */
  readonly positive: number;
}

/** The units with the longest vectors of weights, the longest first. */
export function longest(network: DenseNetwork, count = drawnUnits): UnitWeights[] {
  const [first] = network;
  if (!first) return [];
  const units = first.bias.length;
  return Array.from({ length: units }, (_, unit) => {
    const weights = first.kernel.filter((_, i) => i % units === unit);
    const norm = Math.sqrt(weights.reduce((sum, weight) => sum + weight ** 2, 0));
    return { unit, norm, weights, positive: weights.reduce((n, weight) => n + Number(weight > 0), 0) / weights.length };
  })
    .toSorted((a, b) => b.norm - a.norm)
    .slice(0, count);
}

/** The |w| at which the scale ends, one for all pictures. */
export function scaleOf(units: readonly UnitWeights[]): number {
  const sizes = Float32Array.from(units.flatMap(({ weights }) => [...weights].map(Math.abs))).sort();
  return sizes[Math.floor(inScale * (sizes.length - 1))] || 1;
}

/** Mean norm over all units of the layer. */
export function meanNorm(network: DenseNetwork): number {
  const all = longest(network, Number.POSITIVE_INFINITY);
  return all.reduce((sum, { norm }) => sum + norm, 0) / (all.length || 1);
}
