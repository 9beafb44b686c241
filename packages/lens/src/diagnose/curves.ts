/** Analysis of training curves: their final level, and whether they are still falling. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { type Measured, mean, meanOf, withDegrees } from '../statistics/measured.ts';

/** Values by metric and epoch: `run.history` of `fit`, or `history.history` of the stock `fit`. */
export type History = Readonly<Record<string, readonly unknown[]>>;

/** The curves of a run, for the epochs in which the validation data were evaluated. */
export interface Curves {
  /** Loss on the training data. */
  readonly train: readonly number[];
  /** Loss on the validation data. */
  readonly validation: readonly number[];
  /** Whether `train` was measured with dropout off, so that the two can be compared. */
  readonly clean: boolean;
  /** Share of rows that the model gets wrong; null if the history has no accuracy. */
  readonly errorRate: { readonly train: readonly number[]; readonly validation: readonly number[] } | null;
  /** The epoch whose weights early stopping restored, counted from 1 among the epochs given here; null if there is none. */
  readonly restored: number | null;
}

/** The best epoch, as early stopping names it in `run.stopped`. */
const bestIn = (stopped: unknown): number | null => {
  const [, epoch] = /did not improve .* of epoch (\d+) /.exec(typeof stopped === 'string' ? stopped : '') ?? [];
  return epoch === undefined ? null : Number(epoch);
};

const first = (history: History, names: readonly string[]): readonly number[] | undefined => {
  const name = names.find(n => Array.isArray(history[n]) && (history[n] as readonly unknown[]).length > 0);
  return name === undefined ? undefined : (history[name] as readonly number[]);
};

/** Picks the epochs in which the validation data were evaluated: for the others, `fit` records a penalty of NaN (`validationFreq`). */
function evaluated(history: History, epochs: number): (values: readonly number[]) => readonly number[] {
  const penalties = first(history, ['valPenalty']);
  if (penalties?.length !== epochs || !penalties.some(Number.isNaN)) return values => values;
  return values => values.filter((_, epoch) => !Number.isNaN(penalties[epoch]));
}

/**
 * @param stopped why a run of `fit` ended before its last epoch
 * @throws DataError for a history without loss or validation loss, or with values that are not finite
 */
export function curvesOf(owner: string, history: History, stopped?: unknown): Curves {
  const clean = first(history, ['cleanLoss']);
  const train = clean ?? first(history, ['loss']);
  const validation = first(history, ['valLoss', 'val_loss']);
  const names = Object.keys(history ?? {}).join(', ') || '(none)';
  if (!train || !validation) throw DataError.of(`${owner}: history`, 'loss and valLoss (or val_loss) by epoch', names);
  const kept = evaluated(history, validation.length);
  const right = first(history, clean ? ['cleanAccuracy'] : ['accuracy', 'acc']);
  const validationRight = first(history, ['valAccuracy', 'val_accuracy', 'val_acc']);
  // only the last accuracies are used
  const rates = [right, validationRight].flatMap(values => kept(values ?? []).slice(-1));
  for (const value of [...train, ...kept(validation), ...rates]) {
    if (!Number.isFinite(value)) throw DataError.of(`${owner}: history`, 'finite numbers', show(value));
  }
  const errorRates = (values: readonly number[]): number[] => kept(values).map(v => 1 - v);
  const restored = bestIn(stopped);
  return {
    train: kept(train),
    validation: kept(validation),
    clean: clean !== undefined,
    errorRate: right && validationRight ? { train: errorRates(right), validation: errorRates(validationRight) } : null,
    restored: restored === null ? null : kept([...validation.keys()].slice(0, restored)).length,
  };
}

/** The window is the last third of the epochs, but at least this many. */
export const MIN_WINDOW = 4;
const windowOf = (values: readonly number[]): readonly number[] =>
  values.slice(-Math.max(MIN_WINDOW, Math.ceil(values.length / 3)));

/** The curves up to the epoch whose weights were restored. */
export function uptoRestored(curves: Curves): Curves {
  const { train, validation, errorRate, restored } = curves;
  if (restored === null) return curves;
  const cut = (values: readonly number[]): readonly number[] => values.slice(0, Math.max(restored, MIN_WINDOW));
  return {
    ...curves,
    train: cut(train),
    validation: cut(validation),
    errorRate: errorRate && { train: cut(errorRate.train), validation: cut(errorRate.validation) },
  };
}

/** Training counts as over after this many epochs without a lower validation loss, whatever the trend before: early stopping would have ended it. */
const PATIENCE = 3;

/** Whether the validation loss was lowest so long ago that more of the same training would not help. */
export function isOver({ validation, restored }: Curves): boolean {
  const lowest = validation.lastIndexOf(Math.min(...validation));
  return restored !== null || validation.length - 1 - lowest >= PATIENCE;
}

export const enoughEpochs = ({ train, validation }: Pick<Curves, 'train' | 'validation'>): boolean =>
  Math.min(train.length, validation.length) >= MIN_WINDOW;

/** How much a curve fell over the epochs of its last third: Δ = −slope × epochs, by least squares. */
export function fallOf(values: readonly number[], confidence: number): Measured {
  const y = windowOf(values);
  const n = y.length;
  const [mx, my] = [(n - 1) / 2, mean(y)];
  const xx = y.reduce((sum, _, x) => sum + (x - mx) ** 2, 0);
  const slope = y.reduce((sum, v, x) => sum + (x - mx) * (v - my), 0) / xx;
  const rest = y.reduce((sum, v, x) => sum + (v - my - slope * (x - mx)) ** 2, 0) / (n - 2);
  return withDegrees(-slope * n, Math.sqrt(rest / xx) * n, n - 2, confidence);
}

/** The final level of a curve: the mean of its last fifth, with the error from its scatter around a line. */
export function levelOf(values: readonly number[], confidence: number): Measured {
  const end = values.slice(-Math.max(MIN_WINDOW, Math.ceil(values.length / 5)));
  const slope = -fallOf(values, confidence).value / windowOf(values).length;
  const straight = end.map((v, i) => v - slope * (i - (end.length - 1) / 2));
  return meanOf(straight, confidence);
}
