/** Chooses the column to predict, and whether it holds classes or numbers. */
import { DataError, OptionError } from '@keepprob/core';
import { nearest, show } from '@keepprob/core/driver';
import { isDecimal } from '@keepprob/trainer/table';
import * as messages from '../config/messages.ts';
import { inOrder } from '../table/fitEncodings.ts';
import { type ColumnLook, MOST_VALUES } from './look.ts';

export type Task = 'classes' | 'numbers';

export interface Label {
  readonly name: string;
  /** The classes of a classification, in order. */
  readonly classes?: readonly string[];
  readonly missing: number;
  /** Why this column was chosen. */
  readonly why: string;
}

const usual = /^(?:target|label|labels|class|species|outcome|survived|diagnosis|churn|y|response)$/i;

/** The most classes, for words and for integers: more integers are treated as amounts. */
const MOST_CLASSES = 100;
const MOST_NUMBERED = 10;

/**
 * @param file the name of the table in errors
 * @param wanted the column given by the user
 * @throws OptionError for a column that does not exist; DataError for one that cannot be predicted
 */
export function labelOf(
  file: string,
  looks: readonly ColumnLook[],
  wanted: string | undefined,
  task: Task | undefined,
): Label {
  const [look, why] = chosen(looks, wanted);
  if (!look)
    throw DataError.of(
      file,
      'at least two columns, of which one is to be predicted',
      messages.listed(looks.map(l => l.name)),
    );
  const { name, missing } = look;
  const kind = task ?? kindOf(look);
  if (kind === 'numbers') {
    if (look.numbers + missing === look.rows) return { name, missing, why };
    throw DataError.of(
      `${file}, column ${show(name)}`,
      'numbers to predict; for words say --task classes',
      sample(look),
    );
  }
  if (look.dates + missing === look.rows) throw unfit(file, look, 'dates');
  if (look.values.size < 2) throw unfit(file, look, look.values.size ? 'the same in every row' : 'no value');
  if (look.values.size > MOST_CLASSES || look.values.size * 2 > look.rows - missing)
    throw unfit(
      file,
      look,
      `${look.values.size === MOST_VALUES ? 'at least ' : ''}${look.values.size} different words in ${look.rows} rows`,
    );
  return { name, classes: [...look.values.keys()].sort(byValue), missing, why };
}

function chosen(looks: readonly ColumnLook[], wanted: string | undefined): readonly [ColumnLook | undefined, string] {
  if (looks.length < 2) return [undefined, ''];
  if (wanted !== undefined) {
    const found = looks.find(({ name }) => name === wanted);
    if (found) return [found, 'as --label says'];
    const names = looks.map(({ name }) => name);
    const near = nearest(wanted, names);
    throw new OptionError(messages.nameUnknown('init', 'column', wanted, near, names), {
      option: '--label',
      received: wanted,
    });
  }
  const named = looks.find(({ name }) => usual.test(name));
  return named ? [named, 'by its name'] : [looks.at(-1), 'the last column'];
}

function kindOf({ numbers, integers, missing, rows, values }: ColumnLook): Task {
  const known = rows - missing;
  if (numbers < known) return 'classes';
  return integers === known && values.size <= MOST_NUMBERED && values.size * 5 <= known ? 'classes' : 'numbers';
}

/** Compares numbers by size, words by code units. */
const byValue = (a: string, b: string): number =>
  (isDecimal(a) && isDecimal(b) ? Number(a) - Number(b) : 0) || inOrder(a, b);

const sample = ({ values }: ColumnLook): string => messages.listed([...values.keys()], 5);

const unfit = (file: string, { name }: ColumnLook, what: string): DataError =>
  DataError.of(
    `${file}, column ${show(name)}`,
    `2 … ${MOST_CLASSES} classes to predict, or numbers; --label names another column`,
    what,
  );
