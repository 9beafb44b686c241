/** What was done to the data of a model: `train` leaves it in a file next to the model, and `doctor` does the same to other rows. */
import { existsSync } from 'node:fs';
import * as v from 'valibot';
import type { DataSpec } from '../config/config.ts';
import { integer, list, number, text } from '../config/expected.ts';
import { jsonOf } from './files.ts';
import type { Scaling } from './scale.ts';

/** What was done to the data, and must be done to others that the model is given. */
export interface Preprocessing {
  /** Of a table, in the order of the inputs. */
  readonly columns?: readonly string[];
  readonly label?: DataSpec['label'];
  readonly classes?: DataSpec['classes'];
  readonly scaling?: Scaling;
  /** Of one row of x. */
  readonly shape: readonly number[];
}

const names = list(text(), 'names of columns');
const finite = number('a number', () => true);
const divisor = number('a number other than 0', n => n !== 0);

const schema: v.GenericSchema<Preprocessing> = v.object(
  {
    columns: v.exactOptional(names),
    label: v.exactOptional(v.union([text(), names], 'a column, or several')),
    classes: v.exactOptional(v.union([integer(2), list(text(), 'names', 2)], 'a number of classes, or their names')),
    scaling: v.exactOptional(
      v.pipe(
        v.object(
          { offset: list(finite, 'numbers'), divisor: list(divisor, 'numbers') },
          '{ "offset": …, "divisor": … }',
        ),
        v.check(({ offset, divisor }) => offset.length === divisor.length, 'as many offsets as divisors'),
      ),
    ),
    shape: list(integer(1), 'the sizes of a row'),
  },
  '{ "shape": … }',
);

/** What a file says; undefined where there is none. @throws DataError for another file */
export const preprocessingIn = async (path: string): Promise<Preprocessing | undefined> =>
  existsSync(path) ? jsonOf(path, schema, 'what `keepprob train` writes next to a model') : undefined;
