/** The specification of one option, and how a kind of option is made. */

interface Check<T> {
  /** What was expected, for errors: 'an integer ≥ 1'. */
  readonly expected: string;
  accepts(value: unknown): value is T;
}

/** An option that callers must give. */
export interface RequiredOption<T> extends Check<T> {
  /** A required option has no fallback. */
  readonly fallback?: never;
}

/** An option that callers may leave out; its value is then `fallback`. */
export interface OptionWithFallback<T> extends Check<T> {
  /** Its value when it is left out. */
  readonly fallback: T;
}

/** The specification of one option. Without a `fallback` it is required. */
export type Option<T> = RequiredOption<T> | OptionWithFallback<T>;

export interface Fallback<T> {
  readonly fallback: T;
}

export interface NoFallback {
  readonly fallback?: never;
}

/** Makes options of one kind: with a `fallback` they may be left out, without one they are required. */
export interface Kind<T, Details extends object = object> {
  (details: Details & Fallback<T>): OptionWithFallback<T>;
  (details?: Details & NoFallback): RequiredOption<T>;
}

export function kind<T, Details extends object = object>(
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

/**
 * An option that takes the values for which `accepts` returns true. `expected` completes "Expected …" in the error.
 * @example
 * option.custom('an even number', value => value % 2 === 0, { fallback: 2 }).accepts(3); // false
 */
export function custom<T>(
  expected: string,
  accepts: (value: unknown) => boolean,
  from: Fallback<T>,
): OptionWithFallback<T>;
/** Without a fallback it is required. */
export function custom<T>(expected: string, accepts: (value: unknown) => boolean, from?: NoFallback): RequiredOption<T>;
/** With or without a fallback. */
export function custom<T>(
  expected: string,
  accepts: (value: unknown) => boolean,
  from?: Fallback<T> | NoFallback,
): Option<T>;
export function custom<T>(
  expected: string,
  accepts: (value: unknown) => boolean,
  from: Fallback<T> | NoFallback = {},
): Option<T> {
  const check = { expected, accepts: (value: unknown): value is T => accepts(value) };
  return 'fallback' in from ? { ...check, fallback: from.fallback as T } : check;
}
