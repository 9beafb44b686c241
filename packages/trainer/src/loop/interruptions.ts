import { duration } from '@keepprob/core/driver';
import type { FitOptions } from '../options.ts';
import type { Cause } from './partner.ts';

/** Timers take a 32-bit number of milliseconds. */
export const LONGEST_TIMER = 2 ** 31 - 1;

export interface Interruptions {
  readonly causes: readonly Cause[];
  /** Ends a wait when one of the causes begins to hold. */
  readonly until: AbortSignal;
}

/** The causes that may end training early. */
export function interruptions({ signal, maxTime }: Pick<Required<FitOptions>, 'signal' | 'maxTime'>): Interruptions {
  const end = performance.now() + (maxTime ?? Infinity);
  const overdue = maxTime !== null && maxTime <= LONGEST_TIMER ? AbortSignal.timeout(Math.ceil(maxTime)) : null;
  return {
    causes: [
      { why: 'aborted', holds: () => signal?.aborted ?? false },
      {
        why: `the maxTime of ${duration(maxTime ?? Infinity)} is over`,
        // either clock may be a little ahead of the other
        holds: () => performance.now() >= end || (overdue?.aborted ?? false),
      },
    ],
    until: AbortSignal.any([signal, overdue].filter(s => s !== null)),
  };
}
