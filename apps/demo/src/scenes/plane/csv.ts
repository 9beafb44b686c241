/** Points from a table in a file: two columns of numbers and a class. Loaded when a file is chosen. */
import { dsvFormat } from 'd3-dsv';
import type { Plane } from '../../stage/points.ts';
import { count } from '../../stage/shows.ts';
import { mostPoints } from './own.ts';

export type Read = { readonly points: Plane; readonly told: string } | { readonly trouble: string };

const separators = [',', ';', '\t', '|', ' '] as const;
const advice =
  'It needs two columns of numbers and one with the class, separated by commas, semicolons or tabs. Where numbers have a comma before their decimals, separate columns by semicolons or tabs.';

/** Rows of the separator that gives most columns, the same number in nearly all rows. */
function tableIn(text: string): { readonly rows: string[][]; readonly separator: string } | undefined {
  const found = separators.flatMap(separator => {
    const rows = dsvFormat(separator)
      .parseRows(text.trim())
      .map(row => row.map(cell => cell.trim()))
      .filter(row => row.some(Boolean));
    const width = rows[0]?.length ?? 0;
    return rows.length > 1 && width >= 3 && rows.every(row => row.length === width) ? [{ rows, separator, width }] : [];
  });
  return found.toSorted((a, b) => b.width - a.width)[0];
}

interface Column {
  readonly name: string;
  readonly cells: readonly string[];
  readonly values: readonly number[];
  readonly kinds: readonly string[];
}

const numbered = (cell: string): boolean => cell !== '' && Number.isFinite(Number(cell));
const isNumeric = ({ values }: Column): boolean => values.every(Number.isFinite);

/** The first row names the columns where it has a word above numbers. */
function columnsOf(rows: readonly string[][], decimal: (cell: string) => string): Column[] {
  const width = rows[0]?.length ?? 0;
  const cellsOf = (column: number): string[] => rows.map(row => decimal(row[column] ?? ''));
  const all = Array.from({ length: width }, (_, column) => cellsOf(column));
  const hasHeader = all.some(
    ([first = '', ...others]) => !numbered(first) && others.length > 0 && others.every(numbered),
  );
  return all.map((cells, i) => {
    const own = hasHeader ? cells.slice(1) : cells;
    return {
      name: hasHeader ? cells[0] || `column ${i + 1}` : `column ${i + 1}`,
      cells: own,
      values: own.map(cell => (numbered(cell) ? Number(cell) : Number.NaN)),
      kinds: [...new Set(own)],
    };
  });
}

/** From −1 to 1; all 0 where they are one. */
function scaled(values: readonly number[]): number[] {
  const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as [number, number]);
  // halves, since the difference of two numbers may be larger than numbers are
  return values.map(value => (most > least ? (2 * (value / 2 - least / 2)) / (most / 2 - least / 2) - 1 : 0));
}

/** Numbers in their order, words in that of the alphabet. */
const ordered = (kinds: readonly string[]): string[] =>
  kinds.every(numbered) ? kinds.toSorted((a, b) => Number(a) - Number(b)) : kinds.toSorted();

/** Why a table has no column with the class; empty where it has one. */
function classTrouble(columns: readonly Column[], rows: number): string {
  const last = columns.at(-1);
  const kinds = last?.kinds.length ?? 0;
  if (kinds === 1) return `All ${rows} rows are of one class, “${last?.kinds[0]}”. There must be two.`;
  return columns.some(column => column.kinds.length === 2)
    ? ''
    : `No column has two different values, as that of the class must: the last, “${last?.name}”, has ${kinds}.`;
}

/** @returns points, and what was done to get them; or why there are none */
export function pointsOfCsv(text: string): Read {
  if (text.includes('\0')) return { trouble: `This file is no text. ${advice}` };
  const table = tableIn(text);
  if (!table)
    return { trouble: `This is no table of three or more columns with as many fields in each row. ${advice}` };
  const columns = columnsOf(table.rows, cell =>
    table.separator === ',' ? cell : cell.replace(/^(-?\d*),(\d+)$/, '$1.$2'),
  );
  const rows = columns[0]?.cells.length ?? 0;
  if (rows > mostPoints)
    return {
      trouble: `The table has ${count(rows)} rows; at most ${count(mostPoints)} can be taken. Leave some out.`,
    };
  const label = columns.findLast(({ kinds }) => kinds.length === 2);
  const trouble = classTrouble(columns, rows);
  if (trouble || !label) return { trouble };
  const [across, up] = columns.filter(column => column !== label && isNumeric(column));
  if (!across || !up) return { trouble: numberTrouble(columns, label) };
  if (across.kinds.length === 1 && up.kinds.length === 1)
    return { trouble: 'All points are in the same place, so nothing can tell the classes apart.' };
  const [zero = '', one = ''] = ordered(label.kinds);
  const [x, y] = [scaled(across.values), scaled(up.values)];
  return {
    points: { x: x.map((value, i) => [value, y[i] ?? 0] as const), y: label.cells.map(cell => Number(cell === one)) },
    told: `${count(rows)} points: “${across.name}” to the right, “${up.name}” up, each scaled to run from −1 to 1. “${zero}” of “${label.name}” is class 0, “${one}” class 1.`,
  };
}

function numberTrouble(columns: readonly Column[], label: Column): string {
  const others = columns.filter(column => column !== label);
  const nearly = others.find(
    ({ values }) => !values.every(Number.isFinite) && values.filter(Number.isFinite).length > values.length / 2,
  );
  if (!nearly) return `Besides the class, “${label.name}”, there must be two columns of numbers. ${advice}`;
  const at = nearly.values.findIndex(value => !Number.isFinite(value));
  return `In column “${nearly.name}”, ${nearly.cells[at] ? `“${nearly.cells[at]}” is no number` : 'a number is missing'} (row ${at + 1} of the numbers). Fill it in, or leave the row out.`;
}
