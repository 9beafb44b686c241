/** Plans the encoding of each column from a config, checked against the existing columns. */
import { OptionError } from '@keepprob/core';
import { messages as core, isTable, nearest } from '@keepprob/core/driver';
import { type ColumnPlan, type ColumnType, type Impute, imputes } from '@keepprob/trainer/table';
import type { DataSpec } from '../config/config.ts';

/** The most inputs of a column whose words are hashed. */
const MOST_HASHED = 65_536;

const expectedType = `"number", "oneHot", or { "hash": an integer from 1 to ${MOST_HASHED} }`;
const expectedImpute = '"median", "mode", "indicator" or "drop"';

function typeOf(owner: string, column: string, given: unknown): ColumnType {
  if (given === 'number' || given === 'oneHot') return given;
  if (isTable(given) && Object.keys(given).join() === 'hash') {
    const { hash }: { hash?: unknown } = given;
    if (typeof hash === 'number' && Number.isInteger(hash) && hash >= 1 && hash <= MOST_HASHED) return { hash };
  }
  throw OptionError.of(owner, `data.types.${column}`, expectedType, given);
}

const imputeOf = (owner: string, option: string, given: unknown): Impute => {
  const known = imputes.find(impute => impute === given);
  if (known) return known;
  throw OptionError.of(owner, option, expectedImpute, given);
};

/** The settings of a key of `data`, by column. @throws OptionError for a column that does not exist */
function byColumn(
  owner: string,
  key: 'types' | 'impute',
  given: object,
  known: readonly string[],
): Map<string, unknown> {
  for (const [column, received] of Object.entries(given)) {
    if (known.includes(column)) continue;
    const near = nearest(column, known);
    const message = core.optionUnknown(owner, `data.${key}.${column}`, near && `data.${key}.${near}`, known);
    throw new OptionError(message, { option: `data.${key}`, received });
  }
  return new Map(Object.entries(given));
}

export interface TablePlan {
  readonly columns: readonly ColumnPlan[];
  /** Rows without a value in one of these are left out. */
  readonly drop: readonly string[];
}

/**
 * @param columns the columns of x, in order
 * @param labels the columns to predict
 * @throws OptionError for types and ways to impute that do not exist, do not go together, or belong to other columns
 */
export function planOf(
  owner: string,
  { types = {}, impute }: Pick<DataSpec, 'types' | 'impute'>,
  columns: readonly string[],
  labels: readonly string[],
): TablePlan {
  const typed = byColumn(owner, 'types', types, columns);
  const filled = typeof impute === 'object' ? byColumn(owner, 'impute', impute, [...columns, ...labels]) : undefined;
  const all = typeof impute === 'string' ? imputeOf(owner, 'data.impute', impute) : undefined;
  const ways = new Map(
    [...(filled ?? [])].map(([column, way]) => [column, imputeOf(owner, `data.impute.${column}`, way)] as const),
  );
  for (const label of labels) {
    const way = ways.get(label);
    if (way !== undefined && way !== 'drop')
      throw OptionError.of(owner, `data.impute.${label}`, '"drop", as nothing can stand for a label', way);
  }
  const plans = columns.map((column): ColumnPlan => {
    const type = typed.has(column) ? typeOf(owner, column, typed.get(column)) : 'number';
    const own = ways.get(column);
    if (own === 'median' && type !== 'number')
      throw OptionError.of(owner, `data.impute.${column}`, '"mode", "indicator" or "drop" for words', own);
    // words have no median
    const way = own ?? (all === 'median' && type !== 'number' ? 'mode' : all);
    return { column, type, ...(way && { impute: way }) };
  });
  const dropped = [...plans.filter(plan => plan.impute === 'drop').map(plan => plan.column)];
  const ofLabels = labels.filter(label => all === 'drop' || ways.get(label) === 'drop');
  return { columns: plans, drop: [...dropped, ...ofLabels] };
}
