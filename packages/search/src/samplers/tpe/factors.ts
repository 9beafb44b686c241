/** One dimension of a Parzen estimator: a kernel for each observation, and a last one for the prior. */
import type { Choice, Dimension, Ordered } from '../../contract.ts';
import { logDensity, logMass, quantileBetween } from './normal.ts';
import { type Scale, scaleOf } from './scale.ts';

export interface Factor {
  /** The logarithm of each kernel's density at a number of the dimension. */
  logDensitiesAt(x: number): (kernel: number) => number;
  /** The number that a kernel draws for the uniform number u. */
  draw(kernel: number, u: number): number;
}

export const factorOf = (dimension: Dimension, observed: readonly number[]): Factor =>
  dimension.kind === 'choice' ? choiceFactor(dimension, observed) : orderedFactor(dimension, observed);

/** Each of the n kernels of observations takes its own value with weight 1 + 1/(n + 1) and every other value with 1/(n + 1); the prior is uniform. */
function choiceFactor({ labels: { length: values } }: Choice, observed: readonly number[]): Factor {
  const share = 1 / (observed.length + 1);
  const own = (share + 1) / (1 + values * share);
  const other = share / (1 + values * share);
  const probability = (kernel: number, value: number): number =>
    kernel === observed.length ? 1 / values : observed[kernel] === value ? own : other;
  return {
    logDensitiesAt: x => kernel => Math.log(probability(kernel, x)),
    draw(kernel, u) {
      let value = 0;
      for (let sum = probability(kernel, 0); sum < u && value < values - 1; sum += probability(kernel, value)) value++;
      return value;
    },
  };
}

/** Normal kernels around the observations, truncated to the ends of the scale; the kernel of the prior is in the middle and as wide as the scale. */
function orderedFactor(dimension: Ordered, observed: readonly number[]): Factor {
  const scale = scaleOf(dimension);
  const { low, high, around } = scale;
  const means = Float64Array.from([...observed.map(scale.to), (low + high) / 2]);
  const sigmas = Float64Array.from([...bandwidths(means.slice(0, -1), scale), high - low]);
  const standard = (y: number, kernel: number): number => (y - (means[kernel] ?? 0)) / (sigmas[kernel] ?? 1);
  // ln of the divisor of each kernel: its mass between the ends, and, for densities, its width
  const logDivisors = means.map(
    (_, kernel) =>
      logMass(standard(low, kernel), standard(high, kernel)) + (around ? 0 : Math.log(sigmas[kernel] ?? 1)),
  );

  const continuous = (x: number): ((kernel: number) => number) => {
    const y = scale.to(x);
    return k => logDensity(standard(y, k)) - (logDivisors[k] ?? 0);
  };
  const stepped = remembered((x: number): ((kernel: number) => number) => {
    const [left = 0, right = 0] = around?.(x) ?? [];
    return k => logMass(standard(left, k), standard(right, k)) - (logDivisors[k] ?? 0);
  }, means.length);
  return {
    logDensitiesAt: around ? stepped : continuous,
    draw: (kernel, u) =>
      scale.from(
        (means[kernel] ?? 0) +
          (sigmas[kernel] ?? 1) * quantileBetween(u, standard(low, kernel), standard(high, kernel)),
      ),
  };
}

/** Caches the densities at each number, since candidates on steps are often equal. */
function remembered(densitiesAt: Factor['logDensitiesAt'], kernels: number): Factor['logDensitiesAt'] {
  const known = new Map<number, Float64Array>();
  return x => {
    const densityOf = densitiesAt(x);
    const densities = known.get(x) ?? new Float64Array(kernels).fill(Number.NaN);
    known.set(x, densities);
    return k => {
      if (Number.isNaN(densities[k])) densities[k] = densityOf(k);
      return densities[k] ?? 0;
    };
  };
}

/**
 * The larger distance of each mean to its two neighbors (Bergstra, Bardenet, Bengio & Kégl 2011, §4.2); the first and the last have one neighbor, and a
 * single mean the ends of the scale. At least the larger of 1/(2 + n) and 1/100 of the scale, and at most all of it.
 */
function bandwidths(means: Float64Array, { low, high }: Scale): Float64Array {
  const order = Array.from(means.keys()).sort((a, b) => (means[a] ?? 0) - (means[b] ?? 0));
  const least = (high - low) / Math.min(100, 2 + means.length);
  const sigmas = new Float64Array(means.length);
  for (const [i, k] of order.entries()) {
    const mean = means[k] ?? 0;
    const before = means[order[i - 1] ?? -1];
    const after = means[order[i + 1] ?? -1];
    const isAlone = before === undefined && after === undefined;
    const left = isAlone ? mean - low : mean - (before ?? mean);
    const right = isAlone ? high - mean : (after ?? mean) - mean;
    sigmas[k] = Math.min(high - low, Math.max(least, left, right));
  }
  return sigmas;
}
