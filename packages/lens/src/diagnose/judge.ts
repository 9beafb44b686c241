/**
 * Judges bias and variance from numbers alone, in units of what there is to learn, S = baseline − target:
 *
 *     bias = (train − target) / S        variance = (validation − train) / S
 *
 * A share is high if its interval lies above the tolerance, low if below, and otherwise undecided.
 */
import type { Measured } from '../statistics/measured.ts';

/** The verdict of `diagnose`, which explains each of them. */
export type BiasVariance = 'underfits' | 'overfits' | 'fits' | 'notConverged' | 'leaks' | 'cannotTell';

export interface Evidence {
  /** Loss on the training data, dropout off. */
  readonly train: Measured;
  /** Validation loss − training loss. */
  readonly gap: Measured;
  /** Loss of a model that has learned nothing. */
  readonly baseline: number;
  /** The lowest achievable loss. */
  readonly target: number;
  /** How much the training and the validation loss fell over the last third of training; null without a history. */
  readonly falls: {
    readonly train: Measured;
    readonly validation: Measured | null;
    /** Whether the validation loss was lowest some epochs before the end: the best epoch counts, and training was over. */
    readonly over: boolean;
  } | null;
}

type Share = readonly [low: number, high: number];

export interface Judgement {
  readonly verdict: BiasVariance;
  /** Why the intervals do not decide; null if they do. */
  readonly reason: string | null;
  readonly bias: Share;
  readonly variance: Share;
}

export function judge({ train, gap, baseline, target, falls }: Evidence, tolerance: number): Judgement {
  const scale = baseline - target;
  const share = ([low, high]: Measured['interval'], offset = 0): Share => [
    (low - offset) / scale,
    (high - offset) / scale,
  ];
  const [bias, variance] = [share(train.interval, target), share(gap.interval)];
  const high = ([low]: Share): boolean => low > tolerance;
  const small = ([below, above]: Share): boolean => -tolerance < below && above < tolerance;
  // a fall of half the tolerance in as many more epochs would change the answer
  const moves = ({ interval }: Measured): boolean =>
    interval[0] > 0 && (interval[0] + interval[1]) / 2 > (tolerance / 2) * scale;
  const rises = ({ interval }: Measured): boolean => interval[1] < 0;
  const improves =
    falls &&
    !falls.over &&
    (falls.validation
      ? moves(falls.validation) || (moves(falls.train) && !rises(falls.validation))
      : moves(falls.train));
  const verdict = ((): BiasVariance => {
    if (variance[1] < -tolerance) return 'leaks';
    if (improves) return 'notConverged';
    if (high(bias) && high(variance)) return middle(variance) > middle(bias) ? 'overfits' : 'underfits';
    if (high(variance)) return 'overfits';
    if (high(bias) && small(variance)) return 'underfits';
    if (small(bias) && small(variance)) return 'fits';
    return 'cannotTell';
  })();
  const open = [
    ...(high(variance) || small(variance) ? [] : ['variance']),
    ...(high(bias) || small(bias) ? [] : ['bias']),
  ];
  const reason =
    verdict === 'cannotTell'
      ? `the interval of the ${open.join(' and that of the ')} reaches across the tolerance`
      : null;
  return { verdict, reason, bias, variance };
}

const middle = ([low, high]: Share): number => (low + high) / 2;

/** Number of validation rows at which the interval of the gap would exclude the tolerance, if the gap is as measured. */
export function rowsToDecide({ gap, baseline, target }: Evidence, tolerance: number, rows: number): number | null {
  const half = (gap.interval[1] - gap.interval[0]) / 2;
  const distance = Math.abs(gap.value - tolerance * (baseline - target));
  const needed = Math.ceil(rows * (half / distance) ** 2);
  return Number.isFinite(needed) && needed > rows ? needed : null;
}
