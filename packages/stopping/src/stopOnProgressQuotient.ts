import { definePlugin, errorOf, option } from '@keepprob/core';
import { BestEpoch } from './bestEpoch.ts';
import { generalizationLoss } from './stopOnGeneralizationLoss.ts';

/** Options of `stopOnProgressQuotient`. */
export interface StopOnProgressQuotientOptions {
  /** α > 0; Prechelt tries 0.5 to 3. */
  readonly threshold: number;
  /** k ≥ 2: epochs in a strip, at whose end the quotient is checked; 5 by default, as in the paper. */
  readonly stripEpochs?: number;
  /** The error E on validation data, ≥ 0, lower is better; 'valLoss' by default. In stock fit `val_loss` is read as `valLoss`. */
  readonly monitor?: string;
  /** The log of the training error, ≥ 0. Null, the default: `cleanLoss` in `fit` (dropout off), `loss` in stock fit. */
  readonly trainMonitor?: string | null;
  /** Whether to restore the weights of the best epoch, including batch-norm statistics, however training ends; true by default. */
  readonly restoreBest?: boolean;
}

/**
 * P_k = 1000 (mean / minimum − 1) of the training errors of a strip: by how many per mille they are above their minimum on average.
 * @example
 * trainingProgress([1, 2]); // 500
 */
export function trainingProgress(strip: readonly number[]): number {
  const lowest = Math.min(...strip);
  const sum = strip.reduce((a, b) => a + b, 0);
  return sum === strip.length * lowest ? 0 : 1000 * (sum / (strip.length * lowest) - 1);
}

/**
 * Stops at the end of the first strip of k epochs with GL(t) / P_k(t) > α (Prechelt 1998, PQ_α): GL(t) = 100 (E(t) / min E − 1) on validation data,
 * P_k(t) = 1000 (Σ E_tr / (k min E_tr) − 1) on training data over the strip. As long as training still makes good progress, overfitting is
 * given time to recover. Restores the best weights, as `earlyStopping` does.
 * @example
 * await fit(model, { x, y }, { ...options, validation, epochs: 5, plugins: [stopOnProgressQuotient(0.75)] });
 * @throws OptionError before the first update of `fit` when there will be no such logs; PluginError at an epoch where one is missing or negative
 */
export const stopOnProgressQuotient = definePlugin<StopOnProgressQuotientOptions, 'threshold'>({
  name: 'stopOnProgressQuotient',
  shorthand: 'threshold',
  options: {
    threshold: option.number({ above: 0 }),
    stripEpochs: option.number({ min: 2, integer: true, fallback: 5 }),
    monitor: option.string({ fallback: 'valLoss' }),
    trainMonitor: option.orNull({ ...option.string(), expected: 'the name of a log' }),
    restoreBest: option.boolean({ fallback: true }),
  },
  setup({ threshold, stripEpochs, monitor, trainMonitor, restoreBest }, { host }) {
    const curve = trainMonitor ?? (host === 'fit' ? 'cleanLoss' : 'loss');
    const best = new BestEpoch(restoreBest);
    let errors: number[] = [];
    return {
      monitors: () => [monitor, curve],
      epochEnd(logs, weights, at, evaluated) {
        const error = errorOf('stopOnProgressQuotient', logs, monitor);
        errors.push(errorOf('stopOnProgressQuotient', logs, curve, 'train'));
        if (error < best.value) best.take(error, weights, at, evaluated);
        if (errors.length < stripEpochs) return;
        const loss = generalizationLoss(error, best.value);
        const progress = trainingProgress(errors);
        errors = [];
        // without any progress every loss is too much; 0 / 0, no loss either, is no reason to stop
        if (!(loss / progress > threshold)) return;
        const [gl, p] = [loss, progress].map(value => value.toPrecision(3));
        const where = `its ${best.value} of epoch ${best.number}`;
        return {
          stop: `${monitor} is ${gl} % above ${where} at a training progress of ${p} ‰ (epoch ${at.epoch + 1})`,
        };
      },
      end: () => best.snapshot,
      state: () => best.state(errors),
      restore(state) {
        errors = [...(best.restore(state) as number[])];
      },
      dispose: () => best.dispose(),
    };
  },
});
