/** Ends units based on their first epochs. */
import { type OptionSpecs, option } from '@keepprob/core';
import { checkOptions } from '@keepprob/core/driver';
import type { Pruner } from '../contract.ts';

/** Options of `asha`. */
export interface AshaOptions {
  /** The epoch of the first rung. Choose it late; see `asha`. */
  readonly first: number;
  /** η: rungs are at first, first · η, first · η², …, and one trial in η passes each. 2 by default. */
  readonly factor?: number;
}

const specs: OptionSpecs<AshaOptions> = {
  first: option.number({ min: 1, integer: true }),
  factor: option.number({ min: 2, integer: true, fallback: 2 }),
};

/**
 * Asynchronous successive halving over epochs: at each rung first · ηⁱ a trial continues if its value is among the best ⌈n/η⌉ of the n trials that
 * reached it so far on the same fold with the same seed, including itself and those stopped there. No trial waits, so the first η − 1 that reach a rung
 * all pass. Trials that are computed at the same time are not compared with each other, so it does not matter which is faster.
 *
 * **Put rungs late.** Early epochs misjudge regularization: dropout and augmentation learn more slowly and overtake later, so an early rung ends
 * exactly those trials that a search for keepProb should find. Put `first` where the curves of a plain and of a strongly regularized run have crossed, at half
 * of all epochs or later. Otherwise use `paired`, which ends trials after whole units.
 *
 * Li et al., "A system for massively parallel hyperparameter tuning", MLSys 2020. Rows are never the budget here, since fewer rows need more
 * regularization.
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
