/** Schedules: numbers that change during training, as tagged JSON, so that they survive a saved model and a checkpoint. */
import type { Moment } from './contract.ts';
import { OptionError } from './errors.ts';

/** Straight or curved from values[0] to values[1] over `steps` updates, then constant. */
interface Ramped {
  readonly values: readonly [from: number, to: number];
  readonly steps: number;
}

/** What each kind of schedule holds. `values` are the numbers it moves between, in order: the last is where it ends. */
interface Kinds {
  linear: Ramped;
  cosine: Ramped;
  exponential: { readonly values: readonly [from: number, to: number]; readonly decay: number };
  byEpoch: { readonly values: readonly number[] };
  byStep: { readonly values: readonly number[]; readonly steps: readonly number[] };
}

/** A number that changes during training. */
export type Schedule = { [K in keyof Kinds]: { readonly schedule: K } & Kinds[K] }[keyof Kinds];

/** How far along a ramp is, 0 … 1. */
const progress = ({ steps }: Ramped, { step }: Moment): number => Math.min(1, step / steps);

/** The value of each kind at a moment: a new kind is an entry here and in `Kinds`, and a function that makes it. */
const kinds: { readonly [K in keyof Kinds]: (schedule: Kinds[K], at: Moment) => number } = {
  linear(ramp, at) {
    const [from, to] = ramp.values;
    return from + (to - from) * progress(ramp, at);
  },
  cosine(ramp, at) {
    const [from, to] = ramp.values;
    return to + ((from - to) * (1 + Math.cos(Math.PI * progress(ramp, at)))) / 2;
  },
  exponential: ({ values: [from, to], decay }, { step }) => to + (from - to) * Math.exp(-decay * step),
  byEpoch: ({ values }, { epoch }) => values[Math.min(epoch, values.length - 1)] as number,
  byStep: ({ values, steps }, at) => values[steps.findLastIndex(step => step <= at.step)] as number,
};

/** In training plugins also a function, which can be neither saved nor resumed. */
export type Varying = number | Schedule | ((at: Moment) => number);

export interface Ramp {
  readonly from: number;
  readonly to: number;
  /** Updates from the one to the other. */
  readonly steps: number;
}

const finite = (owner: string, name: string, value: unknown): void => {
  if (!Number.isFinite(value)) throw OptionError.of(owner, name, 'a finite number', value);
};

const ramp = (schedule: 'linear' | 'cosine', { from, to, steps }: Ramp): Schedule => {
  finite(schedule, 'from', from);
  finite(schedule, 'to', to);
  if (!Number.isSafeInteger(steps) || steps < 1) throw OptionError.of(schedule, 'steps', 'an integer ≥ 1', steps);
  return Object.freeze({ schedule, values: [from, to] as const, steps });
};

/** Straight from `from` to `to` over `steps` updates, then constant. */
export const linear = (options: Ramp): Schedule => ramp('linear', options);

/** Half a cosine from `from` to `to` over `steps` updates, then constant (Loshchilov & Hutter 2017, eq. 5). */
export const cosine = (options: Ramp): Schedule => ramp('cosine', options);

export interface Decay {
  readonly from: number;
  readonly to: number;
  /** Per update, > 0: after 1 / decay updates 37 % of the way is left. */
  readonly decay: number;
}

/** to + (from − to) exp(−decay · t) at update t: fast at first, ever closer to `to`. */
export const exponential = ({ from, to, decay }: Decay): Schedule => {
  finite('exponential', 'from', from);
  finite('exponential', 'to', to);
  if (!(decay > 0 && decay < Infinity)) throw OptionError.of('exponential', 'decay', 'a number > 0', decay);
  return Object.freeze({ schedule: 'exponential', values: [from, to] as const, decay });
};

/** One value per epoch; the last one holds. */
export const byEpoch = (values: readonly number[]): Schedule => {
  if (!Array.isArray(values) || !values.length) throw OptionError.of('byEpoch', 'values', 'a list of numbers', values);
  for (const [i, value] of values.entries()) finite('byEpoch', `values[${i}]`, value);
  return Object.freeze({ schedule: 'byEpoch', values: [...values] });
};

/** `byStep({ 0: 0.1, 1000: 0.01 })`: each value from its update on. The first key must be 0. */
export const byStep = (table: Readonly<Record<number, number>>): Schedule => {
  const steps = Object.keys(table ?? {})
    .map(Number)
    .sort((a, b) => a - b);
  if (steps[0] !== 0 || !steps.every(Number.isSafeInteger)) {
    throw OptionError.of('byStep', 'table', 'an object whose keys are updates, the first of them 0', table);
  }
  for (const step of steps) finite('byStep', `table[${step}]`, table[step]);
  return Object.freeze({ schedule: 'byStep', steps, values: steps.map(step => table[step] as number) });
};

export const isSchedule = (value: unknown): value is Schedule =>
  typeof value === 'object' &&
  value !== null &&
  Object.hasOwn(kinds, (value as Schedule).schedule) &&
  Array.isArray((value as Schedule).values);

/** The number that a schedule, a function or a plain number has now. */
export function valueAt(varying: Varying, at: Moment): number {
  if (typeof varying === 'number') return varying;
  if (typeof varying === 'function') {
    const value = varying(at);
    if (!Number.isFinite(value)) throw OptionError.of('a function of the moment', 'value', 'a finite number', value);
    return value;
  }
  return (kinds[varying.schedule] as (schedule: Schedule, at: Moment) => number)(varying, at);
}
