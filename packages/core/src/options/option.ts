/** The kinds of option: what each takes, and how an error says so. */
import { type EveryEpochs, type EverySteps, everyEpochs, everySteps } from './every.ts';
import { isSchedule, type Schedule, type Varying } from './schedule.ts';

interface Check<T> {
  /** What an error says was expected: 'an integer ≥ 1'. */
  readonly expected: string;
  accepts(value: unknown): value is T;
}

/** An option that callers must give. */
export interface RequiredOption<T> extends Check<T> {
  readonly fallback?: never;
}

/** An option that callers may leave out; its value is then `fallback`. */
export interface OptionWithFallback<T> extends Check<T> {
  readonly fallback: T;
}

/** What one option takes. Without a `fallback` it is required. */
export type Option<T> = RequiredOption<T> | OptionWithFallback<T>;

interface Fallback<T> {
  readonly fallback: T;
}

interface NoFallback {
  readonly fallback?: never;
}

/** Makes options of one kind: with a `fallback` they may be left out, without one they are required. */
interface Kind<T, Details extends object = object> {
  (details: Details & Fallback<T>): OptionWithFallback<T>;
  (details?: Details & NoFallback): RequiredOption<T>;
}

function kind<T, Details extends object = object>(
  expected: (details: Partial<Details>) => string,
  accepts: (value: unknown, details: Partial<Details>) => boolean,
): Kind<T, Details> {
  function make(details: Details & Fallback<T>): OptionWithFallback<T>;
  function make(details?: Details & NoFallback): RequiredOption<T>;
  function make(details: Partial<Details> & (Fallback<T> | NoFallback) = {}): Option<T> {
    return custom(expected(details), value => accepts(value, details), details);
  }
  return make;
}

function custom<T>(expected: string, accepts: (value: unknown) => boolean, from: Fallback<T>): OptionWithFallback<T>;
function custom<T>(expected: string, accepts: (value: unknown) => boolean, from?: NoFallback): RequiredOption<T>;
function custom<T>(expected: string, accepts: (value: unknown) => boolean, from?: Fallback<T> | NoFallback): Option<T>;
function custom<T>(
  expected: string,
  accepts: (value: unknown) => boolean,
  from: Fallback<T> | NoFallback = {},
): Option<T> {
  const check = { expected, accepts: (value: unknown): value is T => accepts(value) };
  return 'fallback' in from ? { ...check, fallback: from.fallback as T } : check;
}

function oneOf<T extends string>(values: readonly T[], from: Fallback<T>): OptionWithFallback<T>;
function oneOf<T extends string>(values: readonly T[], from?: NoFallback): RequiredOption<T>;
function oneOf<T extends string>(values: readonly T[], from?: Fallback<T> | NoFallback): Option<T> {
  const known: readonly unknown[] = values;
  return custom(`one of ${values.map(v => `'${v}'`).join(', ')}`, value => known.includes(value), from);
}

function fn<T>(from: Fallback<T>): OptionWithFallback<T>;
function fn<T>(from?: NoFallback): RequiredOption<T>;
function fn<T>(from?: Fallback<T> | NoFallback): Option<T> {
  return custom('a function', value => typeof value === 'function', from);
}

/** Null, or what the inner option takes; null where neither is given nor has a fallback. */
const orNull = <T>(inner: Option<T>): OptionWithFallback<T | null> =>
  custom<T | null>(`${inner.expected}, or null`, value => value === null || inner.accepts(value), {
    fallback: inner.fallback ?? null,
  });

/** May be left out, and is then undefined: whoever the options are handed to has a fallback of its own. */
const optional = <T>(inner: RequiredOption<T>): OptionWithFallback<T | undefined> => ({
  ...inner,
  fallback: undefined,
});

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

export const option = {
  number: kind<number, NumberRange>(describe, within),
  /** For layer plugins: a number or a schedule, never a function, since layers are saved. */
  schedule: kind<number | Schedule, NumberRange>(
    range => `${describe(range)}, or a schedule of such numbers`,
    (value, range) => within(value, range) || scheduleWithin(value, range),
  ),
  /** For training plugins: a number, a schedule, or a function of the moment. */
  varying: kind<Varying, NumberRange>(
    range => `${describe(range)}, or a schedule or function (at) => number of such numbers`,
    (value, range) => within(value, range) || scheduleWithin(value, range) || typeof value === 'function',
  ),
  boolean: kind<boolean>(
    () => 'true or false',
    value => typeof value === 'boolean',
  ),
  string: kind<string>(
    () => 'a non-empty string',
    value => typeof value === 'string' && value !== '',
  ),
  /** How often, in updates: `{ steps: n }`, or n alone. */
  everySteps: kind<EverySteps>(() => everySteps.expected, everySteps.accepts),
  /** How often, in epochs: `{ epochs: n }`. */
  everyEpochs: kind<EveryEpochs>(() => everyEpochs.expected, everyEpochs.accepts),
  oneOf,
  fn,
  orNull,
  optional,
  /** A seed that replaces the run's, or null, the fallback, for the run's. */
  seed: (): OptionWithFallback<number | null> => orNull(option.number({ min: 0, integer: true })),
  /** Whatever `accepts` says; `expected` completes "Expected …" in the error. */
  custom,
} as const;
