import { type NumberRange, option, type RequiredOption } from '@keepprob/core';

/** f stands for [−f, f]. */
export type Range = number | readonly [lower: number, upper: number];

const bounds = (range: Range): readonly [number, number] => (typeof range === 'number' ? [-range, range] : range);

/** The number of the range that a uniform u in [0, 1) stands for. */
export function within(range: Range, u: number): number {
  const [lower, upper] = bounds(range);
  return lower + (upper - lower) * u;
}

/** A number f ≥ 0 or [lower, upper], all of it in the given bounds. */
export function rangeOption(limits: NumberRange = {}): RequiredOption<Range> {
  const one = option.number(limits);
  const accepts = (value: unknown): boolean => {
    if (typeof value === 'number') return value >= 0 && bounds(value).every(one.accepts);
    if (!Array.isArray(value) || value.length !== 2) return false;
    const [lower, upper] = value;
    return one.accepts(lower) && one.accepts(upper) && lower <= upper;
  };
  return option.custom(`a number f ≥ 0, which is [−f, f], or [lower, upper], each ${one.expected}`, accepts);
}
