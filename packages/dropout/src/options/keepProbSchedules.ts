/** When to drop: schedules of keepProb by the update, as JSON that a saved model keeps. */
import { checkOptions, option, type Schedule } from '@keepprob/core';
import { byStep, exponential, linear } from '@keepprob/core/schedules';

/** Options of `lateDropout` and `curriculum`. */
export interface PhaseOptions {
  /** keepProb while dropout is on, in (0, 1]. */
  readonly keepProb: number;
  /** Number of updates in the first phase, ≥ 1. */
  readonly steps: number;
}

/** Options of `earlyDropout`. */
export interface EarlyDropoutOptions extends PhaseOptions {
  /** How the rate falls to 0 within the phase: linearly (the default), or all at once at its end. */
  readonly decline?: 'linear' | 'constant';
}

const phase = {
  keepProb: option.keepProb(),
  steps: option.number({ min: 1, integer: true }),
};

/**
 * Dropout in the first `steps` updates only, against *under*fitting: it makes the gradients of different batches agree more, and then
 * it is off. Liu, Xu, Jin, Shen & Darrell, "Dropout reduces underfitting", ICML 2023.
 * @example
 * model.add(dropout({ keepProb: earlyDropout({ keepProb: 0.9, steps: 1000 }) }));
 * @throws OptionError for a keepProb out of (0, 1] or steps below 1
 */
export function earlyDropout(options: EarlyDropoutOptions): Schedule {
  const { keepProb, steps, decline } = checkOptions<EarlyDropoutOptions>(
    'earlyDropout',
    { ...phase, decline: option.oneOf(['linear', 'constant'], { fallback: 'linear' }) },
    options,
  );
  return decline === 'linear' ? linear({ from: keepProb, to: 1, steps }) : byStep({ 0: keepProb, [steps]: 1 });
}

/**
 * Dropout from update `steps` on, against overfitting, without slowing the start (Liu et al. 2023).
 * @example
 * model.add(dropout({ keepProb: lateDropout({ keepProb: 0.5, steps: 1000 }) }));
 * @throws OptionError for a keepProb out of (0, 1] or steps below 1
 */
export function lateDropout(options: PhaseOptions): Schedule {
  const { keepProb, steps } = checkOptions<PhaseOptions>('lateDropout', phase, options);
  return byStep({ 0: 1, [steps]: keepProb });
}

/**
 * Curriculum dropout: starts without dropout, which is easy, and approaches `keepProb`, which is hard. θ(t) = (1 − θ̄) exp(−γ t) + θ̄ with θ̄ = keepProb and
 * γ = 10 / steps, so that after `steps` updates e⁻¹⁰ of the way is left. For another γ: `exponential({ from: 1, to: keepProb, decayRate })`.
 * Morerio, Cavazza, Volpi, Vidal & Murino, "Curriculum dropout", ICCV 2017.
 * @example
 * model.add(dropout({ keepProb: curriculum({ keepProb: 0.5, steps: 10_000 }) }));
 * @throws OptionError for a keepProb out of (0, 1] or steps below 1
 */
export function curriculum(options: PhaseOptions): Schedule {
  const { keepProb, steps } = checkOptions<PhaseOptions>('curriculum', phase, options);
  return exponential({ from: 1, to: keepProb, decayRate: 10 / steps });
}
