/** Writes fields as a line of CSV that spreadsheets read as plain data. */
import { isDecimal } from '@keepprob/trainer/table';

/** The characters that begin a formula in spreadsheets (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r＝＋－＠]/;

/** Text that would be a formula gets a leading apostrophe, which spreadsheets do not show; numbers are unchanged. */
function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = formula.test(value) && !(isDecimal(value) && value.trim() === value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvLine = (values: readonly (string | number)[]): string => `${values.map(field).join(',')}\n`;
