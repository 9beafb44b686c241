/** Errors in the architecture of a file, each with the place that it is about. */
import { isTable } from '@keepprob/core/driver';
import { ConvertError } from '../errors.ts';
import * as messages from '../messages.ts';

/** JSON of others. */
export type Table = Readonly<Record<string, unknown>>;

/** @throws ConvertError always */
export function wrong(where: string, expected: string, received: unknown): never {
  throw new ConvertError('damaged', messages.notConfig(where, expected, received), { layer: where });
}

/** What a table itself holds; never what every object has. */
export const own = (table: Table, key: string): unknown => (Object.hasOwn(table, key) ? table[key] : undefined);

/** @throws ConvertError for what is not a table */
export const tableIn = (value: unknown, where: string, expected: string): Table =>
  isTable(value) ? value : wrong(where, expected, value);

/** @throws ConvertError for what is not a list */
export const listIn = (value: unknown, where: string, expected: string): readonly unknown[] =>
  Array.isArray(value) ? value : wrong(where, expected, value);

/** A name that can be a key of TensorFlow.js' tables. @throws ConvertError for another one */
export function nameIn(value: unknown, where: string): string {
  if (typeof value !== 'string' || value === '' || value in Object.prototype) return wrong(where, 'a name', value);
  return value;
}
