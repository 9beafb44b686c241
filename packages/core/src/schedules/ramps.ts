/** Schedules from one number to another over a number of updates. */
import * as option from '../options/option.ts';
import { checkOptions, type OptionSpecs } from '../options/options.ts';
import type { Schedule } from '../options/schedule.ts';

/** Options of `linear` and `cosine`. */
export interface RampOptions {
  /** The value at the first update. */
  readonly from: number;
  /** The value from update `steps` on. */
  readonly to: number;
  /** Updates from `from` to `to`: an integer ≥ 1. */
  readonly steps: number;
}

const ramp: OptionSpecs<RampOptions> = {
  from: option.number(),
  to: option.number(),
  steps: option.number({ min: 1, integer: true }),
};

/**
 * from + (to − from) t / n at update t of n = `steps` updates, then `to`.
 * @example
 * dropout({ keepProb: linear({ from: 1, to: 0.5, steps: 1000 }) });
 * valueAt(linear({ from: 1, to: 0.5, steps: 1000 }), { ...at, step: 500 }); // 0.75
 * @throws OptionError for ends that are not finite, and for steps that are not an integer ≥ 1
 */
export function linear(options: RampOptions): Schedule {
  const { from, to, steps } = checkOptions<RampOptions>('linear', ramp, options);
  return Object.freeze({ schedule: 'linear', values: [from, to] as const, steps });
}

/**
 * Half a cosine over n = `steps` updates (Loshchilov & Hutter 2017, eq. 5): to + ½ (from − to) (1 + cos(π t / n)) at update t, then `to`.
 * @example
 * schedule({ learningRate: cosine({ from: 1e-3, to: 0, steps: 10_000 }) });
 * valueAt(cosine({ from: 1, to: 0, steps: 100 }), { ...at, step: 50 }); // 0.5
 * @throws OptionError for ends that are not finite, and for steps that are not an integer ≥ 1
 */
export function cosine(options: RampOptions): Schedule {
  const { from, to, steps } = checkOptions<RampOptions>('cosine', ramp, options);
  return Object.freeze({ schedule: 'cosine', values: [from, to] as const, steps });
}

/** Options of `polynomial`. */
export interface PolynomialOptions extends RampOptions {
  /** p > 0. The default 1 is linear; a larger power falls faster at first. */
  readonly power?: number;
}

/**
 * to + (from − to) (1 − t / steps)^power at update t, then `to`: Keras' `PolynomialDecay`, PyTorch's `PolynomialLR`.
 * @example
 * polynomial({ from: 0.1, to: 0, steps: 10_000, power: 0.9 }); // as for semantic segmentation (Chen et al. 2017, §4.1)
 * valueAt(polynomial({ from: 1, to: 0, steps: 100, power: 2 }), { ...at, step: 50 }); // 0.25
 * @throws OptionError for numbers that are not finite, steps below 1, and a power ≤ 0
 */
export function polynomial(options: PolynomialOptions): Schedule {
  const { from, to, steps, power } = checkOptions<PolynomialOptions>(
    'polynomial',
    { ...ramp, power: option.number({ above: 0, fallback: 1 }) },
    options,
  );
  return Object.freeze({ schedule: 'polynomial', values: [from, to] as const, steps, power });
}

/** Options of `warmRestarts`. */
export interface WarmRestartsOptions extends RampOptions {
  /** Number of updates in the first cycle. */
  readonly steps: number;
  /** Each cycle is this many times as long as the one before, ≥ 1; 1 by default (T_mult in the paper, `t_mul` in Keras). */
  readonly stretch?: number;
  /** Each cycle starts this many times as far from `to` as the one before, 0 < shrink ≤ 1; 1 by default (Keras' `m_mul`). */
  readonly shrink?: number;
}

/**
 * Half a cosine from `from` to `to`, repeated: to + (from − to) shrinkⁱ (1 + cos(π s)) / 2, with s the completed share of cycle i (Loshchilov &
 * Hutter 2017, §3; Keras' `CosineDecayRestarts`, PyTorch's `CosineAnnealingWarmRestarts`).
 * @example
 * const rate = warmRestarts({ from: 0.05, to: 0, steps: 1000, stretch: 2 }); // starts again at updates 1000, 3000, 7000, …
 * valueAt(rate, { ...at, step: 3000 }); // 0.05
 * @throws OptionError for numbers that are not finite, steps or a stretch below 1, and a shrink outside (0, 1]
 */
export function warmRestarts(options: WarmRestartsOptions): Schedule {
  const { from, to, steps, stretch, shrink } = checkOptions<WarmRestartsOptions>(
    'warmRestarts',
    {
      ...ramp,
      stretch: option.number({ min: 1, fallback: 1 }),
      shrink: option.number({ above: 0, max: 1, fallback: 1 }),
    },
    options,
  );
  return Object.freeze({ schedule: 'restarts', values: [from, to] as const, steps, stretch, shrink });
}
