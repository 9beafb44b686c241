/** Errors in the architecture of a file, each with its place. */
import { isTable } from '@keepprob/core/driver';
import { ConvertError } from '../errors.ts';
import * as messages from '../messages.ts';

/** Untrusted JSON. */
export type Table = Readonly<Record<string, unknown>>;

/** @throws ConvertError always */
export function wrong(where: string, expected: string, received: unknown): never {
  throw new ConvertError('damaged', messages.notConfig(where, expected, received), { layer: where });
}

/** An own property of a table, never one that every object has. */
export const own = (table: Table, key: string): unknown => (Object.hasOwn(table, key) ? table[key] : undefined);

/** @throws ConvertError if it is not a table */
export const tableIn = (value: unknown, where: string, expected: string): Table =>
  isTable(value) ? value : wrong(where, expected, value);

/** @throws ConvertError if it is not a list */
export const listIn = (value: unknown, where: string, expected: string): readonly unknown[] =>
  Array.isArray(value) ? value : wrong(where, expected, value);

/** A name that can be a key in the tables of TensorFlow.js. @throws ConvertError for any other value */
export function nameIn(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '' || value in Object.prototype) return wrong(where, 'a name', value);
  return value;
}
