/** Facts about the data that are reported before training. */
import type { DataSpec } from '../config/config.ts';
import { rowsOf, sizeOf } from './arrays.ts';
import { classesIn } from './examples.ts';
import { classNames } from './labels.ts';
import { isSource, namesOf, type Parts } from './parts.ts';

export interface Facts {
  readonly rows: { readonly train: number; readonly validation: number; readonly dropped: number };
  /** The number of columns of a table. */
  readonly columns?: number;
  /** How many numbers a row of x has. */
  readonly inputs: number;
  /** Rows of each class, in training and validation together. */
  readonly classes?: readonly { readonly name: string; readonly rows: number }[];
  /** How validation rows were chosen. */
  readonly split: 'none' | 'file' | 'random' | 'stratified';
  /** Fields of validation rows with a word that no training row has, by column. */
  readonly unknown: ReadonlyMap<string, number>;
}

export function factsOf(spec: DataSpec, { train, validation, table }: Parts): Facts {
  return {
    rows: { train: rowsOf(train.y), validation: validation ? rowsOf(validation.y) : 0, dropped: table?.dropped ?? 0 },
    ...(table && { columns: namesOf(table).columns.length }),
    inputs: sizeOf(train.x.shape.slice(1)),
    ...(spec.classes !== undefined && {
      classes: countsOf(spec.classes, [train.y, ...(validation ? [validation.y] : [])]),
    }),
    split: splitKind(spec),
    unknown: table?.unknown ?? new Map(),
  };
}

function countsOf(
  classes: number | readonly string[],
  labels: readonly Parts['train']['y'][],
): NonNullable<Facts['classes']> {
  const names = classNames(classes);
  const counts = new Float64Array(names.length);
  for (const y of labels) for (const c of classesIn(y)) counts[c] = (counts[c] ?? 0) + 1;
  return names.map((name, i) => ({ name, rows: counts[i] ?? 0 }));
}

function splitKind({ validation, classes }: DataSpec): Facts['split'] {
  if (validation === undefined) return 'none';
  if (isSource(validation)) return 'file';
  const stratify = typeof validation === 'number' || (validation.stratify ?? true);
  return stratify && classes !== undefined ? 'stratified' : 'random';
}
