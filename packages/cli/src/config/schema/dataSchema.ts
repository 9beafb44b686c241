/** What a config, or the command line, says of data. */
import * as v from 'valibot';
import { imputes } from '../../table/encoding.ts';
import type { DataSpec } from '../config.ts';
import { boolean, either, has, integer, list, number, only, text } from './expected.ts';

const files = '{ "csv": path }, or { "x": path, "y": path }';
const source = either(files, given =>
  has(given, 'csv') ? only({ csv: text('a path') }, files) : only({ x: text('a path'), y: text('a path') }, files),
);

const share = number('a share > 0 and < 1, such as 0.2', n => n > 0 && n < 1);
const validation = either(`${files}, or a share > 0 < 1 of the training rows`, given => {
  if (typeof given === 'number') return share;
  if (has(given, 'fraction'))
    return only({ fraction: share, seed: v.optional(integer(0)), stratify: v.optional(boolean) }, '{ "fraction": … }');
  return source;
});

const manyClasses = 'an integer ≥ 2, or the names of at least two classes';
const anyScale = '"standardize", "unit", or { "divideBy": a number other than 0 }';
const anyTypes = 'an object of "number", "oneHot" or { "hash": n } by column';
const anyImpute = '"median", "mode", "indicator" or "drop", or an object of these by column';
const oneCharacter = 'one character';

/** The schema of `DataSpec`. */
export const dataSchema: v.GenericSchema<DataSpec> = only(
  {
    train: source,
    validation: v.optional(validation),
    label: v.optional(
      either('a column, or several', given =>
        Array.isArray(given) ? list(text(), 'names of columns') : text('a column, or several'),
      ),
    ),
    columns: v.optional(list(text(), 'names of columns')),
    separator: v.optional(v.pipe(v.string(oneCharacter), v.regex(/^[^"\r\n]$/u, oneCharacter))),
    types: v.optional(v.looseObject({}, anyTypes)),
    impute: v.optional(
      either(anyImpute, given =>
        typeof given === 'string' ? v.picklist(imputes, anyImpute) : v.looseObject({}, anyImpute),
      ),
    ),
    classes: v.optional(
      either(manyClasses, given => (Array.isArray(given) ? list(text(), manyClasses, 2) : integer(2, manyClasses))),
    ),
    scale: v.optional(
      either(anyScale, given =>
        has(given, 'divideBy')
          ? only({ divideBy: number(anyScale, n => n !== 0) }, anyScale)
          : v.picklist(['standardize', 'unit'], anyScale),
      ),
    ),
    scaleLabel: v.optional(v.literal('standardize', '"standardize"')),
    shape: v.optional(list(integer(1), 'a list of integers ≥ 1')),
  },
  '{ "train": … }',
) as never;
