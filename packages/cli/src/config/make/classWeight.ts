import { OptionError } from '@keepprob/core';
import { messages, nearest } from '@keepprob/core/driver';
import { classNames } from '../../data/labels.ts';
import type { DataSpec } from '../config.ts';

/**
 * Converts weights by name or number of the class to weights by number.
 * @throws OptionError for an unknown class, with the known ones
 */
export function classWeightOf<T>(
  owner: string,
  given: Readonly<Record<string, T>>,
  classes: DataSpec['classes'],
): Readonly<Record<string, T>> {
  if (classes === undefined) return given;
  const names = classNames(classes);
  const numbers = classNames(names.length);
  return Object.fromEntries(
    Object.entries(given).map(([key, weight]) => {
      const number = names.includes(key) ? names.indexOf(key) : numbers.indexOf(key);
      if (number >= 0) return [String(number), weight];
      const near = nearest(key, names);
      const message = messages.optionUnknown(owner, `classWeight.${key}`, near && `classWeight.${near}`, names);
      throw new OptionError(message, { option: 'classWeight', received: weight });
    }),
  );
}
