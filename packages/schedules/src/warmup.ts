import { OptionError, type Schedule } from '@keepprob/core';
import { linear, sequence } from '@keepprob/core/schedules';

export interface WarmupOptions {
  /** Updates of the rise. */
  readonly steps: number;
  /** What follows; its updates are counted from the end of the rise. */
  readonly into: number | Schedule;
  /** Where the rise starts; 0 by default. */
  readonly from?: number;
}

/** A straight rise to where `into` begins, and then `into`: `warmup({ steps: 500, into: cosine({ from: 1e-3, to: 0, steps: 9500 }) })`. */
export function warmup({ steps, into, from = 0 }: WarmupOptions): Schedule {
  const to = typeof into === 'number' ? into : into?.values?.[0];
  if (to === undefined) throw OptionError.of('warmup', 'into', 'a number or a schedule', into);
  return sequence([steps, linear({ from, to, steps })], [Infinity, into]);
}
