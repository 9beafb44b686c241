/** Reads training rows and validation rows from the files of a config. */
import { type Encoding, inputsOf } from '@keepprob/trainer/table';
import type { DataSpec, SourceSpec } from '../config/config.ts';
import { completeRows, onlyRows } from '../table/columns.ts';
import type { Table } from '../table/csv.ts';
import { encoded } from '../table/encoded.ts';
import { fitEncodings } from '../table/fitEncodings.ts';
import { planOf, type TablePlan } from '../table/plan.ts';
import { type SaysSeparator, tableIn } from '../table/tableIn.ts';
import { rowsOf, takeRows } from './arrays.ts';
import { arrayExamples, classesIn, type Examples, labelsOf, reshaped, takeExamples } from './examples.ts';
import { type RowSplit, splitRows } from './split.ts';

/** Facts about a table besides its numbers. */
export interface TableFacts {
  readonly encodings: readonly Encoding[];
  /** Rows that were left out because they lack a value. */
  readonly dropped: number;
  /** Fields of validation rows with a word that no training row has, by column. */
  readonly unknown: ReadonlyMap<string, number>;
}

export interface Parts {
  readonly train: Examples;
  readonly validation?: Examples;
  readonly table?: TableFacts;
}

/** The settings from which the parts are made. */
interface Making {
  /** The name of the config in errors. */
  readonly owner: string;
  readonly spec: DataSpec;
  /** Resolves the name of a file in the config. */
  readonly path: (name: string) => string;
  /** How a separator is set, for errors. */
  readonly said: SaysSeparator;
  /** Used instead of measuring them on the training rows. */
  readonly encodings?: readonly Encoding[];
}

/** Whether it is a separate source, not a share of the training rows. */
export const isSource = (given: DataSpec['validation']): given is SourceSpec =>
  typeof given === 'object' && !('fraction' in given);

/** @throws OptionError, DataError for files that do not fit the config */
export const partsOf = (making: Making): Promise<Parts> =>
  'csv' in making.spec.train ? ofTables(making, making.spec.train.csv) : ofArrays(making, making.spec.train);

/** The rows set aside; undefined if there are none, or they are in their own file. */
function splitOf({ validation, classes }: DataSpec, y: Examples['y']): RowSplit | undefined {
  if (validation === undefined || isSource(validation)) return undefined;
  const {
    fraction,
    seed = 0,
    stratify = true,
  } = typeof validation === 'number' ? { fraction: validation } : validation;
  return splitRows(rowsOf(y), fraction, seed, stratify && classes !== undefined ? classesIn(y) : undefined);
}

async function ofArrays({ spec, path }: Making, { x, y }: { readonly x: string; readonly y: string }): Promise<Parts> {
  const train = await arrayExamples(spec, path(x), path(y));
  const { validation } = spec;
  if (isSource(validation) && 'x' in validation)
    return { train, validation: await arrayExamples(spec, path(validation.x), path(validation.y)) };
  const split = splitOf(spec, train.y);
  if (!split) return { train };
  return { train: takeExamples(train, split.train), validation: takeExamples(train, split.validation) };
}

interface Labelled {
  readonly table: Table;
  readonly y: Examples['y'];
  readonly dropped: number;
}

async function ofTables(making: Making, file: string): Promise<Parts> {
  const { owner, spec, path } = making;
  const tableOf = (name: string): Promise<Table> => tableIn(path(name), spec.separator, making.said);
  const whole = await tableOf(file);
  const labels = [spec.label ?? []].flat();
  const isLabel = new Set(labels);
  const columns = spec.columns ?? whole.header.filter(name => !isLabel.has(name));
  const plan = making.encodings
    ? { columns: making.encodings, drop: making.encodings.filter(e => e.impute === 'drop').map(e => e.column) }
    : planOf(owner, spec, columns, labels);
  const rows = labelled(whole, plan, labels, spec);
  const split = splitOf(spec, rows.y);
  const trainTable = split ? onlyRows(rows.table, split.train) : rows.table;
  const encodings = making.encodings ?? fitEncodings(trainTable, plan.columns);
  const examples = (table: Table, y: Examples['y']): Examples & Pick<TableFacts, 'unknown'> => {
    const { unknown, ...x } = encoded(table, encodings);
    return { x: reshaped(table.path, x, spec.shape), y, unknown };
  };
  const aside = isSource(spec.validation) && 'csv' in spec.validation ? spec.validation.csv : undefined;
  const other = aside === undefined ? undefined : labelled(await tableOf(aside), plan, labels, spec);
  const { unknown: _, ...train } = examples(trainTable, split ? takeRows(rows.y, split.train) : rows.y);
  const validation = split
    ? examples(onlyRows(rows.table, split.validation), takeRows(rows.y, split.validation))
    : other && examples(other.table, other.y);
  const facts = { encodings, dropped: rows.dropped + (other?.dropped ?? 0), unknown: validation?.unknown ?? new Map() };
  return { train, ...(validation && { validation: { x: validation.x, y: validation.y } }), table: facts };
}

/** The rows of a table that are used, with their labels. */
function labelled(whole: Table, { drop }: TablePlan, labels: readonly string[], { classes }: DataSpec): Labelled {
  const table = completeRows(whole, drop);
  return { table, y: labelsOf(table, labels, classes), dropped: whole.length - table.length };
}

/** The columns that x is made of, and the names of its numbers. */
export const namesOf = ({ encodings }: TableFacts): { readonly columns: string[]; readonly inputs: string[] } => ({
  columns: encodings.map(({ column }) => column),
  inputs: encodings.flatMap(inputsOf),
});
