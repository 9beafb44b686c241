/** What can be set of a technique, as text in a field and in the address, and as a value. */

/** A number; one for each epoch; one from each update on, or one for each layer. */
export type Value = number | readonly number[] | Readonly<Record<string, number>>;

interface Range {
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
  readonly below?: number;
  readonly integer?: boolean;
}

export interface Option extends Range {
  /** To begin with. */
  readonly value: Value;
  /** The call gives it. */
  readonly isGiven: boolean;
  /** Of a table: the names that it may have; updates where there are none. */
  readonly keys?: readonly string[];
}

type Told = Range & { readonly keys?: readonly string[] };

/** What a call gives. */
export const given = (value: Value, told: Told = {}): Option => ({ ...told, value, isGiven: true });
/** What has this value where a call does not give it. */
export const fallback = (value: Value, told: Told = {}): Option => ({ ...told, value, isGiven: false });

/** `0.1`, `0.1,0.01` or `0:0.1,1000:0.01`. */
export const textOf = (value: Value): string =>
  typeof value === 'number' || Array.isArray(value)
    ? String(value)
    : Object.entries(value)
        .map(([key, number]) => `${key}:${number}`)
        .join();

const isWithin = (number: number, { min, above, max, below, integer }: Range): boolean =>
  Number.isFinite(number) &&
  number >= (min ?? -Infinity) &&
  number > (above ?? -Infinity) &&
  number <= (max ?? Infinity) &&
  number < (below ?? Infinity) &&
  (!integer || Number.isSafeInteger(number));

const numberOf = (text: string): number => (text.trim() ? Number(text) : Number.NaN);

/** What a text means for it, or nothing where it takes no such value. */
export function valueIn(option: Option, text: string): Value | undefined {
  if (typeof option.value === 'number') {
    const number = numberOf(text);
    return isWithin(number, option) ? number : undefined;
  }
  const parts = text.split(',');
  if (Array.isArray(option.value)) {
    const numbers = parts.map(numberOf);
    return numbers.every(number => isWithin(number, option)) ? numbers : undefined;
  }
  const pairs = parts.map(part => part.split(':').map(side => side.trim()));
  const keys = pairs.map(([key = '']) => key);
  const fits =
    pairs.every(pair => pair.length === 2 && isWithin(numberOf(pair[1] ?? ''), option)) &&
    new Set(keys).size === keys.length &&
    (option.keys ? keys.every(key => option.keys?.includes(key)) : areUpdates(keys));
  return fits ? Object.fromEntries(pairs.map(([key = '', number = '']) => [key, Number(number)])) : undefined;
}

/** The same, brought into range where it is a number that is out of it. */
export function nearestIn(option: Option, text: string): Value | undefined {
  const value = valueIn(option, text);
  if (value !== undefined || typeof option.value !== 'number') return value;
  const { min = -Infinity, max = Infinity, integer } = option;
  const number = numberOf(text);
  const near = Math.min(max, Math.max(min, integer ? Math.round(number) : number));
  return isWithin(near, option) ? near : undefined;
}

/** The first of them is 0. */
const areUpdates = (keys: readonly string[]): boolean =>
  keys.every((key, i) => /^\d{1,9}$/.test(key) && (i ? Number(key) > Number(keys[i - 1]) : Number(key) === 0));

/** What it takes, in words. */
export function takes({ value, keys, ...range }: Option): string {
  const bounds = [
    range.min !== undefined && `≥ ${range.min}`,
    range.above !== undefined && `> ${range.above}`,
    range.max !== undefined && `≤ ${range.max}`,
    range.below !== undefined && `< ${range.below}`,
  ].filter(Boolean);
  const one = [range.integer ? 'integer' : 'number', bounds.join(' and ')].filter(Boolean).join(' ');
  if (typeof value === 'number') return `${range.integer ? 'an' : 'a'} ${one}`;
  const many = one.replace(/^number/, 'numbers');
  if (Array.isArray(value)) return `${many}, one for each epoch, such as ${textOf(value)}`;
  return keys
    ? `${many} by layer (${keys.join(', ')}), such as ${textOf(value)}`
    : `${many} by the update from which they hold, the first of them 0, such as ${textOf(value)}`;
}
