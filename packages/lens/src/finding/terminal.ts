/** Numbers and tables as plain text, for terminals and for labels in pictures. */

/**
 * Three significant digits, no trailing zeros.
 * @example
 * [1234, 0.0345, 0.000031].map(short); // ['1230', '0.0345', '3.1e-5']
 */
export function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  const text = value.toPrecision(3);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return Number(text).toExponential().replace('e+', 'e');
  return String(Number(text)).replace('-', '−');
}

/**
 * A value with its standard error, to the second digit of the error; an error of 0 is not written.
 * @example
 * withError(0.03452, 0.00123); // '0.0345 ± 0.0012'
 */
export function withError(value: number, error: number): string {
  if (!(error > 0) || !Number.isFinite(value)) return short(value);
  const decimals = Math.max(0, 1 - Math.floor(Math.log10(error)));
  if (decimals > 6) return `${short(value)} ± ${short(error)}`;
  return `${value.toFixed(decimals).replace('-', '−')} ± ${error.toFixed(decimals)}`;
}

/** Aligned columns: the first one left-aligned, the others right-aligned. The first row is the header. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map(row => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map(row => (row[i] ?? '').length)));
  const line = (row: readonly string[]): string =>
    widths
      .map((width, i) => (i ? (row[i] ?? '').padStart(width) : (row[i] ?? '').padEnd(width)))
      .join('  ')
      .trimEnd();
  return rows.map(line).join('\n');
}

/** A bar of blocks, `share` of `width` characters long. */
export const bar = (share: number, width = 20): string =>
  '█'.repeat(Math.round(Math.min(1, Math.max(0, share)) * width)) || (share > 0 ? '▏' : '');

const SHADES = ' ░▒▓█';

/** A heat map in shades, one character per number, scaled between the smallest and the largest. */
export function shades(values: ArrayLike<number>): string {
  const all = Array.from(values);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const shade = (v: number): string => SHADES[Math.min(4, Math.floor(((v - low) / (high - low || 1)) * 5))] as string;
  return all.map(shade).join('');
}
