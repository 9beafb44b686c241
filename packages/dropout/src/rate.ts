/** The options that every dropout shares: keepProb or rate, and a seed. */
import { messages, OptionError, option, type Schedule } from '@keepprob/core';
import type { LayerOptions } from '@keepprob/core/layers';

/** Exactly one of `keepProb`, in (0, 1] and perhaps a schedule, and `rate` = 1 − keepProb. */
export type KeepProbOrRate<Rest extends object> = LayerOptions<
  Rest &
    (
      | { readonly keepProb: number | Schedule; readonly rate?: never }
      | { readonly rate: number; readonly keepProb?: never }
    )
>;

const keepProb = option.schedule({ above: 0, max: 1 });

export const keepProbOption = {
  ...keepProb,
  expected: `${keepProb.expected}; or instead \`rate\`, a number ≥ 0 < 1`,
};

export const seedOption = option.custom<number | null>(
  'an integer ≥ 0, or null',
  value => value === null || (Number.isSafeInteger(value) && Number(value) >= 0),
  { fallback: null },
);

/** `rate` becomes `keepProb`; the null `noiseShape` that Keras writes for every dropout is left out. */
export const oneField =
  (owner: string) =>
  (given: { keepProb?: unknown; rate?: unknown; noiseShape?: unknown }): object => {
    const { keepProb, rate, noiseShape, ...rest } = given;
    const others = noiseShape === null || noiseShape === undefined ? rest : { ...rest, noiseShape };
    if (keepProb !== undefined && rate !== undefined)
      throw new OptionError(messages.keepProbOrRate(owner), { option: 'rate' });
    if (rate === undefined) return keepProb === undefined ? others : { ...others, keepProb };
    if (typeof rate !== 'number' || !(rate >= 0 && rate < 1))
      throw OptionError.of(owner, 'rate', 'a number ≥ 0 < 1', rate);
    return { ...others, keepProb: 1 - rate };
  };
