/** Uncertainty of values on folds that share rows. */
import { type Measured, mean, type Numbers, unitsToTell, variance, withDegrees } from '@keepprob/lens/statistics';
import type { Split } from '../contract.ts';

/**
 * The mean of values on n folds, by the corrected resampled t test. Training sets overlap, so the values vary less than those on new data would; the
 * variance is therefore increased by the share of validation rows.
 *
 *     error² = (1/n + n_validation/n_train) s²        interval = mean ± t_{n−1} error
 *
 * For k folds, repeated or not, n_validation/n_train is 1/(k − 1) (Bouckaert & Frank 2004), and the error does not fall below √(1/(k − 1)) s, however
 * often folds are drawn: only more rows or a larger k could reduce it. Values of one fold with several seeds count once, as their mean.
 *
 * Nadeau & Bengio, "Inference for the generalization error", Machine Learning 52, 2003.
 * @param values one value per fold, such as the differences of two trials
 * @param ratio n_validation / n_train, as `testShare` computes it
 * @example
 * corrected([0.2, 0.5, 0.3, 0.6], 0.25, 0.95); // { value: 0.4, error: 0.129, interval: [-0.011, 0.811] }
 */
export function corrected(values: Numbers, ratio: number, confidence: number): Measured {
  const n = values.length;
  return withDegrees(mean(values), Math.sqrt(variance(values) * (1 / n + ratio)), n - 1, confidence);
}

/**
 * n_validation / n_train, as the mean over the folds.
 * @example
 * testShare(kFold({ k: 5 }).split({ count: 150 }, 7)); // 0.25
 */
export const testShare = (folds: readonly Pick<Split, 'train' | 'validation'>[]): number =>
  mean(folds.map(({ train, validation }) => validation.length / train.length));

/**
 * The smallest number of folds with which the corrected interval of the mean would exclude 0, if mean and spread are as measured.
 * @example
 * foldsToTell([0.2, 0.5, 0.3, 0.6], 0.25, 0.95); // 5
 * foldsToTell([0.2, -0.5, 0.3, 0.6], 0.25, 0.95); // null
 * @returns null if no number of such folds would be enough, only more rows or a larger k
 */
export const foldsToTell = (values: Numbers, ratio: number, confidence: number): number | null => {
  const spread = variance(values);
  return unitsToTell(Math.abs(mean(values)), spread, spread * ratio, confidence);
};
