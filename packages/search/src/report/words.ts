/** Numbers and names in the format of the report. */
import { short, withError } from '@keepprob/lens/page';
import type { Dimension, Json, Point } from '../contract.ts';
import { numberIn } from '../space/points.ts';
import type { Mean, Seen } from './reported.ts';

/** The mark of an empty cell. */
export const NONE = '–';

/** Maximum length of a name in a title or under an axis. */
const NAME = 40;

export const named = (name: string): string => (name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name);

/** A value with its error, which does not wrap. */
export const pm = (value: number, error: number): string => withError(value, error).replace(' ± ', '\u00a0±\u00a0');

export const measured = (mean: Mean | null): string => (mean ? pm(mean.value, mean.error) : NONE);

/** JSON has null for numbers that are not finite. */
export const interval = ([low, high]: readonly [number, number]): string =>
  Number.isFinite(low) && Number.isFinite(high) ? `${short(low)} … ${short(high)}` : 'not known from one unit';

/** `1 trial`, `2 trials`. */
export const counted = (count: number, what: string): string =>
  `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`;

/** A number of a dimension in words; for a choice, the label of the branch. */
export const valueIn = (dimension: Dimension, x: number): string =>
  dimension.kind === 'choice' ? (dimension.labels[x] ?? `branch ${x}`) : short(x);

/** The values of a point in each dimension, as cells of a table. */
export const cellsOf = (dimensions: readonly Dimension[], point: Point): string[] =>
  dimensions.map(dimension => {
    const x = numberIn(point, dimension.name);
    return x === undefined ? NONE : valueIn(dimension, x);
  });

export const pointInWords = (dimensions: readonly Dimension[], point: Point): string =>
  cellsOf(dimensions, point)
    .map((cell, i) => `${dimensions[i]?.name} ${cell}`)
    .join(', ');

/** `k 5, repeats 2`. */
export function optionsInWords(options: Json): string {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return JSON.stringify(options);
  const given = Object.entries(options).filter(([, value]) => value !== null && value !== false);
  return given.map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`).join(', ');
}

export const stateOf = ({ trial }: Seen): string => (trial.isOff ? `${trial.state}, "off"` : trial.state);
