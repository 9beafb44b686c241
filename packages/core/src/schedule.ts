/** Schedules: numbers that change during training, as tagged JSON, so that they survive a saved model and a checkpoint. */
import type { Moment } from './contract.ts';
import { OptionError } from './errors.ts';

/**
 * A schedule. `values` holds every value it moves between.
 * - `linear`, `cosine`: from values[0] to values[1] over `steps` updates, then constant;
 *   cosine: to + (from − to) · (1 + cos(π t)) / 2 with t = step / steps.
 * - `byEpoch`: values[epoch], the last one from there on.
 * - `byStep`: values[i] from update `steps[i]` on.
 */
export type Schedule =
  | {
      readonly schedule: 'linear' | 'cosine';
      readonly values: readonly [from: number, to: number];
      readonly steps: number;
    }
  | { readonly schedule: 'byEpoch'; readonly values: readonly number[] }
  | { readonly schedule: 'byStep'; readonly values: readonly number[]; readonly steps: readonly number[] };

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
  ['linear', 'cosine', 'byEpoch', 'byStep'].includes((value as Schedule).schedule) &&
  Array.isArray((value as Schedule).values);

/** The number that a schedule, a function or a plain number has now. */
export function valueAt(varying: Varying, at: Moment): number {
  if (typeof varying === 'number') return varying;
  if (typeof varying === 'function') {
    const value = varying(at);
    if (!Number.isFinite(value)) throw OptionError.of('a function of the moment', 'value', 'a finite number', value);
    return value;
  }
  switch (varying.schedule) {
    case 'linear':
    case 'cosine': {
      const [from, to] = varying.values;
      const t = Math.min(1, at.step / varying.steps);
      return varying.schedule === 'linear'
        ? from + (to - from) * t
        : to + ((from - to) * (1 + Math.cos(Math.PI * t))) / 2;
    }
    case 'byEpoch':
      return varying.values[Math.min(at.epoch, varying.values.length - 1)] as number;
    case 'byStep':
      return varying.values[varying.steps.findLastIndex(step => step <= at.step)] as number;
  }
}
