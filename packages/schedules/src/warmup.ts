import { checkOptions, isSchedule, option, type Schedule } from '@keepprob/core';
import { linear, sequence } from '@keepprob/core/schedules';

/** Options of `warmup`. */
export interface WarmupOptions {
  /** Number of updates in the rise. */
  readonly steps: number;
  /** What follows; its updates are counted from the end of the rise. */
  readonly into: number | Schedule;
  /** Where the rise starts; 0 by default. */
  readonly from?: number;
}

/**
 * A straight rise from `from` to where `into` begins, over `steps` updates, and then `into`.
 * @example
 * const rate = warmup({ steps: 500, into: cosine({ from: 1e-3, to: 0, steps: 9500 }) });
 * valueAt(rate, { ...at, step: 250 }); // 0.0005
 * @throws OptionError for steps below 1, or `into` that is neither a number nor a schedule
 */
export function warmup(options: WarmupOptions): Schedule {
  const { steps, into, from } = checkOptions<WarmupOptions>(
    'warmup',
    {
      steps: option.number({ min: 1, integer: true }),
      into: option.custom<number | Schedule>('a number or a schedule', v => Number.isFinite(v) || isSchedule(v)),
      from: option.number({ fallback: 0 }),
    },
    options,
  );
  const [to = 0] = typeof into === 'number' ? [into] : into.values;
  return sequence([steps, linear({ from, to, steps })], [Infinity, into]);
}
