/** What the units of the first hidden layer look for: the weights into each, as a picture of 28 × 28. */
import type { DenseLayer, DenseNetwork } from '../../stage/dense.ts';

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

/** Σ w² of the weights into each unit. */
function squaresOf({ kernel, bias }: DenseLayer): Float64Array {
  const units = bias.length;
  const squares = new Float64Array(units);
  for (let i = 0; i < kernel.length; i++) squares[i % units] = (squares[i % units] ?? 0) + (kernel[i] ?? 0) ** 2;
  return squares;
}

/** The units with the longest vectors of weights, the longest first. */
export function longest([first]: DenseNetwork, count = drawnUnits): UnitWeights[] {
  if (!first) return [];
  const units = first.bias.length;
  return [...squaresOf(first).entries()]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, count)
    .map(([unit, square]) => {
      const weights = Float32Array.from(
        { length: first.kernel.length / units },
        (_, pixel) => first.kernel[pixel * units + unit] ?? 0,
      );
      const positive = weights.reduce((n, weight) => n + Number(weight > 0), 0) / weights.length;
      return { unit, norm: Math.sqrt(square), weights, positive };
    });
}

/** The |w| at which the scale ends, one for all pictures. */
export function scaleOf(units: readonly UnitWeights[]): number {
  const sizes = Float32Array.from(units.flatMap(({ weights }) => Array.from(weights, Math.abs))).sort();
  return sizes[Math.floor(inScale * (sizes.length - 1))] || 1;
}

/** Mean norm over all units of the layer. */
export const meanNorm = ([first]: DenseNetwork): number =>
  first ? squaresOf(first).reduce((sum, square) => sum + Math.sqrt(square), 0) / first.bias.length : 0;
