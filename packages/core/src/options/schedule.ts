/** Schedules: numbers that change during training, as tagged JSON, so that they survive a saved model and a checkpoint. */
import type { Moment } from '../contract.ts';
import { OptionError } from './errors.ts';
import { countOf, type EverySteps, everySteps } from './every.ts';

/** Straight or curved from values[0] to values[1] over `steps` updates, then constant. */
interface Ramped {
  readonly values: readonly [from: number, to: number];
  readonly steps: number;
}

/** What each kind of schedule holds. `values` are the numbers it moves between, in order: the last is where it ends. */
interface Kinds {
  linear: Ramped;
  cosine: Ramped;
  exponential: { readonly values: readonly [from: number, to: number]; readonly decayRate: number };
  inverseTime: { readonly values: readonly [from: number, to: 0]; readonly decayRate: number };
  staircase: {
    readonly values: readonly [from: number, to: number];
    readonly factor: number;
    readonly steps: number;
  };
  /** `parts[i]` from update `steps[i]` on, counted from there. */
  sequence: {
    readonly values: readonly number[];
    readonly parts: readonly (number | Schedule)[];
    readonly steps: readonly number[];
  };
  byEpoch: { readonly values: readonly number[] };
  byStep: { readonly values: readonly number[]; readonly steps: readonly number[] };
}

/** A number that changes during training. */
export type Schedule = { [K in keyof Kinds]: { readonly schedule: K } & Kinds[K] }[keyof Kinds];

/** How far along a ramp is, 0 … 1. */
const progress = ({ steps }: Ramped, { step }: Moment): number => Math.min(1, step / steps);

/** The moment of another update. */
const atStep = (at: Moment, step: number): Moment => Object.create(at, { step: { value: step } }) as Moment;

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
  exponential: ({ values: [from, to], decayRate }, { step }) => to + (from - to) * Math.exp(-decayRate * step),
  inverseTime: ({ values: [from], decayRate }, { step }) => from / (1 + decayRate * step),
  staircase: ({ values: [from], factor, steps }, { step }) => from * factor ** Math.floor(step / steps),
  sequence({ parts, steps }, at) {
    const i = steps.findLastIndex(step => step <= at.step);
    return valueAt(parts[i] as number | Schedule, atStep(at, at.step - (steps[i] as number)));
  },
  byEpoch: ({ values }, { epoch }) => values[Math.min(epoch, values.length - 1)] as number,
  byStep: ({ values, steps }, at) => values[steps.findLastIndex(step => step <= at.step)] as number,
};

/** In training plugins also a function, which can be neither saved nor resumed. */
export type Varying = number | Schedule | ((at: Moment) => number);

export interface RampOptions {
  readonly from: number;
  readonly to: number;
  /** Updates from the one to the other. */
  readonly steps: number;
}

const finite = (owner: string, name: string, value: unknown): void => {
  if (!Number.isFinite(value)) throw OptionError.of(owner, name, 'a finite number', value);
};

const ramp = (schedule: 'linear' | 'cosine', { from, to, steps }: RampOptions): Schedule => {
  finite(schedule, 'from', from);
  finite(schedule, 'to', to);
  if (!Number.isSafeInteger(steps) || steps < 1) throw OptionError.of(schedule, 'steps', 'an integer ≥ 1', steps);
  return Object.freeze({ schedule, values: [from, to] as const, steps });
};

/** Straight from `from` to `to` over `steps` updates, then constant. */
export const linear = (options: RampOptions): Schedule => ramp('linear', options);

/** Half a cosine from `from` to `to` over `steps` updates, then constant (Loshchilov & Hutter 2017, eq. 5). */
export const cosine = (options: RampOptions): Schedule => ramp('cosine', options);

export interface ExponentialOptions {
  readonly from: number;
  readonly to: number;
  /** Per update, > 0: after 1 / decayRate updates 37 % of the way is left. */
  readonly decayRate: number;
}

/** to + (from − to) exp(−decayRate · t) at update t: fast at first, ever closer to `to`. */
export const exponential = ({ from, to, decayRate }: ExponentialOptions): Schedule => {
  finite('exponential', 'from', from);
  finite('exponential', 'to', to);
  if (!(decayRate > 0 && decayRate < Infinity))
    throw OptionError.of('exponential', 'decayRate', 'a number > 0', decayRate);
  return Object.freeze({ schedule: 'exponential', values: [from, to] as const, decayRate });
};

export interface InverseTimeOptions {
  readonly from: number;
  /** Per update, > 0: after 1 / decayRate updates half is left. */
  readonly decayRate: number;
}

/** from / (1 + decayRate · t) at update t (Robbins & Monro 1951). */
export const inverseTime = ({ from, decayRate }: InverseTimeOptions): Schedule => {
  finite('inverseTime', 'from', from);
  if (!(decayRate > 0 && decayRate < Infinity))
    throw OptionError.of('inverseTime', 'decayRate', 'a number > 0', decayRate);
  return Object.freeze({ schedule: 'inverseTime', values: [from, 0] as const, decayRate });
};

export interface StaircaseOptions {
  readonly from: number;
  /** 0 < factor ≤ 1. */
  readonly factor: number;
  /** Updates on each stair: `{ steps: n }`, or n alone. */
  readonly every: EverySteps;
}

/** from · factor^⌊t / n⌋ at update t: step decay. */
export const staircase = ({ from, factor, every }: StaircaseOptions): Schedule => {
  finite('staircase', 'from', from);
  if (!(factor > 0 && factor <= 1)) throw OptionError.of('staircase', 'factor', 'a number > 0 ≤ 1', factor);
  if (!everySteps.accepts(every)) throw OptionError.of('staircase', 'every', everySteps.expected, every);
  return Object.freeze({
    schedule: 'staircase',
    values: [from, factor === 1 ? from : 0] as const,
    factor,
    steps: countOf(every),
  });
};

/**
 * One schedule after the other: `sequence([500, linear({ from: 0, to: 0.1, steps: 500 })], [Infinity, cosine(…)])`, each with the number of updates that
 * it lasts; its updates are counted from where it begins. The last one holds for ever.
 */
export const sequence = (...parts: readonly (readonly [steps: number, schedule: number | Schedule])[]): Schedule => {
  if (!parts.length) throw OptionError.of('sequence', 'parts', 'pairs of a number of updates and a schedule', parts);
  const steps: number[] = [];
  let begin = 0;
  for (const [i, [length, part]] of parts.entries()) {
    const last = i === parts.length - 1;
    if (!(Number.isSafeInteger(length) && length >= 1) && !(last && length === Infinity)) {
      throw OptionError.of('sequence', `parts[${i}]`, 'an integer ≥ 1 of updates (the last may be Infinity)', length);
    }
    if (!Number.isFinite(part) && !isSchedule(part)) {
      throw OptionError.of('sequence', `parts[${i}]`, 'a number or a schedule', part);
    }
    steps.push(begin);
    begin += length;
  }
  const values = parts.flatMap(([, part]) => (typeof part === 'number' ? [part] : part.values));
  return Object.freeze({ schedule: 'sequence', values, parts: parts.map(([, part]) => part), steps });
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
