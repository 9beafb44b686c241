import { definePlugin, errorOf, option } from '@keepprob/core';
import { BestEpoch } from './bestEpoch.ts';

/** Options of `stopOnIncreases`. */
export interface StopOnIncreasesOptions {
  /** s ≥ 1: number of strips in a row at whose ends the error has grown; Prechelt tries 2 to 8. */
  readonly increases: number;
  /** k: epochs in a strip; 5 by default, as in the paper. */
  readonly stripEpochs?: number;
  /** The error E on validation data, ≥ 0, lower is better; 'valLoss' by default. In stock fit `val_loss` is read as `valLoss`. */
  readonly monitor?: string;
  /** Whether to restore the weights of the best epoch, including batch-norm statistics, however training ends; true by default. */
  readonly restoreBest?: boolean;
}

/**
 * Stops when the error on validation data has grown in s strips in a row: E(t) > E(t − k) at the ends t, t − k, … of s strips of k epochs
 * (Prechelt 1998, UP_s). The size of the growth does not matter. Restores the best weights, as `earlyStopping` does.
 * @example
 * await fit(model, { x, y }, { ...options, validation, epochs: 5, plugins: [stopOnIncreases(3)] });
 * @throws OptionError before the first update of `fit` when there will be no such log; PluginError at an epoch where it is missing or negative
 */
export const stopOnIncreases = definePlugin<StopOnIncreasesOptions, 'increases'>({
  name: 'stopOnIncreases',
  shorthand: 'increases',
  options: {
    increases: option.number({ min: 1, integer: true }),
    stripEpochs: option.number({ min: 1, integer: true, fallback: 5 }),
    monitor: option.string({ fallback: 'valLoss' }),
    restoreBest: option.boolean({ fallback: true }),
  },
  setup({ increases, stripEpochs, monitor, restoreBest }) {
    const best = new BestEpoch(restoreBest);
    let counts = { epochs: 0, grown: 0, last: null as number | null };
    return {
      monitors: () => [monitor],
      epochEnd(logs, weights, at, evaluated) {
        const error = errorOf('stopOnIncreases', logs, monitor);
        if (error < best.value) best.take(error, weights, at, evaluated);
        counts.epochs++;
        if (counts.epochs % stripEpochs !== 0) return;
        const grew = counts.last !== null && error > counts.last;
        counts = { ...counts, grown: grew ? counts.grown + 1 : 0, last: error };
        if (counts.grown < increases) return;
        const where = `its best was ${best.value} in epoch ${best.number}`;
        return {
          stop: `${monitor} grew over ${counts.grown} strips of ${stripEpochs} epochs (epoch ${at.epoch + 1}; ${where})`,
        };
      },
      end: () => best.snapshot,
      state: () => best.state({ ...counts }),
      restore(state) {
        counts = { ...(best.restore(state) as typeof counts) };
      },
      dispose: () => best.dispose(),
    };
  },
});
