/** Reads the log of a run. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import type { Row } from '@keepprob/trainer/table';
import { textOf } from '../data/files.ts';
import { csvRows } from '../table/csv.ts';

export interface Log {
  /** Measures by name and epoch. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly epochs: number;
  readonly steps: number;
}

/** Columns of every log that are not measures. */
const counting = ['epoch', 'step'];

/** Numbers as JavaScript writes them, including NaN and infinities: a measure may have overflowed. */
const numeral = /^-?(?:\d+(?:\.\d+)?(?:e[-+]\d+)?|Infinity)$|^NaN$/;

/**
 * Reads log.csv as written by `train`; null if no epoch was finished. A measure that an epoch lacks is NaN; one that all epochs lack is left out.
 * @throws DataError for a file that is not such a log
 */
export async function logOf(path: string): Promise<Log | null> {
  const [header, ...lines] = csvRows(path, await textOf(path));
  if (!header) return null;
  // without a row that was truncated when the process was killed
  const rows = lines.filter(({ fields }) => fields.length === header.fields.length);
  if (!counting.every((name, place) => header.fields[place] === name))
    throw DataError.of(
      path,
      `the log.csv of a run, whose first columns are ${counting.join(' and ')}`,
      show(header.fields),
    );
  const column = (place: number, missing?: number): number[] =>
    rows.map(row => (row.fields[place] === '' ? missing : undefined) ?? numberIn(path, row, place, header));
  const measures = header.fields
    .map((name, place) => [name, place] as const)
    .slice(counting.length)
    .filter(([, place]) => rows.some(({ fields }) => fields[place] !== ''));
  const [, steps] = counting.map((_, place) => column(place).at(-1));
  if (steps === undefined) return null;
  return {
    history: Object.fromEntries(measures.map(([name, place]) => [name, column(place, Number.NaN)])),
    epochs: rows.length,
    steps,
  };
}

function numberIn(path: string, { line, fields }: Row, place: number, header: Row): number {
  const field = fields[place] ?? '';
  if (numeral.test(field)) return Number(field);
  throw DataError.of(`${path}, line ${line}, column ${show(header.fields[place])}`, 'a number', show(field));
}
