/**
 * The kinds of option: what each takes, and how an error describes it. Core exports them together, as `option`;
 * they are marked pure, so that a bundler leaves out unused ones.
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
import { isTable } from './table.ts';

/** The numbers that an option takes; all finite numbers by default. */
export interface NumberRange {
  /** Smallest value allowed. */
  readonly min?: number;
  /** Largest value allowed. */
  readonly max?: number;
  /** The value must be greater than this. */
  readonly above?: number;
  /** The value must be less than this. */
  readonly below?: number;
  /** Whether it must be an integer. */
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

function describe(range: NumberRange): string {
  const bounds = [
    range.min !== undefined && `≥ ${range.min}`,
    range.above !== undefined && `> ${range.above}`,
    range.max !== undefined && `≤ ${range.max}`,
    range.below !== undefined && `< ${range.below}`,
  ].filter(Boolean);
  const kind = range.integer ? 'an integer' : 'a number';
  return bounds.length ? `${kind} ${bounds.join(' and ')}` : kind;
}

/** Every value of the schedule lies in the range. */
const scheduleWithin = (value: unknown, range: NumberRange): boolean =>
  isSchedule(value) && value.values.every(v => within(v, range));

type Literal = string | number | boolean;

/**
 * One of these strings, numbers or booleans.
 * @example
 * option.oneOf(['linear', 'cosine'], { fallback: 'cosine' }).expected; // "one of 'linear', 'cosine'"
 */
export function oneOf<const T extends Literal>(values: readonly T[], from: Fallback<NoInfer<T>>): OptionWithFallback<T>;
/** Without a fallback it is required. */
export function oneOf<const T extends Literal>(values: readonly T[], from?: NoFallback): RequiredOption<T>;
export function oneOf<const T extends Literal>(values: readonly T[], from?: Fallback<T> | NoFallback): Option<T> {
  const known: readonly unknown[] = values;
  const words = values.map(value => (typeof value === 'string' ? `'${value}'` : String(value))).join(', ');
  return custom(values.length > 1 ? `one of ${words}` : words, value => known.includes(value), from);
}

/**
 * A list of some of these strings, at least one.
 * @example
 * option.someOf(['kernel', 'recurrent'], { fallback: ['kernel'] }).expected; // "a list of one or more of 'kernel', 'recurrent'"
 */
export function someOf<const T extends string>(
  values: readonly T[],
  from: Fallback<readonly NoInfer<T>[]>,
): OptionWithFallback<readonly T[]>;
/** Without a fallback it is required. */
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

/**
 * A function.
 * @example
 * option.fn({ fallback: () => true }).accepts(Math.abs); // true
 */
export function fn<T>(from: Fallback<T>): OptionWithFallback<T>;
/** Without a fallback it is required. */
export function fn<T>(from?: NoFallback): RequiredOption<T>;
export function fn<T>(from?: Fallback<T> | NoFallback): Option<T> {
  return custom('a function', value => typeof value === 'function', from);
}

/**
 * A list of values that the inner option takes.
 * @example
 * option.list(option.number({ min: 0 })).accepts([0.1, 0.2]); // true
 */
export function list<T>(item: Option<T>, from: Fallback<readonly T[]>): OptionWithFallback<readonly T[]>;
/** Without a fallback it is required. */
export function list<T>(item: Option<T>, from?: NoFallback): RequiredOption<readonly T[]>;
export function list<T>(item: Option<T>, from?: Fallback<readonly T[]> | NoFallback): Option<readonly T[]> {
  return custom(
    `a list in which each item is ${item.expected}`,
    // spread, so that holes are checked as undefined instead of skipped
    value => Array.isArray(value) && [...value].every(v => item.accepts(v)),
    from,
  );
}

type Table<T> = Readonly<Record<string, T>>;

/**
 * An object with values that the inner option takes, by name.
 * @example
 * option.record(option.keepProb()).accepts({ hidden1: 0.7, hidden2: 0.5 }); // true
 */
export function record<T>(value: Option<T>, from: Fallback<Table<T>>): OptionWithFallback<Table<T>>;
/** Without a fallback it is required. */
export function record<T>(value: Option<T>, from?: NoFallback): RequiredOption<Table<T>>;
export function record<T>(value: Option<T>, from?: Fallback<Table<T>> | NoFallback): Option<Table<T>> {
  return custom(
    `an object in which each value is ${value.expected}`,
    given => isTable(given) && Object.values(given).every(v => value.accepts(v)),
    from,
  );
}

/**
 * Any value that one of the two options takes.
 * @example
 * option.either(option.number({ min: 0 }), option.boolean(), { fallback: true }).expected; // 'a number ≥ 0, or true or false'
 */
export function either<A, B>(one: Option<A>, other: Option<B>, from: Fallback<A | B>): OptionWithFallback<A | B>;
/** Without a fallback it is required. */
export function either<A, B>(one: Option<A>, other: Option<B>, from?: NoFallback): RequiredOption<A | B>;
export function either<A, B>(one: Option<A>, other: Option<B>, from?: Fallback<A | B> | NoFallback): Option<A | B> {
  return custom(`${one.expected}, or ${other.expected}`, value => one.accepts(value) || other.accepts(value), from);
}

/**
 * Null, or any value that the inner option takes. The fallback is that of the inner option, or null.
 * @example
 * option.orNull(option.string()).fallback; // null
 */
export const orNull = <T>(inner: Option<T>): OptionWithFallback<T | null> =>
  custom<T | null>(`${inner.expected}, or null`, value => value === null || inner.accepts(value), {
    fallback: inner.fallback ?? null,
  });

/**
 * An option that may be omitted, and is then undefined: for options that are passed on to something with its own fallbacks.
 * @example
 * option.optional(option.number({ above: 0 })).fallback; // undefined
 */
export const optional = <T>(inner: RequiredOption<T>): OptionWithFallback<T | undefined> => ({
  ...inner,
  fallback: undefined,
});

/**
 * A finite number in a range.
 * @example
 * option.number({ min: 0, max: 1, fallback: 0.5 }).expected; // 'a number ≥ 0 and ≤ 1'
 * option.number({ min: 1, integer: true }).accepts(2.5); // false
 */
export const number = /* @__PURE__ */ kind<number, NumberRange>(describe, within);

/**
 * For layer plugins: a number or a schedule, but not a function, since layers are saved.
 * @example
 * option.schedule({ min: 0 }).accepts(linear({ from: 1, to: 0, steps: 100 })); // true
 * option.schedule({ min: 0 }).accepts(() => 0.1); // false
 */
export const schedule = /* @__PURE__ */ kind<number | Schedule, NumberRange>(
  range => `${describe(range)}, or a schedule of such numbers`,
  (value, range) => within(value, range) || scheduleWithin(value, range),
);

/**
 * A probability that something is kept: > 2⁻¹⁷ and ≤ 1. A mask of 16 bits would keep nothing below that.
 * @example
 * option.keepProb().accepts(0.5); // true
 * option.keepProb().accepts(0); // false
 */
export const keepProb = /* @__PURE__ */ kind<number>(() => expectedKeepProb, isKeepProb);

/**
 * A keepProb, or a schedule of them.
 * @example
 * option.keepProbSchedule().accepts(linear({ from: 1, to: 0.5, steps: 1000 })); // true
 */
export const keepProbSchedule = /* @__PURE__ */ kind<number | Schedule>(
  () => `${expectedKeepProb}, or a schedule of such numbers`,
  value => isKeepProb(value) || (isSchedule(value) && value.values.every(isKeepProb)),
);

/**
 * For training plugins: a number, a schedule, or a function of the moment.
 * @example
 * option.varying({ min: 0 }).accepts(({ epoch }) => 1 / (1 + epoch)); // true
 */
export const varying = /* @__PURE__ */ kind<Varying, NumberRange>(
  range => `${describe(range)}, or a schedule or function (at) => number of such numbers`,
  (value, range) => within(value, range) || scheduleWithin(value, range) || typeof value === 'function',
);

/**
 * True or false.
 * @example
 * option.boolean({ fallback: false }).accepts(1); // false
 */
export const boolean = /* @__PURE__ */ kind<boolean>(
  () => 'true or false',
  value => typeof value === 'boolean',
);

/**
 * A string that is not empty.
 * @example
 * option.string().accepts(''); // false
 */
export const string = /* @__PURE__ */ kind<string>(
  () => 'a non-empty string',
  value => typeof value === 'string' && value !== '',
);

/**
 * How often, in updates: `{ steps: n }`, or n alone.
 * @example
 * option.everySteps({ fallback: 1 }).accepts({ steps: 10 }); // true
 */
export const everySteps = /* @__PURE__ */ kind<EverySteps>(() => steps.expected, steps.accepts);

/**
 * How often, in epochs: `{ epochs: n }`.
 * @example
 * option.everyEpochs({ fallback: { epochs: 1 } }).accepts(5); // false
 */
export const everyEpochs = /* @__PURE__ */ kind<EveryEpochs>(() => epochs.expected, epochs.accepts);

/**
 * A seed that replaces the run's. Null, the fallback, uses the run's seed.
 * @example
 * option.seed().fallback; // null
 * option.seed().accepts(7); // true
 */
export const seed = (): OptionWithFallback<number | null> => orNull(number({ min: 0, integer: true }));

/**
 * An `AbortSignal`. Null, the fallback, means none.
 * @example
 * option.signal().accepts(new AbortController().signal); // true
 */
export const signal = (): OptionWithFallback<AbortSignal | null> =>
  orNull(custom('an AbortSignal', value => typeof value === 'object' && value !== null && 'aborted' in value));

/**
 * A `tf.Optimizer`.
 * @example
 * option.optimizer().accepts(tf.train.adam(1e-3)); // true
 */
export const optimizer = /* @__PURE__ */ kind<Optimizer>(
  () => 'a tf.Optimizer such as tf.train.adam(1e-3)',
  isOptimizer,
);

/**
 * Training plugins, as `attach` and `fit` take them. The fallback is an empty list.
 * @example
 * option.plugins().accepts([l2(1e-4)]); // true
 */
export const plugins = (): OptionWithFallback<readonly Plugins[]> =>
  custom('a list of training plugins', Array.isArray, { fallback: [] });

export { custom };
