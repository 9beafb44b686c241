/** Decides how to encode the columns to predict from. */
import type { ColumnType, Impute } from '@keepprob/trainer/table';
import { type ColumnLook, MOST_VALUES } from './look.ts';

/** The most words that each become their own input; with more, words are hashed. */
const MOST_WORDS = 24;
/** The number of inputs that words are hashed to. */
const HASHED = 32;
/** The mean number of words per field from which on a column is text. */
const TEXT = 6;
/** The share of words that occur in several rows, from which on words are informative about other rows. */
const REPEATING = 0.5;

/** A column to predict from, or the reason why it is left out. */
export type Use = { readonly type: ColumnType; readonly impute?: Impute } | { readonly leftOut: string };

const isId = ({ name }: ColumnLook): boolean =>
  /(?:^|[^a-z])(?:id|index|nr|no|key|uuid|row)$/i.test(name) || /[a-z](?:Id|ID)$/.test(name);

export function useOf(look: ColumnLook): Use {
  const { rows, missing, numbers, integers, dates, values } = look;
  const known = rows - missing;
  const impute = missing > 0;
  if (known === 0) return { leftOut: 'empty' };
  if (values.size === 1 && !impute) return { leftOut: 'the same in every row' };
  if (missing * 2 > rows) return { leftOut: `missing in ${missing} of ${rows} rows` };
  if (dates === known) return { leftOut: 'dates: write them as numbers, such as a year or days since some day' };
  const isDistinct = values.size === Math.min(known, MOST_VALUES);
  if (isDistinct && isId(look)) return { leftOut: 'a name of the row' };
  if (numbers === known) {
    if (isDistinct && integers === known && isCount(values)) return { leftOut: 'the number of the row' };
    return { type: 'number', ...(impute && { impute: 'median' }) };
  }
  return wordsUse(look, known);
}

function wordsUse({ words, values, missing, repeating }: ColumnLook, known: number): Use {
  const impute = missing > 0 && { impute: 'indicator' as const };
  if (values.size <= MOST_WORDS && values.size * 2 <= known) return { type: 'oneHot', ...impute };
  if (words >= TEXT * known) return { type: { hash: HASHED }, ...impute };
  const isDistinct = values.size === MOST_VALUES || values.size * 2 > known;
  if (isDistinct && repeating < REPEATING)
    return { leftOut: `another text in nearly every row, and ${percent(repeating)} of the words in several` };
  return { type: { hash: HASHED }, ...impute };
}

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** What `init` prints about a column whose words are hashed. */
export const hashedAs = ({ repeating }: ColumnLook): string =>
  `${percent(repeating)} of its words in several rows, hashed to ${HASHED} inputs`;

/** Describes which columns are hashed. */
export const HASHING = `texts, and short ones where half of the words or more stand in several rows`;

/** Whether the values are consecutive integers, as in row numbers. */
function isCount(values: ReadonlyMap<string, number>): boolean {
  let last: number | undefined;
  for (const value of values.keys()) {
    if (last !== undefined && Number(value) !== last + 1) return false;
    last = Number(value);
  }
  return true;
}
