/** What was done to the data of a model: `train` leaves it in a file next to the model, and `doctor` does the same to other rows. */
import { existsSync } from 'node:fs';
import * as v from 'valibot';
import type { DataSpec } from '../config/config.ts';
import { integer, list, number, text } from '../config/schema/expected.ts';
import { type Encoding, imputes } from '../table/encoding.ts';
import { jsonOf } from './files.ts';
import type { Scaling } from './scale.ts';

/** What was done to the data, and must be done to others that the model is given. */
export interface Preprocessing {
  /** Of a table, in the order of the inputs. */
  readonly columns?: readonly string[];
  /** How the columns become inputs; without it they are numbers as they stand. */
  readonly encodings?: readonly Encoding[];
  readonly label?: DataSpec['label'];
  readonly classes?: DataSpec['classes'];
  readonly scaling?: Scaling;
  /** Of labels that are numbers. */
  readonly labelScaling?: Scaling;
  /** Of one row of x. */
  readonly shape: readonly number[];
}

const names = list(text(), 'names of columns');
const finite = number('a number', () => true);
const divisor = number('a number other than 0', n => n !== 0);

const scaling = v.pipe(
  v.object({ offset: list(finite, 'numbers'), divisor: list(divisor, 'numbers') }, '{ "offset": …, "divisor": … }'),
  v.check(({ offset, divisor }) => offset.length === divisor.length, 'as many offsets as divisors'),
);

const hashed = v.strictObject({ hash: integer(1) }, '{ "hash": … }');
const types = '"number", "oneHot" or { "hash": … }';
const encoding = v.pipe(
  v.object(
    {
      column: text(),
      type: v.union([v.literal('number'), v.literal('oneHot'), hashed], types),
      impute: v.exactOptional(v.picklist(imputes, imputes.join(', '))),
      values: v.exactOptional(list(text(), 'words')),
      fill: v.exactOptional(v.union([finite, text()], 'a number, or a word')),
    },
    '{ "column": …, "type": … }',
  ),
  v.check(given => isWhole(given), 'a number as "fill" of an imputed column of numbers, and the "values" of words'),
);

/** What stands for a missing value is there where it is needed, and of the right kind. */
function isWhole({ type, impute, values, fill }: Encoding): boolean {
  if (type === 'oneHot' && !values) return false;
  if (impute === undefined || impute === 'drop') return fill === undefined;
  return type === 'number' ? typeof fill === 'number' : typeof fill !== 'number';
}

const schema: v.GenericSchema<Preprocessing> = v.object(
  {
    columns: v.exactOptional(names),
    label: v.exactOptional(v.union([text(), names], 'a column, or several')),
    classes: v.exactOptional(v.union([integer(2), list(text(), 'names', 2)], 'a number of classes, or their names')),
    encodings: v.exactOptional(list(encoding, 'how columns become inputs')),
    scaling: v.exactOptional(scaling),
    labelScaling: v.exactOptional(scaling),
    shape: list(integer(1), 'the sizes of a row'),
  },
  '{ "shape": … }',
);

/** What a file says; undefined where there is none. @throws DataError for another file */
export const preprocessingIn = async (path: string): Promise<Preprocessing | undefined> =>
  existsSync(path) ? jsonOf(path, schema, 'what `keepprob train` writes next to a model') : undefined;
