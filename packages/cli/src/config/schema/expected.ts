/** Schemas that describe what they expect, for errors about wrong values and missing or unknown keys. */
import * as v from 'valibot';

/** The keys of the object that an issue is about, and what each of them should be. */
export const fieldsOf: WeakMap<object, Readonly<Record<string, string>>> = new WeakMap();

type Entries = Readonly<Record<string, v.GenericSchema>>;

/** Records for an issue what the object may hold; the message of a check is what it expects. */
const expects =
  (entries: Entries, expected: string) =>
  (issue: v.BaseIssue<unknown>): string => {
    const described = Object.entries(entries).map(([key, entry]) => [key, v.getDescription(entry) ?? 'a value']);
    fieldsOf.set(issue, Object.fromEntries(described));
    return expected;
  };

export const only = <E extends Entries>(entries: E, expected: string) =>
  v.strictObject(entries, expects(entries, expected));
export const atLeast = <E extends Entries>(entries: E, expected: string) =>
  v.looseObject(entries, expects(entries, expected));

/** The alternatives that `either` chooses from. */
export const alternativesOf: WeakMap<object, readonly v.GenericSchema[]> = new WeakMap();

/** One of several schemas, depending on what was given: the error comes from the one that was meant. */
export function either<const A extends readonly v.GenericSchema[]>(
  expected: string,
  alternatives: A,
  choose: (given: unknown, ...alternatives: A) => v.GenericSchema,
) {
  const lazy = v.lazy(given => choose(given, ...alternatives));
  alternativesOf.set(lazy, alternatives);
  return v.pipe(lazy, v.description(expected));
}

export const has = (given: unknown, key: string): boolean =>
  typeof given === 'object' && given !== null && Object.hasOwn(given, key);

// all checks of a schema have the same message, so that it is complete whichever of them fails

export function integer(min: number, expected = `an integer ≥ ${min}`) {
  return v.pipe(v.number(expected), v.safeInteger(expected), v.minValue(min, expected), v.description(expected));
}
export function number(expected: string, accepts: (value: number) => boolean) {
  return v.pipe(v.number(expected), v.finite(expected), v.check(accepts, expected), v.description(expected));
}
export function list<S extends v.GenericSchema>(item: S, expected: string, least = 1) {
  return v.pipe(v.array(item, expected), v.minLength(least, expected), v.description(expected));
}
export const text = (expected = 'a non-empty string') =>
  v.pipe(v.string(expected), v.nonEmpty(expected), v.description(expected));
export const boolean = v.pipe(v.boolean('true or false'), v.description('true or false'));
