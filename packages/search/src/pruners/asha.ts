/** Ends units by their first epochs. */
import { type OptionSpecs, option } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import type { Pruner } from '../contract.ts';

/** Options of `asha`. */
export interface AshaOptions {
  /** The epoch of the first rung: late, see there. */
  readonly first: number;
  /** η: rungs lie at first, first · η, first · η², …, and one trial in η passes each. */
  readonly factor?: number;
}

const specs: OptionSpecs<AshaOptions> = {
  first: option.number({ min: 1, integer: true }),
  factor: option.number({ min: 2, integer: true, fallback: 2 }),
};

/**
 * Asynchronous successive halving over epochs: at the rungs first · ηⁱ a trial goes on if its value is among the best ⌈n/η⌉ of the n that came so far on the same
 * fold with the same seed, itself included. Nobody waits, and the first η − 1 that come to a rung all pass. Where the engine knows the curves of complete trials alone, those that were ended do not
 * count, and the bar rises with what has passed.
 *
 * **Rungs belong late.** Regularization is judged wrongly by first epochs: dropout and augmentation learn slower and overtake afterwards, so that an early rung ends just
 * what a search for keepProb is to find. Put `first` where the curves of a plain and a strongly regularized run have crossed, at half of all epochs or later; else take `paired`,
 * which ends trials by whole units.
 *
 * Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020 (rows are never the budget here: fewer rows want more regularization).
 * @example
 * const pruner = asha({ first: 20, factor: 2 });
 * pruner.stop(19, 0.5, [0.1, 0.2, 0.3]); // false
 * pruner.stop(20, 0.5, [0.1, 0.2, 0.3]); // true
 * pruner.stop(20, 0.2, [0.1, 0.3, 0.4]); // false
 * @throws OptionError for values out of range
 */
export function asha(options: AshaOptions): Required<Pruner> {
  const { first, factor } = checkOptions<AshaOptions>('asha', specs, options);
  const isRung = (epoch: number): boolean => {
    let rung = first;
    while (rung < epoch) rung *= factor;
    return rung === epoch;
  };
  return {
    name: 'asha',
    prune: () => false,
    stop(epoch, value, others) {
      const n = others.length + 1;
      if (!isRung(epoch) || n < factor) return false;
      const better = others.filter(other => other < value).length;
      return better >= Math.ceil(n / factor);
    },
  };
}
