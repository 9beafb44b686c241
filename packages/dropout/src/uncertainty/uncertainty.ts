/**
 * What samples of one batch tell, taken one at a time. Gal & Ghahramani, "Dropout as a Bayesian approximation", ICML 2016, §4, and Houlsby,
 * Huszár, Ghahramani & Lengyel, "Bayesian active learning for classification and preference learning", 2011, for the mutual information.
 */
import { checkOptions, option } from '@keepprob/core';

type Values = ArrayLike<number>;

/** Something computed from the samples ŷ₁ … ŷ_T of a batch. */
export interface Statistic {
  add(sample: Values): void;
  /** By name; each with the same number of values for every row of the batch. */
  results(): Readonly<Record<string, Values>>;
}

/** mean = Σ ŷ / T and variance = Σ (ŷ − mean)² / (T − 1) + `noise`, elementwise. Running sums of Welford 1962: no sample is kept. */
export function moments(size: number, noise = 0): Statistic {
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  let count = 0;
  return {
    add(sample) {
      count++;
      for (let i = 0; i < size; i++) {
        const [value = Number.NaN, before = 0] = [sample[i], mean[i]];
        const after = before + (value - before) / count;
        mean[i] = after;
        squares[i] = (squares[i] ?? 0) + (value - before) * (value - after);
      }
    },
    results: () => ({ mean, variance: squares.map(sum => sum / (count - 1) + noise) }),
  };
}

/** The quantile q of sorted numbers, linear between its neighbours (type 7 of Hyndman & Fan 1996). */
export function quantile(sorted: Values, q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below] ?? Number.NaN;
  const high = sorted[below + 1] ?? low;
  return low + (at - below) * (high - low);
}

/**
 * Φ(z), the share of a normal distribution below z standard deviations, to 1.5e-7 (Abramowitz & Stegun 1964, 7.1.26).
 */
export function normalShare(z: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(z)) / Math.SQRT2);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (series * Math.exp((-z * z) / 2)) / 2;
  return z < 0 ? tail : 1 - tail;
}

/** More standard deviations than any share that is asked for is away. */
const FAR = 9;
/** Halvings that leave less than float32 can tell. */
const HALVINGS = 32;

/** The quantile q of what the model predicts: sorted samples, each with normal noise of this deviation around it. By bisection. */
export function noisyQuantile(sorted: Values, deviation: number, q: number): number {
  if (deviation === 0) return quantile(sorted, q);
  const samples = Array.from(sorted);
  let [low, high] = [Math.min(...samples) - FAR * deviation, Math.max(...samples) + FAR * deviation];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    const below = samples.reduce((sum, sample) => sum + normalShare((middle - sample) / deviation), 0);
    if (below < q * samples.length) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The quantiles (1 ∓ level) / 2, elementwise: of the samples, or, with the variance 1/τ of the noise, of what they predict of y. Keeps the samples of
 * the batch.
 */
export function interval(size: number, level: number, noise = 0): Statistic {
  const deviation = Math.sqrt(noise);
  const samples: Float32Array[] = [];
  return {
    add: sample => void samples.push(Float32Array.from(sample)),
    results() {
      const [lower, upper] = [new Float64Array(size), new Float64Array(size)];
      const values = new Float32Array(samples.length);
      for (let i = 0; i < size; i++) {
        for (const [t, sample] of samples.entries()) values[t] = sample[i] ?? Number.NaN;
        values.sort();
        lower[i] = noisyQuantile(values, deviation, (1 - level) / 2);
        upper[i] = noisyQuantile(values, deviation, (1 + level) / 2);
      }
      return { lower, upper };
    },
  };
}

const surprise = (p: number): number => (p > 0 ? -p * Math.log(p) : 0);

/** Entropies in nats: of each `classes` probabilities in a row, or, where `classes` is 1, of each p and 1 − p. */
export function entropyOf(p: Values, classes: number): Float64Array {
  return new Float64Array(p.length / classes).map((_, row) => {
    let entropy = 0;
    for (let i = row * classes; i < (row + 1) * classes; i++) {
      const pi = p[i] ?? Number.NaN;
      entropy += surprise(pi) + (classes === 1 ? surprise(1 - pi) : 0);
    }
    return entropy;
  });
}

/**
 * entropy = H(mean p), all of the uncertainty; expectedEntropy = mean H(p), that of the data; mutualInformation = their difference, that
 * of the model (BALD). In nats.
 */
export function entropies(size: number, classes: number): Statistic {
  let sum = new Float64Array(size);
  let entropySum = new Float64Array(size / classes);
  let count = 0;
  return {
    add(sample) {
      count++;
      sum = sum.map((before, i) => before + (sample[i] ?? Number.NaN));
      entropySum = entropyOf(sample, classes).map((h, i) => h + (entropySum[i] ?? 0));
    },
    results() {
      const mean = sum.map(p => p / count);
      const entropy = entropyOf(mean, classes);
      const expectedEntropy = entropySum.map(h => h / count);
      return {
        entropy,
        expectedEntropy,
        mutualInformation: expectedEntropy.map((expected, i) => Math.max(0, (entropy[i] ?? expected) - expected)),
      };
    },
  };
}

/** log Σ exp(−½ τ ‖y − ŷ_t‖²) − log T − ½ D log 2π + ½ D log τ for each row of D numbers: the log-likelihood of y (Gal & Ghahramani, eq. 8). */
export function logLikelihood(y: Values, features: number, precision: number): Statistic {
  const targets = Array.from(y);
  /** The largest term so far, and Σ exp(term − most). */
  const rows = Array.from({ length: y.length / features }, (_, row) => ({
    first: row * features,
    target: targets.slice(row * features, (row + 1) * features),
    most: Number.NEGATIVE_INFINITY,
    sum: 0,
  }));
  let count = 0;
  return {
    add(sample) {
      count++;
      for (const row of rows) {
        let squares = 0;
        for (const [i, y] of row.target.entries()) squares += (y - (sample[row.first + i] ?? Number.NaN)) ** 2;
        const term = -0.5 * precision * squares;
        const top = Math.max(row.most, term);
        row.sum = row.sum * Math.exp(row.most - top) + Math.exp(term - top);
        row.most = top;
      }
    },
    results() {
      const constant = -Math.log(count) + 0.5 * features * Math.log(precision / (2 * Math.PI));
      return { logLikelihood: rows.map(({ most, sum }) => most + Math.log(sum) + constant) };
    },
  };
}

/** Options of `modelPrecision`. */
export interface ModelPrecisionOptions {
  /** p: keepProb of the dropout in front of the weights. */
  readonly keepProb: number;
  /** l: length scale of the prior; large if you expect smooth functions. */
  readonly lengthScale: number;
  /** N: rows of the training set. */
  readonly rows: number;
  /**
   * λ of the penalty λ Σ w² in J: the `strength` of `l2`, next to the mean of ½ (y − ŷ)², as in the paper. With a mean squared error without ½,
   * such as TF.js' 'meanSquaredError', give half of it: τ = p l² / (Nλ).
   */
  readonly l2: number;
}

/**
 * τ = p l² / (2 N λ): the precision of the Gaussian noise that a network trained with dropout and L2 implies (Gal & Ghahramani 2016, eq. 7). For a mean
 * squared error without ½ it is p l² / (N λ), so pass λ/2.
 * @example
 * modelPrecision({ keepProb: 0.95, lengthScale: 0.01, rows: 455, l2: 1e-4 }); // 0.001044
 * @throws OptionError for a keepProb outside (0, 1], and for other numbers ≤ 0
 */
export function modelPrecision(options: ModelPrecisionOptions): number {
  const positive = option.number({ above: 0 });
  const { keepProb, lengthScale, rows, l2 } = checkOptions<ModelPrecisionOptions>(
    'modelPrecision',
    {
      keepProb: option.keepProb(),
      lengthScale: positive,
      rows: option.number({ min: 1, integer: true }),
      l2: positive,
    },
    options,
  );
  return (keepProb * lengthScale ** 2) / (2 * rows * l2);
}
