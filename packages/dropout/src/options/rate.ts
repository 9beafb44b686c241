/** The options that every dropout shares: keepProb or rate, and a seed. */
import { OptionError, type OptionSpecs, option, type Schedule } from '@keepprob/core';
import * as messages from '../messages.ts';

interface Kept {
  /** Probability that what is dropped as one (an element, a channel, a sample) is kept, in (0, 1]; resolution 2⁻¹⁶. May be a schedule. */
  readonly keepProb: number | Schedule;
  readonly rate?: never;
}

interface Dropped {
  /** 1 − keepProb, as in TF.js, in [0, 1). */
  readonly rate: number;
  readonly keepProb?: never;
}

interface Seed {
  /** A seed for this layer alone; by default it follows the run's. */
  readonly seed?: number | null;
}

/** What callers pass: exactly one of `keepProb`, the lecture's name, and `rate`, TF.js' name; a seed; and the options of this layer, `Own`. */
export type KeepProbOrRate<Own = object> = Own & Seed & (Kept | Dropped);

/** The same options in the one form that a layer holds: `rate` has become `keepProb`. */
export type Checked<Given extends KeepProbOrRate> = Omit<Given, 'keepProb' | 'rate'> & Pick<Kept, 'keepProb'>;

const keepProb = option.keepProbSchedule();

export const keepProbOption = {
  ...keepProb,
  expected: `${keepProb.expected}; or instead \`rate\`, a number ≥ 0 and < 1`,
};

export const keeping: OptionSpecs<Checked<KeepProbOrRate>> = { keepProb: keepProbOption, seed: option.seed() };

/** What `noise` says of a layer that drops activations, as plain dropout does. */
export const dropping = { strength: 'kept', effect: 'multiplies', target: 'activations' } as const;

/** `rate` becomes `keepProb`, so that there is one field to look at. */
export const oneField =
  (owner: string) =>
  (given: { keepProb?: unknown; rate?: unknown }): object => {
    const { keepProb, rate, ...rest } = given;
    if (rate === undefined) return given;
    if (keepProb !== undefined) throw new OptionError(messages.keepProbOrRate(owner), { option: 'rate' });
    return { ...rest, keepProb: keepProbOf(owner, 'rate', rate) };
  };

/**
 * The keepProb of a rate.
 * @throws OptionError for a rate that drops all
 */
export function keepProbOf(owner: string, name: string, rate: unknown): number {
  if (typeof rate !== 'number' || !option.keepProb().accepts(1 - rate))
    throw OptionError.of(owner, name, 'a number ≥ 0 and < 1 − 2^-17', rate);
  return 1 - rate;
}
