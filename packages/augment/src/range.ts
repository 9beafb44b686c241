import { type NumberRange, type Option, option } from '@keepprob/core';

/** f stands for [−f, f]. */
export type Range = number | readonly [lower: number, upper: number];

const bounds = (range: Range): readonly [number, number] => (typeof range === 'number' ? [-range, range] : range);

/** The number of the range that a uniform u in [0, 1) stands for. */
export function within(range: Range, u: number): number {
  const [lower, upper] = bounds(range);
  return lower + (upper - lower) * u;
}

/** A number f ≥ 0 or [lower, upper], all of it in the given bounds. */
export function rangeOption(allowed: NumberRange & { readonly fallback?: Range }): Option<Range> {
  const { fallback, ...limits } = allowed;
  const one = option.number(limits);
  const accepts = (value: unknown): boolean =>
    typeof value === 'number'
      ? value >= 0 && bounds(value).every(one.accepts)
      : Array.isArray(value) && value.length === 2 && value.every(one.accepts) && value[0] <= value[1];
  const expected = `a number f ≥ 0, which is [−f, f], or [lower, upper], each ${one.expected}`;
  return option.custom<Range>(expected, accepts, fallback === undefined ? {} : { fallback });
}
