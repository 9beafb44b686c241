import { OptionError } from '@keepprob/core';
import { messages, nearest } from '@keepprob/core/driver';
import type { DataSpec } from '../config.ts';

/**
 * Weights by the number of the class, from weights by name or number.
 * @throws OptionError for a class that there is not, with those that there are
 */
export function classWeightOf<T>(
  owner: string,
  given: Readonly<Record<string, T>>,
  classes: DataSpec['classes'],
): Readonly<Record<string, T>> {
  if (classes === undefined) return given;
  const names = typeof classes === 'number' ? [] : classes;
  const count = typeof classes === 'number' ? classes : classes.length;
  const numbers = Array.from({ length: count }, (_, i) => String(i));
  return Object.fromEntries(
    Object.entries(given).map(([key, weight]) => {
      const named = names.indexOf(key);
      if (named >= 0) return [String(named), weight];
      if (numbers.includes(key)) return [key, weight];
      const known = names.length ? names : numbers;
      const near = nearest(key, known);
      const message = messages.optionUnknown(owner, `classWeight.${key}`, near && `classWeight.${near}`, known);
      throw new OptionError(message, { option: 'classWeight', received: weight });
    }),
  );
}
