import type { ArrayData } from '@keepprob/trainer';
import type { Trial } from '../contract.ts';
import type { Chosen } from '../space/chosen.ts';
import type { Found } from './found/found.ts';
import type { SearchOptions } from './options.ts';
import { inMemory, searchAt } from './searchAt.ts';

/**
 * Searches hyperparameters by cross-validation, and reports honestly how good they are. Every trial is measured on the same folds with the same seeds, so
 * all comparisons are paired; the first one is always "off" (keepProb 1, λ 0). At the end the best trials are measured again on fresh folds and seeds,
 * since the best of many is partly luck. From these results one is chosen, compared with itself without regularization, and trained on all rows.
 *
 * The result of a unit is the metric with the weights that `fit` ends with: the last ones, or those that early stopping restores. With early stopping it
 * is a little too good, because the same rows choose the epoch and measure it; this holds for all trials alike.
 * @example
 * const trial = ({ keep }, { seed }) => ({
 *   model: tf.sequential({ layers: [
 *     tf.layers.dense({ units: 8, activation: 'relu', inputShape: [4], kernelInitializer: tf.initializers.glorotUniform({ seed }) }),
 *     dropout({ keepProb: keep }),
 *     tf.layers.dense({ units: 2, activation: 'softmax' }),
 *   ] }),
 *   options: { loss: 'categoricalCrossentropy', optimizer: tf.train.adam(0.01), epochs: 2 },
 * });
 * const found = await search(trial, { x, y }, { space: { keep: keepProb(0.5, 1) }, trials: 3, confirm: { top: 1, seeds: 1 }, seed: 7, progress: false });
 * found.chosen.values; // such as { keep: 0.8 }
 * found.against.off.verdict; // 'helps', 'hurts' or 'cannotTell'
 * found.trials.length >= 3; // true
 * @throws OptionError, DataError before anything happens; SearchError if the search cannot start or continue; the reason of `signal` if it aborts before
 * a trial is complete
 */
export function search<const C>(
  trial: Trial<Chosen<C>> | URL,
  data: ArrayData,
  options: SearchOptions<C>,
): Promise<Found<Chosen<C>>> {
  return searchAt(inMemory, trial, data, options);
}
