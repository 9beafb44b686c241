/** Falling for ever, ever more slowly. */
import { countOf, type EverySteps } from '../options/every.ts';
import * as option from '../options/option.ts';
import { checkOptions } from '../options/options.ts';
import type { Schedule } from '../options/schedule.ts';

export interface ExponentialOptions {
  readonly from: number;
  readonly to: number;
  /** Per update, > 0: after 1 / decayRate updates 37 % of the way is left. */
  readonly decayRate: number;
}

/** to + (from − to) exp(−decayRate · t) at update t: fast at first, ever closer to `to`. */
export function exponential(options: ExponentialOptions): Schedule {
  const { from, to, decayRate } = checkOptions<ExponentialOptions>(
    'exponential',
    { from: option.number(), to: option.number(), decayRate: option.number({ above: 0 }) },
    options,
  );
  return Object.freeze({ schedule: 'exponential', values: [from, to] as const, decayRate });
}

export interface InverseTimeOptions {
  readonly from: number;
  /** Per update, > 0: after 1 / decayRate updates half is left. */
  readonly decayRate: number;
}

/** from / (1 + decayRate · t) at update t (Robbins & Monro 1951). */
export function inverseTime(options: InverseTimeOptions): Schedule {
  const { from, decayRate } = checkOptions<InverseTimeOptions>(
    'inverseTime',
    { from: option.number(), decayRate: option.number({ above: 0 }) },
    options,
  );
  return Object.freeze({ schedule: 'inverseTime', values: [from, 0] as const, decayRate });
}

export interface StaircaseOptions {
  readonly from: number;
  /** 0 < factor ≤ 1. */
  readonly factor: number;
  /** Updates on each stair: `{ steps: n }`, or n alone. */
  readonly every: EverySteps;
}

/** from · factor^⌊t / n⌋ at update t: step decay. */
export function staircase(options: StaircaseOptions): Schedule {
  const { from, factor, every } = checkOptions<StaircaseOptions>(
    'staircase',
    { from: option.number(), factor: option.number({ above: 0, max: 1 }), every: option.everySteps() },
    options,
  );
  const values = [from, factor === 1 ? from : 0] as const;
  return Object.freeze({ schedule: 'staircase', values, factor, steps: countOf(every) });
}
