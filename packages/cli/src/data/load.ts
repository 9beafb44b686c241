/** From the files that a config names to what `fit` takes. */
import { OptionError } from '@keepprob/core';
import type { DataSpec, SourceSpec } from '../config/config.ts';
import { rowsOf, takeRows } from './arrays.ts';
import { type Examples, examplesIn } from './examples.ts';
import type { Preprocessing } from './preprocessing.ts';
import { scaled, scalingOf } from './scale.ts';
import { splitRows } from './split.ts';

export interface LoadedData {
  readonly train: Examples;
  readonly validation?: Examples;
  readonly preprocessing: Preprocessing;
}

/**
 * @param owner how errors call the config
 * @param path finds a file that the config names
 * @throws OptionError for keys of `data` that do not go together; DataError for files that are not as the config says
 */
export async function loadData(owner: string, spec: DataSpec, path: (name: string) => string): Promise<LoadedData> {
  checkKeys(owner, spec);
  const { columns, train, validation } = await partsOf(spec, path);
  const scaling = spec.scale && scalingOf(spec.scale, train.x);
  const prepared = ({ x, y }: Examples): Examples => ({ x: scaling ? scaled(x, scaling) : x, y });
  const { label, classes } = spec;
  return {
    train: prepared(train),
    ...(validation && { validation: prepared(validation) }),
    preprocessing: {
      ...(columns && { columns }),
      ...(label !== undefined && { label }),
      ...(classes !== undefined && { classes }),
      ...(scaling && { scaling }),
      shape: train.x.shape.slice(1),
    },
  };
}

/** A source of its own, not a share of the training rows. */
const isSource = (given: DataSpec['validation']): given is SourceSpec =>
  typeof given === 'object' && !('fraction' in given);

/** Which keys of `data` go together. */
function checkKeys(owner: string, spec: DataSpec): void {
  const { train, validation, label, classes } = spec;
  const refuse = (key: keyof DataSpec, expected: string): never => {
    throw OptionError.of(owner, `data.${key}`, expected, spec[key]);
  };
  const isTable = 'csv' in train;
  if (isSource(validation) && 'csv' in validation !== isTable)
    refuse('validation', isTable ? 'a table, as train is' : 'arrays, as train is');
  if (isTable) {
    if (label === undefined) refuse('label', 'the column to predict');
    if (Array.isArray(label) && classes !== undefined) refuse('classes', 'none, as there are several labels');
    return;
  }
  for (const key of ['label', 'columns', 'separator'] as const)
    if (spec[key] !== undefined) refuse(key, 'nothing, as it is for tables ("csv")');
  if (Array.isArray(classes)) refuse('classes', 'how many there are, as arrays hold numbers');
}

interface Parts {
  readonly columns: readonly string[] | undefined;
  readonly train: Examples;
  readonly validation?: Examples;
}

async function partsOf(spec: DataSpec, path: (name: string) => string): Promise<Parts> {
  const { validation: given } = spec;
  const train = await examplesIn(spec, spec.train, path);
  const { columns } = train;
  if (given === undefined) return { columns, train };
  if (isSource(given)) {
    // by the names that the training table has, in its order
    const validation = await examplesIn({ ...spec, ...(columns && { columns }) }, given, path);
    return { columns, train, validation };
  }
  const { fraction, seed = 0 } = typeof given === 'number' ? { fraction: given } : given;
  const rows = splitRows(rowsOf(train.x), fraction, seed);
  const taken = (indices: Int32Array): Examples => ({ x: takeRows(train.x, indices), y: takeRows(train.y, indices) });
  return { columns, train: taken(rows.train), validation: taken(rows.validation) };
}
