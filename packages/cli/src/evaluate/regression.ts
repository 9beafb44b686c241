/** Measures how close predicted numbers are. */
import { mean } from '@keepprob/lens/statistics';
import { type Estimate, growing, meanOf, ratioOf } from './intervals.ts';

export interface Regression {
  readonly kind: 'regression';
  readonly label?: string;
  readonly rows: number;
  /** √ mean (prediction − y)². */
  readonly rmse: Estimate;
  /** Mean |prediction − y|. */
  readonly mae: Estimate;
  /** Mean (prediction − y). */
  readonly bias: Estimate;
  /** 1 − Σ(prediction − y)² / Σ(y − mean)²; undefined if all labels are equal. */
  readonly r2?: Estimate;
  /** √ mean (y − mean)²: the RMSE of always predicting the mean of these rows. */
  readonly baseline: number;
}

export function regressionOf(predictions: ArrayLike<number>, y: ArrayLike<number>): Regression {
  const rows = y.length;
  const truth = Float64Array.from(y);
  const errors = truth.map((value, row) => (predictions[row] ?? Number.NaN) - value);
  const squares = errors.map(error => error * error);
  const center = mean(truth);
  const spread = truth.map(value => (value - center) ** 2);
  const variance = mean(spread);
  const { value, low, high } = ratioOf(squares, spread);
  return {
    kind: 'regression',
    rows,
    rmse: growing(meanOf(squares, 0), Math.sqrt),
    mae: meanOf(errors.map(Math.abs), 0),
    bias: meanOf(errors),
    ...(variance > 0 && { r2: { value: 1 - value, low: 1 - high, high: Math.min(1, 1 - low) } }),
    baseline: Math.sqrt(variance),
  };
}
