/** One dimension of a Parzen estimator: for each observation a kernel, and a last one for what is known before any, the prior. */
import type { Choice, Dimension, Ordered } from '../../contract.ts';
import { logDensity, logMass, quantileBetween } from './normal.ts';
import { type Scale, scaleOf } from './scale.ts';

export interface Factor {
  /** The logarithm of each kernel's density at a number of the dimension. */
  logDensitiesAt(x: number): (kernel: number) => number;
  /** The number that a kernel draws with the uniform number u. */
  draw(kernel: number, u: number): number;
}

export const factorOf = (dimension: Dimension, observed: readonly number[]): Factor =>
  dimension.kind === 'choice' ? choiceFactor(dimension, observed) : orderedFactor(dimension, observed);

/** A kernel of n + 1 takes its own value with weight 1 + 1/(n + 1), each other one with 1/(n + 1); the prior all with the same. */
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

/** Normal kernels around the observations, cut to the ends of the scale; the prior's is as wide as the scale, in its middle. */
function orderedFactor(dimension: Ordered, observed: readonly number[]): Factor {
  const scale = scaleOf(dimension);
  const { low, high, around } = scale;
  const means = Float64Array.from([...observed.map(scale.to), (low + high) / 2]);
  const sigmas = Float64Array.from([...bandwidths(means.slice(0, -1), scale), high - low]);
  const standard = (y: number, kernel: number): number => (y - (means[kernel] ?? 0)) / (sigmas[kernel] ?? 1);
  // ln of what each kernel is divided by: its mass between the ends, and its width where there is a density
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

/** Each number is computed once: candidates on steps are often equal. */
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
 * The distance of each mean to its neighbours, the wider one (Bergstra, Bardenet, Bengio & Kégl 2011, §4.2); the first and the last have one neighbour,
 * a single one the ends of the scale. At least 1/(2 + n) of the scale, no less than 1/100, and at most all of it.
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
