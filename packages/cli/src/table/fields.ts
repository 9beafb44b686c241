/** Finds out what a field that is not a number may have been meant to be. */
import { show } from '@keepprob/core/driver';
import { isMissing } from '@keepprob/trainer/table';

const dates = [/^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ][\d:.,+Z -]*)?$/, /^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}$/];

/** Whether a field is a date: 2026-11-30, 30.11.2026, 11/30/26, with or without a time. */
export const isDate = (field: string): boolean =>
  field.length <= LONGEST_MEANT && dates.some(form => form.test(field.trim()));

/** The most characters of a field that may be another way to write a number. */
const LONGEST_MEANT = 40;

/** The likely mistake in a field that is not a number, and what to do about it. */
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
