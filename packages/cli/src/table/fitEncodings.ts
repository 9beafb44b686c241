/** Measures what the encodings of columns need from the training rows: medians, modes, words. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import { type ColumnPlan, type Encoding, fieldAt, isMissing, placesOf, type Row } from '@keepprob/trainer/table';
import { numberIn } from './columns.ts';
import type { Table } from './csv.ts';

/** The most words of a column that each become their own input: a column with more holds names, or text. */
const MOST_VALUES = 1000;

/** Looks at a column row by row, and returns its encoding at the end. */
interface Fit {
  look(row: Row): void;
  end(): Encoding;
}

/** @throws DataError for fields that do not have the type of their column, too many words, and columns without any value to fill missing ones */
export function fitEncodings(table: Table, plans: readonly ColumnPlan[]): Encoding[] {
  const places = placesOf(
    table,
    plans.map(plan => plan.column),
  );
  const fits = plans.map((plan, i) => (plan.type === 'number' ? ofNumbers : ofWords)(table, plan, places[i] ?? 0));
  for (const row of table.rows()) for (const fit of fits) fit.look(row);
  return fits.map(fit => fit.end());
}

function ofNumbers(table: Table, plan: ColumnPlan, place: number): Fit {
  const { column, impute } = plan;
  const isFilled = impute !== undefined && impute !== 'drop';
  const values: number[] = [];
  return {
    look(row) {
      if (isFilled && isMissing(row.fields[place] ?? '')) return;
      const value = numberIn(table, row, place);
      if (isFilled) values.push(value);
    },
    end() {
      if (!isFilled) return plan;
      if (!values.length) throw withoutValue(table.path, column);
      return { ...plan, fill: impute === 'mode' ? modeOf(countsOf(values)) : medianOf(values) };
    },
  };
}

function ofWords(table: Table, plan: ColumnPlan, place: number): Fit {
  const { column, impute, type } = plan;
  const counts = new Map<string, number>();
  const needsCounts = type === 'oneHot' || impute === 'mode';
  return {
    look({ line, fields }) {
      const field = (fields[place] ?? '').trim();
      if (!needsCounts || (impute !== undefined && isMissing(field))) return;
      if (field === '')
        throw DataError.of(
          fieldAt(table, line, column),
          `a word; say what stands for missing ones: "impute": { ${show(column)}: "mode" }`,
          'an empty field',
        );
      counts.set(field, (counts.get(field) ?? 0) + 1);
      if (counts.size > MOST_VALUES && type === 'oneHot')
        throw DataError.of(
          `${table.path}, column ${show(column)}`,
          `at most ${MOST_VALUES} different words for "oneHot"; hash them: "types": { ${show(column)}: { "hash": 64 } }`,
          `more of them by line ${line}`,
        );
    },
    end() {
      if (needsCounts && !counts.size) throw withoutValue(table.path, column);
      return {
        ...plan,
        ...(type === 'oneHot' && { values: [...counts.keys()].sort(inOrder) }),
        ...(impute === 'mode' && { fill: modeOf(counts) }),
      };
    },
  };
}

const withoutValue = (path: string, column: string): DataError =>
  DataError.of(
    `${path}, column ${show(column)}`,
    'a value in one of the training rows',
    'none; leave the column out of `data.columns`',
  );

/** Compares by code units, which is the same everywhere. */
export const inOrder = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

function countsOf<T>(values: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/** The most frequent value; of equally frequent ones, the first in order. */
function modeOf<T extends string | number>(counts: ReadonlyMap<T, number>): T | 0 {
  const sorted = [...counts].sort((a, b) => b[1] - a[1] || inOrder(a[0], b[0]));
  return sorted[0]?.[0] ?? 0;
}

/** The middle value, or the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const at = (i: number): number => sorted[i] ?? Number.NaN;
  const half = sorted.length >> 1;
  return sorted.length % 2 ? at(half) : (at(half - 1) + at(half)) / 2;
}
