/** What the log of a run tells of it. */
import { DataError } from '@keepprob/core';
import { show } from '@keepprob/core/driver';
import type { Row } from '@keepprob/trainer/table';
import { textOf } from '../data/files.ts';
import { csvRows } from '../table/csv.ts';

export interface Log {
  /** By name and epoch. */
  readonly history: Readonly<Record<string, readonly number[]>>;
  readonly epochs: number;
  readonly steps: number;
}

/** Columns that every log has, and that are no measures. */
const counting = ['epoch', 'step'];

/** As JavaScript writes numbers, those that are not finite among them: a measure may well have overflowed. */
const numeral = /^-?(?:\d+(?:\.\d+)?(?:e[-+]\d+)?|Infinity)$|^NaN$/;

/**
 * From log.csv, as `train` writes it; null where no epoch was finished. A measure that an epoch does not have is NaN; one that none has is left out.
 * @throws DataError for another file
 */
export async function logOf(path: string): Promise<Log | null> {
  const [header, ...lines] = csvRows(path, await textOf(path));
  if (!header) return null;
  // but for one that was cut when the process was killed
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
