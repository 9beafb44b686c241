import {
  definePlugin,
  type Logs,
  OptionError,
  option,
  type Snapshot,
  type TrainingPlugin,
  type Weight,
} from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Mode, modeOption, signOf } from './monitor.ts';

export interface EarlyStoppingOptions {
  /** Which log to watch; in stock fit `val_loss` is read as `valLoss`. */
  readonly monitor?: string;
  /** Whether lower or higher is better; 'auto' takes higher for accuracy, AUC, precision, recall and r2. */
  readonly mode?: Mode;
  /** A change smaller than this is no improvement. */
  readonly minDelta?: number;
  /** Epochs without improvement that are waited for. */
  readonly patience?: number;
  /** A value that the first epochs must beat to count as an improvement. */
  readonly baseline?: number | null;
  /** Ends with the weights of the best epoch, batch-norm statistics included, however training ends. */
  readonly restoreBest?: boolean;
}

/**
 * Early stopping (Prechelt 1998): ends training when `monitor` has not improved by more than `minDelta` for `patience` epochs,
 * and gives back the best weights on every exit: done, stopped, aborted or failed.
 *
 * `earlyStopping({ patience: 3 })`
 * @throws PluginError at the first epoch when there is no such log; the error lists the logs there are
 */
export const earlyStopping: (options?: EarlyStoppingOptions) => TrainingPlugin = definePlugin<EarlyStoppingOptions>({
  name: 'earlyStopping',
  options: {
    monitor: option.string({ fallback: 'valLoss' }),
    mode: modeOption,
    minDelta: option.number({ min: 0, fallback: 0 }),
    patience: option.number({ min: 0, integer: true, fallback: 0 }),
    baseline: option.custom<number | null>('a finite number, or null', v => v === null || Number.isFinite(v), {
      fallback: null,
    }),
    restoreBest: option.boolean({ fallback: true }),
  },
  setup({ monitor, mode, minDelta, patience, baseline, restoreBest }) {
    const sign = signOf(monitor, mode);
    let best = baseline === null ? Number.POSITIVE_INFINITY : sign * baseline;
    let waited = 0;
    let snapshot: Map<string, tf.Tensor> = new Map();

    const keep = (weights: readonly Weight[]): void => {
      tf.dispose([...snapshot.values()]);
      snapshot = new Map(weights.map(({ path, variable }) => [path, tf.keep(tf.clone(variable))]));
    };

    return {
      epochEnd(logs, weights, at) {
        const value = sign * read(logs, monitor);
        if (value < best - minDelta) {
          best = value;
          waited = 0;
          if (restoreBest) keep(weights);
          return;
        }
        waited++;
        if (waited < Math.max(1, patience)) return;
        return { stop: `${monitor} did not improve on ${sign * best} for ${waited} epochs (epoch ${at.epoch})` };
      },
      end: (): Snapshot => snapshot,
      state: () => ({
        tensors: Object.fromEntries([...snapshot].map(([path, tensor]) => [path, tf.clone(tensor)])),
        values: { best: Number.isFinite(best) ? best : null, waited },
      }),
      restore({ tensors, values }) {
        const state = values as { best: number | null; waited: number };
        best = state.best ?? Number.POSITIVE_INFINITY;
        waited = state.waited;
        tf.dispose([...snapshot.values()]);
        snapshot = new Map(Object.entries(tensors).map(([path, tensor]) => [path, tf.keep(tf.clone(tensor))]));
      },
      dispose() {
        tf.dispose([...snapshot.values()]);
        snapshot = new Map();
      },
    };
  },
});

function read(logs: Logs, monitor: string): number {
  const value = logs[monitor];
  if (value === undefined) {
    throw OptionError.of(
      'earlyStopping',
      'monitor',
      `one of the logs of this run (${Object.keys(logs).join(', ')})`,
      monitor,
    );
  }
  return value;
}
