/** How a column of a table becomes model inputs. */

/** The contents of a column: numbers; words, each of which becomes its own input; or text, whose words are hashed to `hash` inputs. */
export type ColumnType = 'number' | 'oneHot' | { readonly hash: number };

/**
 * How a missing value is filled: `median`; `mode`, the most frequent value; `indicator`, an extra input that marks it, with the median for numbers; `drop` leaves
 * out the row.
 */
export type Impute = 'median' | 'mode' | 'indicator' | 'drop';

/** The ways to fill a gap. */
export const imputes: readonly Impute[] = ['median', 'mode', 'indicator', 'drop'];

/** A column, and how to encode it. */
export interface ColumnPlan {
  /** Its name. */
  readonly column: string;
  /** Its contents. */
  readonly type: ColumnType;
  /** How a missing value is filled; without it, each row must have a value. */
  readonly impute?: Impute;
}

/** A column plan, with the values measured on the training rows. */
export interface Encoding extends ColumnPlan {
  /** For `oneHot`: the words, each of which is an input. For other words, all of these inputs are 0. */
  readonly values?: readonly string[];
  /** Replaces a missing value; without it, all inputs of the column are 0 then. */
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
