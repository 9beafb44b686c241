/** One way to check options: once, in the factory, before anything happens. */
import { distance } from 'fastest-levenshtein';
import type { Json } from '../contract.ts';
import { OptionError } from './errors.ts';
import * as messages from './messages.ts';
import { isSchedule, type Schedule } from './schedule.ts';

/** What one option takes. Without a `fallback` it is required. */
export interface Option<T> {
  readonly expected: string;
  accepts(value: unknown): boolean;
  readonly fallback?: T;
}

export type OptionSpecs<O> = { readonly [K in keyof Required<O>]: Option<Required<O>[K]> };

interface Fallback<T> {
  readonly fallback?: T;
}

export interface NumberRange extends Fallback<number> {
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

const inherit = <T>(option: Option<T>, from: Fallback<T>): Option<T> =>
  'fallback' in from ? { ...option, fallback: from.fallback as T } : option;

/** A number that may also be a schedule, whose every value must lie in the same range. */
const schedulable = (range: NumberRange, functions: boolean): Option<number | Schedule> =>
  inherit<number | Schedule>(
    {
      expected: `${describe(range)}, or a schedule${functions ? ' or function (at) => number' : ''} of such numbers`,
      accepts: value =>
        within(value, range) ||
        (functions && typeof value === 'function') ||
        (isSchedule(value) && value.values.every(v => within(v, range))),
    },
    range,
  );

export const option = {
  number: (range: NumberRange = {}): Option<number> =>
    inherit({ expected: describe(range), accepts: value => within(value, range) }, range),
  /** For layer plugins: a number or a schedule, never a function, since layers are saved. */
  schedule: (range: NumberRange = {}): Option<number | Schedule> => schedulable(range, false),
  /** For training plugins: a number, a schedule, or a function of the moment. */
  varying: <T>(range: NumberRange = {}): Option<T> => schedulable(range, true) as Option<unknown> as Option<T>,
  boolean: (from: Fallback<boolean> = {}): Option<boolean> =>
    inherit({ expected: 'true or false', accepts: value => typeof value === 'boolean' }, from),
  string: (from: Fallback<string> = {}): Option<string> =>
    inherit({ expected: 'a non-empty string', accepts: value => typeof value === 'string' && value !== '' }, from),
  oneOf: <T extends string>(values: readonly T[], from: Fallback<T> = {}): Option<T> =>
    inherit(
      { expected: `one of ${values.map(v => `'${v}'`).join(', ')}`, accepts: value => values.includes(value as T) },
      from,
    ),
  fn: <T>(from: Fallback<T> = {}): Option<T> =>
    inherit<T>({ expected: 'a function', accepts: value => typeof value === 'function' }, from),
  custom: <T>(expected: string, accepts: (value: unknown) => boolean, from: Fallback<T> = {}): Option<T> =>
    inherit<T>({ expected, accepts }, from),
} as const;

/** The known name nearest to a mistyped one, if any is near. */
export const nearest = (name: string, known: readonly string[]): string | undefined => {
  const [best] = known
    .map(k => [distance(name.toLowerCase(), k.toLowerCase()), k] as const)
    .sort((a, b) => a[0] - b[0]);
  return best && best[0] <= Math.max(2, name.length / 3) ? best[1] : undefined;
};

/**
 * The options as given, checked, with fallbacks filled in; frozen.
 * @throws OptionError for an unknown key, a missing option, a wrong type or a value out of range.
 */
export function checkOptions<O extends object>(owner: string, specs: OptionSpecs<O>, given: unknown): Required<O> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new OptionError(messages.optionsNotObject(owner, given), {
      expected: 'an object of options',
      received: given,
    });
  }
  const known = Object.keys(specs) as (keyof O & string)[];
  for (const [key, received] of Object.entries(given)) {
    if (Object.hasOwn(specs, key)) continue;
    throw new OptionError(messages.optionUnknown(owner, key, nearest(key, known), known), { option: key, received });
  }
  const checked: Partial<Required<O>> = {};
  for (const key of known) {
    const spec = specs[key];
    const value = (given as Partial<O>)[key];
    if (value === undefined) {
      if (!('fallback' in spec)) {
        throw new OptionError(messages.optionMissing(owner, key, spec.expected), {
          option: key,
          expected: spec.expected,
        });
      }
      checked[key] = spec.fallback as Required<O>[typeof key];
    } else if (spec.accepts(value)) {
      checked[key] = value as Required<O>[typeof key];
    } else {
      throw OptionError.of(owner, key, spec.expected, value);
    }
  }
  return Object.freeze(checked as Required<O>);
}

/** Options as JSON, for `config`; a function is named, since it cannot be saved. */
export function toConfig(options: object): { [key: string]: Json } {
  const entries = Object.entries(options).map(([key, value]): [string, Json] => [
    key,
    typeof value === 'function' ? { function: value.name || 'anonymous' } : (value as Json),
  ]);
  return Object.fromEntries(entries);
}
