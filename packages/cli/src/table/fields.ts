/** What stands in a field of a table: a number, nothing, or what else its writer may have meant. */
import { show } from '@keepprob/core/driver';

/**
 * Decimal, as everyone writes it; not what else JavaScript takes for a number, such as '' or '0x1f'. After each part comes a character that
 * the part before cannot take, so that a field is read once, however long it is.
 */
const decimal = /^\s*[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?\s*$/i;

export const isDecimal = (field: string): boolean => decimal.test(field);

const missing: ReadonlySet<string> = new Set(['', 'na', 'n/a', '#n/a', 'nan', 'null', '?']);
const LONGEST_WORD = 8;

/** Whether a field stands for a value that is not known: empty, NA, N/A, NaN, null or ?. */
export function isMissing(field: string): boolean {
  const trimmed = field.trim();
  return trimmed.length < LONGEST_WORD && missing.has(trimmed.toLowerCase());
}

const dates = [/^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ][\d:.,+Z -]*)?$/, /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$/];

/** Whether a field is a day: 2026-11-30, 30.11.2026, 11/30/26, with a time or without. */
export const isDate = (field: string): boolean =>
  field.length <= LONGEST_MEANT && dates.some(form => form.test(field.trim()));

/** Of what may be another way to write a number. */
const LONGEST_MEANT = 40;

/** What is likely meant by a field that is not a number, and what to do about it. */
export function notNumber(field: string, column: string): string {
  const named = show(column);
  const general = `a number; for text say "types": { ${named}: "oneHot" }, or leave the column out of \`data.columns\``;
  const text = field.trim();
  if (text.length > LONGEST_MEANT) return general;
  if (isMissing(text)) return `a number; say what stands for missing ones: "impute": { ${named}: "median" }`;
  if (isDate(text))
    return 'a number, not a date; write it as numbers (a year, days since some day), or leave it out of `data.columns`';
  if (/^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text)) return 'a number without commas between its digits';
  if (/^[-+]?\d+,\d+$/.test(text)) return 'a number with a decimal point, not a comma';
  if (/^[-+]?(?:[$€£] ?[\d.]+|[\d.]+ ?[%$€£])$/.test(text)) return 'a number without a sign of percent or money';
  return general;
}
