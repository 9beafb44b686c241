/** Means over runs with their intervals, and how they are written. */
import { type Measured, mean, variance, withDegrees } from '@keepprob/lens/statistics';

/** Of independent values: standard error and 95 % interval (Student's t). */
export const spread = (values: readonly number[]): Measured =>
  withDegrees(mean(values), Math.sqrt(variance(values) / values.length), values.length - 1, 0.95);

/** b − a, pair by pair. */
export const differences = (a: readonly number[], b: readonly number[]): number[] =>
  a.map((from, i) => (b[i] ?? Number.NaN) - from);

export type Verdict = 'above' | 'below' | 'cannot tell';
/** Whether the interval leaves out 0. */
export const verdictOf = ({ interval: [low, high] }: Measured): Verdict =>
  low > 0 ? 'above' : high < 0 ? 'below' : 'cannot tell';

/** With a sign that is as wide as a plus. */
export const signed = (value: number, digits: number): string => {
  const text = Math.abs(value).toFixed(digits);
  return Number(text) === 0 ? text : `${value > 0 ? '+' : '−'}${text}`;
};
/** 1.20 ± 0.40, ± the standard error. */
export const plusMinus = ({ value, error }: Measured, digits: number): string =>
  `${value.toFixed(digits).replace('-', '−')} ± ${error.toFixed(digits)}`;
/** +1.20 (+0.30 … +2.10), with the 95 % interval. */
export const withInterval = ({ value, interval: [low, high] }: Measured, digits: number): string =>
  `${signed(value, digits)} (${signed(low, digits)} … ${signed(high, digits)})`;

/** Values by a key, in the order of their first appearance. */
export function grouped<T, K>(values: readonly T[], key: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const group = groups.get(key(value));
    if (group) group.push(value);
    else groups.set(key(value), [value]);
  }
  return groups;
}

/** So long of one core. */
export const ofOneCore = (seconds: number): string =>
  `${seconds < 90 ? `${Math.round(seconds)} seconds` : `${Math.round(seconds / 60)} minutes`} of one core`;

/** A table of Markdown. */
export const tableOf = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n');
