/** The options of recurrent dropout, and how they are told from the arguments of the stock layer. */
import { OptionError, type OptionSpecs, option, type Schedule } from '@keepprob/core';
import type { NoiseDefinitions } from '@keepprob/core/layers';
import { dropping, keepProbOf } from '../options/rate.ts';

/** What a recurrent layer holds besides the arguments of the stock layer: rates have become what is kept. */
export interface CheckedRecurrentOptions {
  /** Probability that a feature of the input is kept over the whole sequence, in (0, 1]; 1 by default. May be a schedule. */
  readonly keepProb?: number | Schedule;
  /** Probability that a unit of the state is kept over the whole sequence, in (0, 1]; 1 by default. May be a schedule. */
  readonly recurrentKeepProb?: number | Schedule;
  /** A seed for this layer alone; by default it follows the run's. */
  readonly seed?: number | null;
}

type Input =
  | (Pick<CheckedRecurrentOptions, 'keepProb'> & { readonly dropout?: never })
  | {
      /** 1 − keepProb, as Keras has it. */
      readonly dropout?: number;
      readonly keepProb?: never;
    };
type State =
  | (Pick<CheckedRecurrentOptions, 'recurrentKeepProb'> & { readonly recurrentDropout?: never })
  | {
      /** 1 − recurrentKeepProb, as Keras has it. */
      readonly recurrentDropout?: number;
      readonly recurrentKeepProb?: never;
    };

/** The arguments of the stock layer, with `keepProb` or Keras' `dropout` = 1 − keepProb, and the same for the state. */
export type RecurrentOptions<Args> = Omit<Args, 'cell' | 'dropout' | 'recurrentDropout' | 'dropoutFunc'> &
  Input &
  State &
  Pick<CheckedRecurrentOptions, 'seed'>;

const rates = { dropout: 'keepProb', recurrentDropout: 'recurrentKeepProb' } as const;
const keepProb = option.keepProbSchedule({ fallback: 1 });
export const specs: OptionSpecs<CheckedRecurrentOptions> = {
  keepProb,
  recurrentKeepProb: keepProb,
  seed: option.seed(),
};

const unlike = 'it drops inside the recurrent layer, with one mask for all time steps';
export const noise: NoiseDefinitions<CheckedRecurrentOptions> = {
  keepProb: { ...dropping, target: 'inputs', unlike },
  recurrentKeepProb: { ...dropping, target: 'state', unlike },
};

/** What stock recurrent layers take of every layer, and of their own. */
const layerArguments =
  'name inputShape batchInputShape batchSize dtype inputDType trainable updatable weights inputDim inputLength';
const rnnArguments = 'returnSequences returnState goBackwards stateful unroll';
const cellArguments =
  'units activation useBias kernelInitializer recurrentInitializer biasInitializer kernelRegularizer recurrentRegularizer ' +
  'biasRegularizer activityRegularizer kernelConstraint recurrentConstraint biasConstraint';

const pick = (given: object, keep: (key: string) => boolean): Record<string, unknown> =>
  Object.fromEntries(Object.entries(given).filter(([key, value]) => value !== undefined && keep(key)));

/** The arguments of a stock layer, by what takes them; `own` are those of its cell besides those of all. */
export function argumentsOf(own: string) {
  const ofCell = `${cellArguments} ${own}`.trim().split(' ');
  const stock = [...layerArguments.split(' '), ...rnnArguments.split(' '), ...ofCell];
  const all = [...stock, ...Object.keys(specs), ...Object.keys(rates)];
  return {
    cell: (given: object) => pick(given, key => ofCell.includes(key)),
    layer: (given: object) => pick(given, key => !ofCell.includes(key) && stock.includes(key)),
    /** What is left for us to check, and the units. */
    options: (given: object) => pick(given, key => key === 'units' || !stock.includes(key)),
    /** A file of Keras may say more than TF.js knows (`time_major`), which is passed over as in stock; null is what was not given. */
    saved: (config: object) =>
      Object.fromEntries(Object.entries(pick(config, key => all.includes(key))).filter(([, value]) => value !== null)),
  };
}

/** Rates, as Keras has them, become what is kept: one field to look at, and one in a saved model. */
export function kept(owner: string, given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result = { ...given };
  for (const [rate, keep] of Object.entries(rates)) {
    const value = given[rate];
    delete result[rate];
    if (value === undefined) continue;
    if (given[keep] !== undefined)
      throw OptionError.of(owner, rate, `nothing if \`${keep}\` (1 − \`${rate}\`) is given`, value);
    result[keep] = keepProbOf(owner, rate, value);
  }
  return result;
}
