/** Calibration: whether, for example, 80 % of the predictions with a probability of 80 % are right. */

export interface Bin {
  readonly low: number;
  readonly high: number;
  readonly rows: number;
  /** Mean probability of the predicted class. */
  readonly confidence: number;
  /** Share of predictions that are right. */
  readonly accuracy: number;
}

export interface Calibration {
  readonly bins: readonly Bin[];
  /** Σ n_b / n |accuracy − confidence| (Guo et al., ICML 2017). */
  readonly error: number;
  /** The approximate value for a calibrated model on the same number of rows: Σ n_b / n √(2/π) √(c (1 − c) / n_b). */
  readonly expected: number;
}

const BINS = 10;

/** Ten bins of equal width from 0 to 1; empty bins are left out. */
export function calibrationOf(confidence: Float64Array, isRight: readonly boolean[]): Calibration {
  const sums = Array.from({ length: BINS }, () => ({ rows: 0, confidence: 0, right: 0 }));
  for (const [row, p] of confidence.entries()) {
    const bin = sums[Math.min(BINS - 1, Math.floor(p * BINS))];
    if (!bin) continue;
    bin.rows++;
    bin.confidence += p;
    bin.right += isRight[row] ? 1 : 0;
  }
  const bins = sums.flatMap(({ rows, confidence, right }, i): Bin[] =>
    rows ? [{ low: i / BINS, high: (i + 1) / BINS, rows, confidence: confidence / rows, accuracy: right / rows }] : [],
  );
  const mean = (f: (bin: Bin) => number): number =>
    bins.reduce((sum, bin) => sum + (bin.rows / confidence.length) * f(bin), 0);
  return {
    bins,
    error: mean(bin => Math.abs(bin.accuracy - bin.confidence)),
    expected: mean(({ confidence: c, rows }) => Math.sqrt(((2 / Math.PI) * Math.max(0, c * (1 - c))) / rows)),
  };
}
