/** Prints the measurements as lines. */
import { named } from '../config/messages.ts';
import { wrapped } from '../run/wrapped.ts';
import type { Classification } from './classification.ts';
import type { Estimate } from './intervals.ts';
import type { Regression } from './regression.ts';

const number = (value: number): string => (Number.isNaN(value) ? '–' : String(Number(value.toPrecision(4))));
const estimate = ({ value, low, high }: Estimate): string =>
  Number.isNaN(low) ? number(value) : `${number(value)} (${number(low)} to ${number(high)})`;
const percent = (share: number): string => (Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`);
const share = ({ value, low, high }: Estimate): string =>
  Number.isNaN(value) ? '–' : `${percent(value)} (${percent(low)} to ${percent(high)})`;

/** The most classes that a matrix shows; with more, the most frequent confusions are listed. */
const MOST_CLASSES = 8;
const MOST_CONFUSIONS = 8;
/** The most characters of a name in a table. */
const NAME = 14;

export function classificationLines(found: Classification): string[] {
  const { rows, accuracy, baseline, logLoss, brier, auc, calibration } = found;
  const { error, expected, bins } = calibration;
  return [
    wrapped('rows', `${rows}; in brackets: the 95 % confidence interval for all such rows`),
    wrapped('accuracy', `${share(accuracy)}; always "${named(baseline.name)}" ${percent(baseline.accuracy)}`),
    wrapped('log loss', estimate(logLoss)),
    wrapped('brier', estimate(brier)),
    ...(auc ? [wrapped('auc', estimate(auc))] : []),
    '',
    ...classTable(found),
    '',
    ...(found.classes.length > MOST_CLASSES ? confusions(found) : matrix(found)),
    '',
    wrapped(
      'calibration',
      `off by ${percent(error)} on average; a calibrated model would be off by about ${percent(expected)} on as many rows`,
    ),
    ...bins.map(({ low, high, rows: n, confidence, accuracy: right }) =>
      wrapped(
        '',
        `sure ${percent(low)} to ${percent(high)}: ${n} rows, ${percent(confidence)} sure, ${percent(right)} right`,
      ),
    ),
  ];
}

const cell = (text: string, width: number): string =>
  (text.length > width ? `${text.slice(0, width - 1)}…` : text).padEnd(width);

function classTable({ classes }: Classification): string[] {
  const line = (name: string, rows: string, precision: string, recall: string): string =>
    `${cell(name, NAME)} ${rows.padStart(7)}  ${precision.padEnd(28)} ${recall}`.trimEnd();
  const shown = [...classes].sort((a, b) => b.rows - a.rows).slice(0, 3 * MOST_CLASSES);
  return [
    line('class', 'rows', 'precision', 'recall'),
    ...shown.map(({ name, rows, precision, recall }) =>
      line(named(name), String(rows), share(precision), share(recall)),
    ),
    ...(shown.length < classes.length ? [`… ${classes.length - shown.length} more; --json writes all`] : []),
  ];
}

function matrix({ classes, confusion }: Classification): string[] {
  const width = Math.min(10, Math.max(5, ...classes.map(({ name }) => named(name).length)));
  const names = classes.map(({ name }) => named(name));
  return [
    `${cell('true ↓ said →', NAME)} ${names.map(name => cell(name, width).trimEnd().padStart(width)).join(' ')}`,
    ...confusion.map(
      (counts, c) => `${cell(names[c] ?? '', NAME)} ${counts.map(n => String(n).padStart(width)).join(' ')}`,
    ),
  ];
}

function confusions({ classes, confusion }: Classification): string[] {
  const wrong = confusion.flatMap((counts, actual) =>
    counts.flatMap((rows, said) => (actual === said || rows === 0 ? [] : [{ actual, said, rows }])),
  );
  const most = wrong.sort((a, b) => b.rows - a.rows).slice(0, MOST_CONFUSIONS);
  const name = (c: number): string => named(classes[c]?.name ?? '');
  return most.map(({ actual, said, rows }, i) =>
    wrapped(i ? '' : 'confused', `${name(actual)} taken for ${name(said)}: ${rows}`),
  );
}

export const regressionLines = ({ rows, rmse, mae, bias, r2, baseline }: Regression): string[] => [
  wrapped('rows', `${rows}; in brackets: the 95 % confidence interval for all such rows`),
  wrapped('rmse', `${estimate(rmse)}; always the mean ${number(baseline)}`),
  wrapped('mae', estimate(mae)),
  wrapped('bias', estimate(bias)),
  ...(r2 ? [wrapped('R²', estimate(r2))] : []),
];
