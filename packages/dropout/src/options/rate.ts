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
  /** Of this layer alone; replaces the run's. */
  readonly seed?: number | null;
}

/** What callers give: exactly one of `keepProb`, the lecture's, and `rate`, TF.js'; a seed; and the options of this layer, `Own`. */
export type KeepProbOrRate<Own = object> = Own & Seed & (Kept | Dropped);

/** The same options in the one form that a layer holds: `rate` has become `keepProb`. */
export type Checked<Given extends KeepProbOrRate> = Omit<Given, 'keepProb' | 'rate'> & Pick<Kept, 'keepProb'>;

const keepProb = option.schedule({ above: 0, max: 1 });

export const keepProbOption = {
  ...keepProb,
  expected: `${keepProb.expected}; or instead \`rate\`, a number ≥ 0 < 1`,
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
    if (typeof rate !== 'number' || !(rate >= 0 && rate < 1))
      throw OptionError.of(owner, 'rate', 'a number ≥ 0 < 1', rate);
    return { ...rest, keepProb: 1 - rate };
  };
