/** Schedules: numbers that change during training, as tagged JSON, so that they can be saved in models and checkpoints. */
import type { Moment } from '../contract.ts';
import { OptionError } from './errors.ts';

/** From values[0] to values[1] over `steps` updates, then constant. */
interface Ramped {
  readonly values: readonly [from: number, to: number];
  readonly steps: number;
}

/** The fields of each kind of schedule. `values` are the numbers it moves between, in order; it ends at the last one. */
interface Kinds {
  linear: Ramped;
  cosine: Ramped;
  polynomial: Ramped & { readonly power: number };
  /** `steps` is the length of the first cycle; each cycle is `stretch` times as long as the one before and starts `shrink` times as far from `to`. */
  restarts: Ramped & { readonly stretch: number; readonly shrink: number };
  exponential: { readonly values: readonly [from: number, to: number]; readonly decayRate: number };
  inverseTime: { readonly values: readonly [from: number, to: 0]; readonly decayRate: number };
  staircase: {
    readonly values: readonly [from: number, to: number];
    readonly factor: number;
    readonly steps: number;
  };
  /** `parts[i]` applies from update `steps[i]` on, and counts its updates from there. */
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

/** A number, a schedule, or a function of the moment. Functions can be neither saved nor restored, so only training plugins take them. */
export type Varying = number | Schedule | ((at: Moment) => number);

/** The progress of a ramp, 0 … 1. */
const progress = ({ steps }: Ramped, { step }: Moment): number => Math.min(1, step / steps);

/** 1 at the start of half a cosine, 0 at its end. */
const halfCosine = (share: number): number => (1 + Math.cos(Math.PI * share)) / 2;

/** The same moment at another update. */
const atStep = (at: Moment, step: number): Moment => Object.create(at, { step: { value: step } }) as Moment;

const last = (values: readonly number[]): number => values.at(-1) ?? Number.NaN;

/** The number of cycles completed at an update, and the progress of the current one, 0 … 1. */
function cycle({ steps, stretch }: Kinds['restarts'], step: number): [index: number, share: number] {
  if (stretch === 1) return [Math.floor(step / steps), (step % steps) / steps];
  let [index, length, left] = [0, steps, step];
  for (; left >= length; index++) {
    left -= length;
    length *= stretch;
  }
  return [index, left / length];
}

/** The value of each kind at a moment. A new kind needs an entry here, in `Kinds` and in `fields`, and a function that makes it. */
const kinds: { readonly [K in keyof Kinds]: (schedule: Kinds[K], at: Moment) => number } = {
  linear(ramp, at) {
    const [from, to] = ramp.values;
    return from + (to - from) * progress(ramp, at);
  },
  cosine(ramp, at) {
    const [from, to] = ramp.values;
    return to + (from - to) * halfCosine(progress(ramp, at));
  },
  polynomial(ramp, at) {
    const [from, to] = ramp.values;
    return to + (from - to) * (1 - progress(ramp, at)) ** ramp.power;
  },
  restarts(ramp, { step }) {
    const [from, to] = ramp.values;
    const [index, share] = cycle(ramp, step);
    return to + (from - to) * ramp.shrink ** index * halfCosine(share);
  },
  exponential: ({ values: [from, to], decayRate }, { step }) => to + (from - to) * Math.exp(-decayRate * step),
  inverseTime: ({ values: [from], decayRate }, { step }) => from / (1 + decayRate * step),
  staircase: ({ values: [from], factor, steps }, { step }) => from * factor ** Math.floor(step / steps),
  sequence({ values, parts, steps }, at) {
    const i = steps.findLastIndex(step => step <= at.step);
    return valueAt(parts[i] ?? last(values), atStep(at, at.step - (steps[i] ?? 0)));
  },
  byEpoch: ({ values }, { epoch }) => values[epoch] ?? last(values),
  byStep: ({ values, steps }, at) => values[steps.findLastIndex(step => step <= at.step)] ?? last(values),
};

type Fits = (value: unknown, nested: number) => boolean;

const finite: Fits = value => Number.isFinite(value);
const positive: Fits = value => typeof value === 'number' && value > 0 && value < Infinity;
const listOf =
  (item: Fits): Fits =>
  (value, nested) =>
    Array.isArray(value) && value.length > 0 && value.every(v => item(v, nested));
const pair: Fits = value => listOf(finite)(value, 0) && Object(value).length === 2;
/** Increasing updates at which parts begin, the first of them no later than the first update. */
const starts: Fits = value =>
  Array.isArray(value) &&
  listOf(finite)(value, 0) &&
  value.every((step, i) => (i === 0 ? step <= 0 : step > value[i - 1]));

/** Deeper than any schedule in practice; one that contains itself would never end. */
const DEEPEST = 32;

const ramped = { values: pair, steps: positive };
const part: Fits = (value, nested) => finite(value, nested) || isWhole(value, nested + 1);

/** The check for each field of each kind. */
const fields: { readonly [K in keyof Kinds]: { readonly [F in keyof Kinds[K]]: Fits } } = {
  linear: ramped,
  cosine: ramped,
  polynomial: { ...ramped, power: positive },
  restarts: { ...ramped, stretch: value => positive(value, 0) && Number(value) >= 1, shrink: positive },
  exponential: { values: pair, decayRate: positive },
  inverseTime: { values: pair, decayRate: positive },
  staircase: { values: pair, factor: positive, steps: positive },
  sequence: { values: listOf(finite), parts: listOf(part), steps: starts },
  byEpoch: { values: listOf(finite) },
  byStep: { values: listOf(finite), steps: starts },
};

function isWhole(value: unknown, nested: number): boolean {
  if (typeof value !== 'object' || value === null || nested > DEEPEST) return false;
  const given = new Map<string, unknown>(Object.entries(value));
  const kind = given.get('schedule');
  if (typeof kind !== 'string' || !Object.hasOwn(fields, kind)) return false;
  const wanted: Readonly<Record<string, Fits>> = fields[kind as keyof Kinds];
  if (!Object.entries(wanted).every(([field, fits]) => fits(given.get(field), nested))) return false;
  const lists = [given.get('parts') ?? given.get('values'), given.get('steps')].filter(Array.isArray);
  return lists.length < 2 || lists[0]?.length === lists[1]?.length;
}

/**
 * Whether a value is a schedule, as made by the functions of `@keepprob/schedules`.
 * @example
 * isSchedule(linear({ from: 1, to: 0, steps: 100 })); // true
 * isSchedule(0.1); // false
 */
export const isSchedule = (value: unknown): value is Schedule => isWhole(value, 0);

/**
 * The value of a number, a schedule or a function at a moment.
 * @example
 * valueAt(0.1, at); // 0.1
 * valueAt(linear({ from: 1, to: 0.5, steps: 100 }), { ...at, step: 50 }); // 0.75
 * valueAt(({ epoch }) => 1 / (1 + epoch), { ...at, epoch: 3 }); // 0.25
 * @throws OptionError for a function whose value is not a finite number, and for any other value
 */
export function valueAt(varying: Varying, at: Moment): number {
  if (typeof varying === 'number') return varying;
  if (typeof varying === 'function') {
    const value = varying(at);
    if (!Number.isFinite(value)) throw OptionError.of('a function of the moment', 'value', 'a finite number', value);
    return value;
  }
  if (!isSchedule(varying))
    throw OptionError.of('valueAt', 'varying', 'a number, a schedule, or a function (at) => number', varying);
  return (kinds[varying.schedule] as (schedule: Schedule, at: Moment) => number)(varying, at);
}
