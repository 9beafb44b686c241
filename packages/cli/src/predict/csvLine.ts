/** Fields as a line of CSV that a spreadsheet takes for what it is. */
import { isDecimal } from '@keepprob/trainer/table';

/** What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r＝＋－＠]/;

/** A text that would be a formula gets an apostrophe in front, which spreadsheets show as no part of it; numbers stay. */
function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = formula.test(value) && !(isDecimal(value) && value.trim() === value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvLine = (values: readonly (string | number)[]): string => `${values.map(field).join(',')}\n`;
