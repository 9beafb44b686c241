/** The schema of the data in a config or on the command line. */

import { imputes } from '@keepprob/trainer/table';
import * as v from 'valibot';
import type { DataSpec } from '../config.ts';
import { boolean, either, has, integer, list, number, only, text } from './expected.ts';

const files = '{ "csv": path }, or { "x": path, "y": path }';
const source = either(
  files,
  [only({ csv: text('a path') }, files), only({ x: text('a path'), y: text('a path') }, files)],
  (given, table, arrays) => (has(given, 'csv') ? table : arrays),
);

const share = number('a share > 0 and < 1, such as 0.2', n => n > 0 && n < 1);
const drawn = only(
  { fraction: share, seed: v.optional(integer(0)), stratify: v.optional(boolean) },
  '{ "fraction": … }',
);
const validation = either(
  `${files}, or a share > 0 and < 1 of the training rows`,
  [share, drawn, source],
  (given, share, drawn, source) => (typeof given === 'number' ? share : has(given, 'fraction') ? drawn : source),
);

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
      either(
        'a column, or several',
        [text('a column, or several'), list(text(), 'names of columns')],
        (given, one, several) => (Array.isArray(given) ? several : one),
      ),
    ),
    columns: v.optional(list(text(), 'names of columns')),
    separator: v.optional(v.pipe(v.string(oneCharacter), v.regex(/^[^"\r\n]$/u, oneCharacter))),
    types: v.optional(v.pipe(v.looseObject({}, anyTypes), v.description(anyTypes))),
    impute: v.optional(
      either(anyImpute, [v.picklist(imputes, anyImpute), v.looseObject({}, anyImpute)], (given, one, byColumn) =>
        typeof given === 'string' ? one : byColumn,
      ),
    ),
    classes: v.optional(
      either(manyClasses, [integer(2, manyClasses), list(text(), manyClasses, 2)], (given, many, names) =>
        Array.isArray(given) ? names : many,
      ),
    ),
    scale: v.optional(
      either(
        anyScale,
        [v.picklist(['standardize', 'unit'], anyScale), only({ divideBy: number(anyScale, n => n !== 0) }, anyScale)],
        (given, word, divisor) => (has(given, 'divideBy') ? divisor : word),
      ),
    ),
    scaleLabel: v.optional(v.literal('standardize', '"standardize"')),
    shape: v.optional(list(integer(1), 'a list of integers ≥ 1')),
  },
  '{ "train": … }',
) as never;
