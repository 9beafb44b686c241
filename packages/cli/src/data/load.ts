/** Loads the files of a config as data for `fit`. */
import { DataError, OptionError } from '@keepprob/core';
import type { Preprocessing } from '@keepprob/trainer/model';
import { type Scaling, scaled } from '@keepprob/trainer/table';
import type { DataSpec } from '../config/config.ts';
import { inConfig, type SaysSeparator } from '../table/tableIn.ts';
import { rowsOf, width } from './arrays.ts';
import type { Examples } from './examples.ts';
import { type Facts, factsOf } from './facts.ts';
import { isSource, namesOf, type Parts, partsOf } from './parts.ts';
import { scalingOf } from './scale.ts';

export interface LoadedData {
  readonly train: Examples;
  readonly validation?: Examples;
  readonly preprocessing: Preprocessing;
  readonly facts: Facts;
}

export interface LoadOptions {
  /** Preprocessing measured on the rows that a model was trained on, used instead of measuring it on these. */
  readonly before?: Preprocessing | undefined;
  /** How a separator is set, for errors; by default in a config. */
  readonly said?: SaysSeparator;
}

/**
 * @param owner the name of the config in errors
 * @param path resolves the name of a file in the config
 * @throws OptionError for keys of `data` that do not go together; DataError for files that do not fit the config
 */
export async function loadData(
  owner: string,
  spec: DataSpec,
  path: (name: string) => string,
  { before, said = inConfig }: LoadOptions = {},
): Promise<LoadedData> {
  checkKeys(owner, spec);
  const parts = await partsOf({ owner, spec, path, said, ...(before?.encodings && { encodings: before.encodings }) });
  const { train, validation, table } = parts;
  const scaling = before?.scaling ?? (spec.scale && scalingOf(spec.scale, train.x));
  const labelScaling = before?.labelScaling ?? (spec.scaleLabel && scalingOf(spec.scaleLabel, train.y));
  const prepared = ({ x, y }: Examples): Examples => ({ x: by(owner, x, scaling), y: by(owner, y, labelScaling) });
  const { label, classes, separator } = spec;
  return {
    train: prepared(train),
    ...(validation && { validation: prepared(validation) }),
    preprocessing: {
      ...(table && { columns: namesOf(table).columns }),
      ...(table?.encodings.some(isMore) && { encodings: table.encodings }),
      ...(label !== undefined && { label }),
      ...(classes !== undefined && { classes }),
      ...(scaling && { scaling }),
      ...(labelScaling && { labelScaling }),
      ...(separator !== undefined && { separator }),
      shape: train.x.shape.slice(1),
    },
    facts: factsOf(spec, parts),
  };
}

/** Whether a column needs more than its plain numbers. */
const isMore = ({ type, impute }: NonNullable<Parts['table']>['encodings'][number]): boolean =>
  type !== 'number' || impute !== undefined;

function by(owner: string, array: Examples['x'], scaling: Scaling | undefined): Examples['x'] {
  if (!scaling) return array;
  const columns = scaling.offset.length;
  if (columns === 1 || columns === width(array)) return scaled(array, scaling);
  throw DataError.of(
    owner,
    `${columns} numbers in each of ${rowsOf(array)} rows, as were scaled before`,
    String(width(array)),
  );
}

/** Checks that the keys of `data` go together. */
function checkKeys(owner: string, spec: DataSpec): void {
  const { train, validation, label, classes } = spec;
  const refuse = (key: keyof DataSpec, expected: string): never => {
    throw OptionError.of(owner, `data.${key}`, expected, spec[key]);
  };
  const isTable = 'csv' in train;
  if (isSource(validation) && 'csv' in validation !== isTable)
    refuse('validation', isTable ? 'a table, as train is' : 'arrays, as train is');
  if (classes !== undefined && spec.scaleLabel !== undefined)
    refuse('scaleLabel', 'nothing, as `classes` are no numbers to scale');
  if (isTable) {
    if (label === undefined) refuse('label', 'the column to predict');
    if (Array.isArray(label) && classes !== undefined) refuse('classes', 'none, as there are several labels');
    return;
  }
  for (const key of ['label', 'columns', 'separator', 'types', 'impute'] as const)
    if (spec[key] !== undefined) refuse(key, 'nothing, as it is for tables ("csv")');
  if (Array.isArray(classes)) refuse('classes', 'how many there are, as arrays hold numbers');
}
