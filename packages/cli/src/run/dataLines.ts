/** Describes the data before a model is trained on them. */
import { show } from '@keepprob/core/driver';
import { named, plural } from '../config/messages.ts';
import type { Facts } from '../data/facts.ts';
import { wrapped } from './wrapped.ts';

/** The most classes that are listed; with more, the largest ones and the smallest. */
const MOST_CLASSES = 12;
/** The ratio of the largest class to the smallest from which on a warning is printed. */
const IMBALANCE = 4;

const percent = (part: number, of: number): string => `${((100 * part) / of).toFixed(part * 10 < of ? 1 : 0)} %`;

const HOW = {
  none: 'none to validate: set "validation": 0.2 in data to see whether the model generalizes',
  file: 'to validate, from a file of their own',
  random: 'to validate, drawn from all',
  stratified: 'to validate, the same share of each class',
} as const;

/** @param where the name of the data, such as that of their file */
export function dataLines(where: string, facts: Facts): string {
  const { rows, columns, inputs, split, unknown, classes = [] } = facts;
  const dropped = rows.dropped ? `, ${plural(rows.dropped, 'row')} left out for missing values` : '';
  const from = columns === undefined || columns === inputs ? '' : `${plural(columns, 'column')} as `;
  const aside = split === 'none' ? HOW.none : `${rows.validation} ${HOW[split]}`;
  return [
    wrapped(
      'data',
      `${named(where)}: ${rows.train + rows.validation} rows, ${from}${plural(inputs, 'input')}${dropped}`,
    ),
    wrapped('split', `${rows.train} rows to train, ${aside}`),
    ...classLines(classes),
    ...[...unknown].map(([column, n]) =>
      wrapped(
        'unknown',
        `${plural(n, 'field')} of ${show(column)} in validation rows with a word that no training row has`,
      ),
    ),
  ].join('\n');
}

function classLines(classes: NonNullable<Facts['classes']>): string[] {
  const sorted = [...classes].sort((a, b) => b.rows - a.rows);
  const [largest, smallest] = [sorted[0], sorted.at(-1)];
  if (!largest || !smallest) return [];
  const total = classes.reduce((sum, { rows }) => sum + rows, 0);
  const shown = sorted
    .slice(0, MOST_CLASSES)
    .map(({ name, rows }) => `${named(name)} ${rows} (${percent(rows, total)})`);
  const more =
    sorted.length > MOST_CLASSES ? ` … ${named(smallest.name)} ${smallest.rows}, ${sorted.length} in all` : '';
  const lines = [wrapped('classes', shown.join(', ') + more)];
  if (smallest.rows === 0) lines.push(wrapped('warning', `no row is of class ${show(smallest.name)}`));
  else if (largest.rows > IMBALANCE * smallest.rows)
    lines.push(wrapped('warning', imbalance(largest, smallest, total)));
  return lines;
}

interface ClassRows {
  readonly name: string;
  readonly rows: number;
}

function imbalance(largest: ClassRows, smallest: ClassRows, total: number): string {
  const times = (largest.rows / smallest.rows).toFixed(1);
  const always = percent(largest.rows, total);
  const weight = (largest.rows / smallest.rows).toPrecision(2);
  return (
    `class ${show(largest.name)} has ${times} times the rows of ${show(smallest.name)}: always predicting it has an accuracy of ${always}. ` +
    `Look at the confusion matrix of \`keepprob evaluate\`; "classWeight": { ${show(smallest.name)}: ${Number(weight)} } makes up for it`
  );
}
