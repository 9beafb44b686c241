/** How a column of a table becomes inputs of a model. */

/** What a column holds: numbers; words of which each is an input of its own; text whose words are hashed to so many inputs. */
export type ColumnType = 'number' | 'oneHot' | { readonly hash: number };

/** What stands for a missing value: the median, the most frequent one, the same beside an input that says so (`indicator`); `drop` leaves out the row. */
export type Impute = 'median' | 'mode' | 'indicator' | 'drop';

/** The ways to fill a gap. */
export const imputes: readonly Impute[] = ['median', 'mode', 'indicator', 'drop'];

/** A column, and what is to be done with it. */
export interface ColumnPlan {
  /** Its name. */
  readonly column: string;
  /** What it holds. */
  readonly type: ColumnType;
  /** What stands for a missing value; without it each row must have one. */
  readonly impute?: Impute;
}

/** A column with what was measured on the training rows. */
export interface Encoding extends ColumnPlan {
  /** Of `oneHot`: the words, each of them an input. Other words are 0 in all of them. */
  readonly values?: readonly string[];
  /** Stands for a missing value; without one all inputs of the column are 0 then. */
  readonly fill?: number | string;
}

/**
 * The names of the inputs that a column becomes.
 * @example
 * inputsOf({ column: 'kind', type: 'oneHot', values: ['cat', 'dog'] }); // ['kind=cat', 'kind=dog']
 */
export function inputsOf({ column, type, impute, values = [] }: Encoding): string[] {
  const indicator = impute === 'indicator' ? [`${column} is missing`] : [];
  if (type === 'number') return [column, ...indicator];
  if (type === 'oneHot') return [...values.map(value => `${column}=${value}`), ...indicator];
  return [...Array.from({ length: type.hash }, (_, i) => `${column}#${i}`), ...indicator];
}
