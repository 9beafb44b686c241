/** Checks JSON from elsewhere against a schema. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import * as v from 'valibot';

/**
 * @param what its name in errors
 * @param expected what it should be; the messages of the schema say what belongs in each field
 * @throws DataError with the first field that is wrong
 */
export function held<T>(what: string, schema: v.GenericSchema<T>, expected: string, json: unknown): T {
  if (v.is(schema, json)) return json;
  const [issue] = v.safeParse(schema, json).issues ?? [];
  throw DataError.of(what, expected, issue ? misplaced(issue) : 'another JSON');
}

function misplaced(issue: v.BaseIssue<unknown>): string {
  const where = v.getDotPath(issue);
  if (issue.path?.at(-1)?.origin === 'key') return `one without ${where}`;
  return `${show(issue.input)}${where ? ` as ${where}` : ''}, in place of ${issue.message}`;
}

/** An integer of at least `min`. */
export function integer(min: number) {
  const expected = `an integer ≥ ${min}`;
  return v.pipe(v.number(expected), v.safeInteger(expected), v.minValue(min, expected));
}

export const text = (expected = 'a non-empty string') => v.pipe(v.string(expected), v.nonEmpty(expected));

export function list<S extends v.GenericSchema>(item: S, expected: string, least = 1) {
  return v.pipe(v.array(item, expected), v.minLength(least, expected));
}
