import { definePlugin, logOf, type Mode, modeOption, option, signOf } from '@keepprob/core';

/** Options of `reduceOnPlateau`. */
export interface ReduceOnPlateauOptions {
  /** Which log to watch, 'valLoss' by default; in stock fit `val_loss` is read as `valLoss`. */
  readonly monitor?: string;
  /**
   * Whether lower or higher is better. 'auto', the default, goes by the last word of the name: a loss, error, cost or penalty falls; accuracy, AUC,
   * precision, recall, F1, IoU, Dice and R² rise; other names need 'min' or 'max'.
   */
  readonly mode?: Mode;
  /** The factor by which the learning rate is multiplied, 0 < factor < 1; 0.1 by default. */
  readonly factor?: number;
  /** Number of epochs without improvement after which the rate is reduced; 10 by default. */
  readonly patience?: number;
  /** A change has to be larger than this to count as an improvement; 1e-4 by default. */
  readonly minDelta?: number;
  /** Number of epochs after a reduction that do not count; 0 by default. */
  readonly cooldown?: number;
  /** The learning rate never falls below it; 0 by default. */
  readonly minLearningRate?: number;
}

/**
 * max(η × factor, minimum), and never more than η.
 * @example
 * reduced(0.1, 0.5, 0.06); // 0.06
 */
export const reduced = (rate: number, factor: number, minimum: number): number =>
  Math.min(rate, Math.max(rate * factor, minimum));

/**
 * Multiplies the learning rate by `factor` when `monitor` has not improved for `patience` epochs, like Keras' ReduceLROnPlateau, with the same defaults.
 * @example
 * await fit(model, { x, y }, { ...options, validation, epochs: 5, plugins: [reduceOnPlateau({ factor: 0.5, patience: 3 })] });
 * @throws OptionError before the first update of `fit` when there will be no such log; in stock fit, PluginError at the first epoch. The error lists the logs there are
 */
export const reduceOnPlateau = definePlugin<ReduceOnPlateauOptions>({
  name: 'reduceOnPlateau',
  options: {
    monitor: option.string({ fallback: 'valLoss' }),
    mode: modeOption,
    factor: option.number({ above: 0, below: 1, fallback: 0.1 }),
    patience: option.number({ min: 0, integer: true, fallback: 10 }),
    minDelta: option.number({ min: 0, fallback: 1e-4 }),
    cooldown: option.number({ min: 0, integer: true, fallback: 0 }),
    minLearningRate: option.number({ min: 0, fallback: 0 }),
  },
  setup({ monitor, mode, factor, patience, minDelta, cooldown, minLearningRate }) {
    const sign = signOf('reduceOnPlateau', monitor, mode);
    let best = Number.POSITIVE_INFINITY;
    let waited = 0;
    let cooling = 0;
    return {
      monitors: () => [monitor],
      epochEnd(logs, _, at) {
        const value = logOf('reduceOnPlateau', logs, monitor);
        if (cooling > 0) {
          cooling--;
          waited = 0;
        }
        if (sign * value < best - minDelta) {
          best = sign * value;
          waited = 0;
          return;
        }
        if (cooling > 0 || ++waited < patience) return;
        waited = 0;
        cooling = cooldown;
        return { learningRate: reduced(at.learningRate, factor, minLearningRate) };
      },
      state: () => ({ tensors: {}, values: { best: Number.isFinite(best) ? best : null, waited, cooling } }),
      restore({ values }) {
        const state = values as { best: number | null; waited: number; cooling: number };
        best = state.best ?? Number.POSITIVE_INFINITY;
        ({ waited, cooling } = state);
      },
    };
  },
});
