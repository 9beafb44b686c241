import { OptionError } from '@keepprob/core';
import { messages as core, nearest } from '@keepprob/core/driver';
import * as messages from './messages.ts';

/** The entry with this name. @throws OptionError with the nearest known name */
export function choose<T>(where: string, what: string, name: unknown, table: Readonly<Record<string, T>>): T {
  if (typeof name !== 'string') throw new OptionError(core.optionMissing(where, what, `the name of a ${what}`));
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found !== undefined) return found;
  const known = Object.keys(table);
  throw new OptionError(messages.nameUnknown(where, what, name, nearest(name, known), known), { received: name });
}
