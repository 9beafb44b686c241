/** What is to be done with the columns to predict from. */
import type { ColumnType, Impute } from '@keepprob/trainer/table';
import { type ColumnLook, MOST_VALUES } from './look.ts';

/** Words that are inputs of their own, at most; of more the words are hashed. */
const MOST_WORDS = 24;
/** Inputs that words are hashed to. */
const HASHED = 32;
/** Words in a field, from which on it is a text. */
const TEXT = 6;

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

function wordsUse({ words, values, missing }: ColumnLook, known: number): Use {
  const impute = missing > 0 && { impute: 'indicator' as const };
  if (values.size <= MOST_WORDS && values.size * 2 <= known) return { type: 'oneHot', ...impute };
  if (words >= TEXT * known) return { type: { hash: HASHED }, ...impute };
  if (values.size * 2 > known) return { leftOut: 'another word in nearly every row' };
  return { type: { hash: HASHED }, ...impute };
}

/** Integers one after the other, as rows are counted. */
function isCount(values: ReadonlyMap<string, number>): boolean {
  let last: number | undefined;
  for (const value of values.keys()) {
    if (last !== undefined && Number(value) !== last + 1) return false;
    last = Number(value);
  }
  return true;
}
