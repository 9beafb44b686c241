import { definePlugin, errorOf, option } from '@keepprob/core';
import { BestEpoch } from './bestEpoch.ts';

/** Options of `stopOnGeneralizationLoss`. */
export interface StopOnGeneralizationLossOptions {
  /** α > 0 in percent; Prechelt tries 1 to 5. */
  readonly threshold: number;
  /** The error E on validation data, ≥ 0, lower is better; 'valLoss' by default. In stock fit `val_loss` is read as `valLoss`. */
  readonly monitor?: string;
  /** Whether to restore the weights of the best epoch, including batch-norm statistics, however training ends; true by default. */
  readonly restoreBest?: boolean;
}

/**
 * GL = 100 (E / E_opt − 1): by how many percent the error is above the lowest one so far.
 * @example
 * generalizationLoss(1.05, 1); // 5
 */
export const generalizationLoss = (error: number, lowest: number): number =>
  error === lowest ? 0 : 100 * (error / lowest - 1);

/**
 * Stops at the first epoch t with GL(t) = 100 (E(t) / min E − 1) > α, E the error on validation data (Prechelt 1998, GL_α). Unlike patience, it considers how
 * far the error has risen, not for how long. Restores the best weights, as `earlyStopping` does.
 * @example
 * await fit(model, { x, y }, { ...options, validation, epochs: 5, plugins: [stopOnGeneralizationLoss(5)] });
 * @throws OptionError before the first update of `fit` when there will be no such log; PluginError at an epoch where it is missing or negative
 */
export const stopOnGeneralizationLoss = definePlugin<StopOnGeneralizationLossOptions, 'threshold'>({
  name: 'stopOnGeneralizationLoss',
  shorthand: 'threshold',
  options: {
    threshold: option.number({ above: 0 }),
    monitor: option.string({ fallback: 'valLoss' }),
    restoreBest: option.boolean({ fallback: true }),
  },
  setup({ threshold, monitor, restoreBest }) {
    const best = new BestEpoch(restoreBest);
    return {
      monitors: () => [monitor],
      epochEnd(logs, weights, at, evaluated) {
        const error = errorOf('stopOnGeneralizationLoss', logs, monitor);
        if (error < best.value) best.take(error, weights, at, evaluated);
        const loss = generalizationLoss(error, best.value);
        if (!(loss > threshold)) return;
        const where = `its ${best.value} of epoch ${best.number}`;
        return { stop: `${monitor} is ${loss.toPrecision(3)} % above ${where} (epoch ${at.epoch + 1})` };
      },
      end: () => best.snapshot,
      state: () => best.state(null),
      restore: state => void best.restore(state),
      dispose: () => best.dispose(),
    };
  },
});
