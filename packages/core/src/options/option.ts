/**
 * The kinds of option: what each takes, and how an error says so. Core exports them together, as `option`;
 * they are marked pure, so that a bundler leaves out those that nobody asks for.
 */
import type { Optimizer } from '@tensorflow/tfjs-core';
import type { Plugins } from '../contract.ts';
import { isOptimizer } from '../optimizer/isOptimizer.ts';
import { type EveryEpochs, type EverySteps, everyEpochs as epochs, everySteps as steps } from './every.ts';
import { expectedKeepProb, isKeepProb } from './keepProb.ts';
import {
  custom,
  type Fallback,
  kind,
  type NoFallback,
  type Option,
  type OptionWithFallback,
  type RequiredOption,
} from './kind.ts';
import { isSchedule, type Schedule, type Varying } from './schedule.ts';

export interface NumberRange {
  /** Smallest value allowed. */
  readonly min?: number;
  /** Largest value allowed. */
  readonly max?: number;
  /** The value must be greater than this. */
  readonly above?: number;
  /** The value must be less than this. */
  readonly below?: number;
  readonly integer?: boolean;
}

const within = (value: unknown, range: NumberRange): value is number =>
  typeof value === 'number' &&
  Number.isFinite(value) &&
  (!range.integer || Number.isSafeInteger(value)) &&
  value >= (range.min ?? -Infinity) &&
  value <= (range.max ?? Infinity) &&
  value > (range.above ?? -Infinity) &&
  value < (range.below ?? Infinity);

const describe = (range: NumberRange): string =>
  [
    range.integer ? 'an integer' : 'a number',
    range.min !== undefined && `≥ ${range.min}`,
    range.above !== undefined && `> ${range.above}`,
    range.max !== undefined && `≤ ${range.max}`,
    range.below !== undefined && `< ${range.below}`,
  ]
    .filter(Boolean)
    .join(' ');

/** Every value of the schedule lies in the range. */
const scheduleWithin = (value: unknown, range: NumberRange): boolean =>
  isSchedule(value) && value.values.every(v => within(v, range));

type Literal = string | number | boolean;

/** One of these strings, numbers or booleans. */
export function oneOf<const T extends Literal>(values: readonly T[], from: Fallback<NoInfer<T>>): OptionWithFallback<T>;
export function oneOf<const T extends Literal>(values: readonly T[], from?: NoFallback): RequiredOption<T>;
export function oneOf<const T extends Literal>(values: readonly T[], from?: Fallback<T> | NoFallback): Option<T> {
  const known: readonly unknown[] = values;
  const words = values.map(value => (typeof value === 'string' ? `'${value}'` : String(value))).join(', ');
  return custom(values.length > 1 ? `one of ${words}` : words, value => known.includes(value), from);
}

/** A list of some of these strings, at least one. */
export function someOf<const T extends string>(
  values: readonly T[],
  from: Fallback<readonly NoInfer<T>[]>,
): OptionWithFallback<readonly T[]>;
export function someOf<const T extends string>(values: readonly T[], from?: NoFallback): RequiredOption<readonly T[]>;
export function someOf<const T extends string>(
  values: readonly T[],
  from?: Fallback<readonly T[]> | NoFallback,
): Option<readonly T[]> {
  const known: readonly unknown[] = values;
  return custom(
    `a list of one or more of ${values.map(value => `'${value}'`).join(', ')}`,
    value => Array.isArray(value) && value.length > 0 && value.every(v => known.includes(v)),
    from,
  );
}

export function fn<T>(from: Fallback<T>): OptionWithFallback<T>;
export function fn<T>(from?: NoFallback): RequiredOption<T>;
export function fn<T>(from?: Fallback<T> | NoFallback): Option<T> {
  return custom('a function', value => typeof value === 'function', from);
}

/** A list of what the inner option takes. */
export function list<T>(item: Option<T>, from: Fallback<readonly T[]>): OptionWithFallback<readonly T[]>;
export function list<T>(item: Option<T>, from?: NoFallback): RequiredOption<readonly T[]>;
export function list<T>(item: Option<T>, from?: Fallback<readonly T[]> | NoFallback): Option<readonly T[]> {
  return custom(
    `a list in which each item is ${item.expected}`,
    value => Array.isArray(value) && value.every(v => item.accepts(v)),
    from,
  );
}

type Table<T> = Readonly<Record<string, T>>;

const isTable = (value: unknown): value is Table<unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An object of what the inner option takes, by name. */
export function record<T>(value: Option<T>, from: Fallback<Table<T>>): OptionWithFallback<Table<T>>;
export function record<T>(value: Option<T>, from?: NoFallback): RequiredOption<Table<T>>;
export function record<T>(value: Option<T>, from?: Fallback<Table<T>> | NoFallback): Option<Table<T>> {
  return custom(
    `an object in which each value is ${value.expected}`,
    given => isTable(given) && Object.values(given).every(v => value.accepts(v)),
    from,
  );
}

/** What the one or the other takes. */
export function either<A, B>(one: Option<A>, other: Option<B>, from: Fallback<A | B>): OptionWithFallback<A | B>;
export function either<A, B>(one: Option<A>, other: Option<B>, from?: NoFallback): RequiredOption<A | B>;
export function either<A, B>(one: Option<A>, other: Option<B>, from?: Fallback<A | B> | NoFallback): Option<A | B> {
  return custom(`${one.expected}, or ${other.expected}`, value => one.accepts(value) || other.accepts(value), from);
}

/** Null, or what the inner option takes. The fallback is that of the inner option, or null. */
export const orNull = <T>(inner: Option<T>): OptionWithFallback<T | null> =>
  custom<T | null>(`${inner.expected}, or null`, value => value === null || inner.accepts(value), {
    fallback: inner.fallback ?? null,
  });

/** May be left out, and is then undefined: for options that are handed on to something with fallbacks of its own. */
export const optional = <T>(inner: RequiredOption<T>): OptionWithFallback<T | undefined> => ({
  ...inner,
  fallback: undefined,
});

export const number = /* @__PURE__ */ kind<number, NumberRange>(describe, within);

/** For layer plugins: a number or a schedule, never a function, since layers are saved. */
export const schedule = /* @__PURE__ */ kind<number | Schedule, NumberRange>(
  range => `${describe(range)}, or a schedule of such numbers`,
  (value, range) => within(value, range) || scheduleWithin(value, range),
);

/** Probability that something is kept, > 2⁻¹⁷ ≤ 1: from there down a mask of 16 bits keeps nothing. */
export const keepProb = /* @__PURE__ */ kind<number>(() => expectedKeepProb, isKeepProb);

/** A keepProb, or a schedule of them. */
export const keepProbSchedule = /* @__PURE__ */ kind<number | Schedule>(
  () => `${expectedKeepProb}, or a schedule of such numbers`,
  value => isKeepProb(value) || (isSchedule(value) && value.values.every(isKeepProb)),
);

/** For training plugins: a number, a schedule, or a function of the moment. */
export const varying = /* @__PURE__ */ kind<Varying, NumberRange>(
  range => `${describe(range)}, or a schedule or function (at) => number of such numbers`,
  (value, range) => within(value, range) || scheduleWithin(value, range) || typeof value === 'function',
);

export const boolean = /* @__PURE__ */ kind<boolean>(
  () => 'true or false',
  value => typeof value === 'boolean',
);

export const string = /* @__PURE__ */ kind<string>(
  () => 'a non-empty string',
  value => typeof value === 'string' && value !== '',
);

/** How often, in updates: `{ steps: n }`, or n alone. */
export const everySteps = /* @__PURE__ */ kind<EverySteps>(() => steps.expected, steps.accepts);

/** How often, in epochs: `{ epochs: n }`. */
export const everyEpochs = /* @__PURE__ */ kind<EveryEpochs>(() => epochs.expected, epochs.accepts);

/** A seed that replaces the run's, or null, the fallback, for the run's. */
export const seed = (): OptionWithFallback<number | null> => orNull(number({ min: 0, integer: true }));

/** An AbortSignal; null, the fallback, for none. */
export const signal = (): OptionWithFallback<AbortSignal | null> =>
  orNull(custom('an AbortSignal', value => typeof value === 'object' && value !== null && 'aborted' in value));

export const optimizer = /* @__PURE__ */ kind<Optimizer>(
  () => 'a tf.Optimizer such as tf.train.adam(1e-3)',
  isOptimizer,
);

/** Training plugins, as `attach` and `fit` take them; none is the fallback. */
export const plugins = (): OptionWithFallback<readonly Plugins[]> =>
  custom('a list of training plugins', Array.isArray, { fallback: [] });

export { custom };
