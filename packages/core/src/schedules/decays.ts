/** Schedules that keep decaying, more and more slowly. */
import { countOf, type EverySteps } from '../options/every.ts';
import * as option from '../options/option.ts';
import { checkOptions } from '../options/options.ts';
import type { Schedule } from '../options/schedule.ts';

/** Options of `exponential`. */
export interface ExponentialOptions {
  /** The value at the first update. */
  readonly from: number;
  /** The value it approaches. */
  readonly to: number;
  /** Per update, > 0: after 1 / decayRate updates, 37 % of the way to `to` is left. */
  readonly decayRate: number;
}

/**
 * to + (from − to) exp(−decayRate · t) at update t: it changes fast at first, then approaches `to`.
 * @example
 * schedule({ learningRate: exponential({ from: 0.1, to: 0.001, decayRate: 1e-3 }) });
 * valueAt(exponential({ from: 1, to: 0, decayRate: 0.01 }), { ...at, step: 100 }); // 0.3679
 * @throws OptionError for ends that are not finite, and for a decayRate ≤ 0
 */
export function exponential(options: ExponentialOptions): Schedule {
  const { from, to, decayRate } = checkOptions<ExponentialOptions>(
    'exponential',
    { from: option.number(), to: option.number(), decayRate: option.number({ above: 0 }) },
    options,
  );
  return Object.freeze({ schedule: 'exponential', values: [from, to] as const, decayRate });
}

/** Options of `inverseTime`. */
export interface InverseTimeOptions {
  /** The value at the first update. */
  readonly from: number;
  /** Per update, > 0: after 1 / decayRate updates, half is left. */
  readonly decayRate: number;
}

/**
 * from / (1 + decayRate · t) at update t (Robbins & Monro 1951).
 * @example
 * schedule({ learningRate: inverseTime({ from: 0.1, decayRate: 1e-3 }) });
 * valueAt(inverseTime({ from: 0.1, decayRate: 1e-3 }), { ...at, step: 1000 }); // 0.05
 * @throws OptionError for a start that is not finite, and for a decayRate ≤ 0
 */
export function inverseTime(options: InverseTimeOptions): Schedule {
  const { from, decayRate } = checkOptions<InverseTimeOptions>(
    'inverseTime',
    { from: option.number(), decayRate: option.number({ above: 0 }) },
    options,
  );
  return Object.freeze({ schedule: 'inverseTime', values: [from, 0] as const, decayRate });
}

/** Options of `staircase`. */
export interface StaircaseOptions {
  /** The value at the first update. */
  readonly from: number;
  /** 0 < factor ≤ 1. */
  readonly factor: number;
  /** Updates per stair: `{ steps: n }`, or n alone. */
  readonly every: EverySteps;
}

/**
 * from · factor^⌊t / n⌋ at update t: step decay.
 * @example
 * schedule({ learningRate: staircase({ from: 0.1, factor: 0.5, every: 1000 }) });
 * valueAt(staircase({ from: 0.1, factor: 0.5, every: 1000 }), { ...at, step: 2500 }); // 0.025
 * @throws OptionError for a factor outside (0, 1], and for a start that is not finite
 */
export function staircase(options: StaircaseOptions): Schedule {
  const { from, factor, every } = checkOptions<StaircaseOptions>(
    'staircase',
    { from: option.number(), factor: option.number({ above: 0, max: 1 }), every: option.everySteps() },
    options,
  );
  const values = [from, factor === 1 ? from : 0] as const;
  return Object.freeze({ schedule: 'staircase', values, factor, steps: countOf(every) });
}
