import { definePlugin, logOf, type Mode, modeOption, option, signOf } from '@keepprob/core';
import { BestEpoch } from './bestEpoch.ts';

/** Options of `earlyStopping`. */
export interface EarlyStoppingOptions {
  /** Which log to watch, 'valLoss' by default; in stock fit `val_loss` is read as `valLoss`. */
  readonly monitor?: string;
  /**
   * Whether lower or higher is better. 'auto', the default, goes by the last word of the name: a loss, error, cost or penalty falls; accuracy, AUC,
   * precision, recall, F1, IoU, Dice and R² rise; other names need 'min' or 'max'.
   */
  readonly mode?: Mode;
  /** A change has to be larger than this to count as an improvement; 0 by default. */
  readonly minDelta?: number;
  /** How many epochs in a row without improvement to wait for; 0 by default, which stops at the first. */
  readonly patience?: number;
  /** The wait restarts only after an improvement that also beats this value. Null, the default, sets no such value. */
  readonly baseline?: number | null;
  /** Epochs before this one (from 0) count neither for the wait nor as the best; 0 by default. */
  readonly startEpoch?: number;
  /** Whether to restore the weights of the best epoch, including batch-norm statistics, however training ends; true by default. */
  readonly restoreBest?: boolean;
}

/**
 * Early stopping (Prechelt 1998) by Keras' rule: ends training when `monitor` has not improved by more than `minDelta` for `patience` epochs,
 * and restores the best weights on every exit: done, stopped, aborted or failed. These are the weights that `monitor` was measured on: the
 * averaged ones if `ema` is in the list. `run.stopped` names the best value and its epoch. NaN is not an improvement.
 * @example
 * const run = await fit(model, { x, y }, { ...options, validation, epochs: 20, plugins: [earlyStopping({ patience: 3 })] });
 * run.stopped; // such as 'valLoss has not improved on 0.69 since epoch 4'
 * @throws OptionError before the first update of `fit` when there will be no such log; in stock fit, PluginError at the first epoch. The error lists the logs there are
 */
export const earlyStopping = definePlugin<EarlyStoppingOptions>({
  name: 'earlyStopping',
  options: {
    monitor: option.string({ fallback: 'valLoss' }),
    mode: modeOption,
    minDelta: option.number({ min: 0, fallback: 0 }),
    patience: option.number({ min: 0, integer: true, fallback: 0 }),
    baseline: option.orNull(option.number()),
    startEpoch: option.number({ min: 0, integer: true, fallback: 0 }),
    restoreBest: option.boolean({ fallback: true }),
  },
  setup({ monitor, mode, minDelta, patience, baseline, startEpoch, restoreBest }) {
    const sign = signOf('earlyStopping', monitor, mode);
    const bar = baseline === null ? Number.POSITIVE_INFINITY : sign * baseline;
    const best = new BestEpoch(restoreBest);
    let waited = 0;
    const reason = (): string => {
      if (best.number === undefined) return `${monitor} was not a number`;
      if (!(best.value < bar - minDelta)) return `${monitor} did not beat the baseline ${baseline}`;
      return `${monitor} did not improve on its ${Number((sign * best.value).toPrecision(4))} of epoch ${best.number}`;
    };
    return {
      monitors: () => [monitor],
      epochEnd(logs, weights, at, evaluated) {
        const value = sign * logOf('earlyStopping', logs, monitor);
        if (at.epoch < startEpoch) return;
        waited++;
        if (value < best.value - minDelta) {
          best.take(value, weights, at, evaluated);
          if (value < bar - minDelta) waited = 0;
          return;
        }
        if (waited < Math.max(1, patience)) return;
        return { stop: `${reason()} for ${waited} epochs (epoch ${at.epoch + 1})` };
      },
      end: () => best.snapshot,
      state: () => best.state(waited),
      restore(state) {
        waited = best.restore(state) as number;
      },
      dispose: () => best.dispose(),
    };
  },
});
