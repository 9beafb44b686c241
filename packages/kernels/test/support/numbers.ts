/** Numbers to compute with, and how far results may be from exact ones. */
import type * as tf from '@tensorflow/tfjs-core';
import type fc from 'fast-check';
import { expect } from 'vitest';

/** The seed of all properties: the same cases in every run. */
export const SEED = 20260714;

/** `npm test` tries a twentieth of the random cases, `npm run test:long` all of them (vitest.config.ts). */
export const allCases = process.env.CASES === 'all';

export const runs = (all: number): fc.Parameters<unknown> => ({
  seed: SEED,
  numRuns: allCases ? all : Math.ceil(all / 20),
});

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** n floats in [−1, 1), the same for the same seed (mulberry32). */
export function floats(n: number, seed: number): Float32Array {
  const result = new Float32Array(n);
  let state = seed | 0;
  for (let i = 0; i < n; i++) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    result[i] = ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  }
  return result;
}

/** n integers in [low, high] as floats: sums of them are exact, in any order. */
export const integers = (n: number, seed: number, low: number, high: number): Float32Array =>
  floats(n, seed).map(v => low + Math.floor(((v + 1) / 2) * (high - low + 1)));

/** What a result should be: in float64, with the sum of the absolute values of its terms, and their number. */
export interface Exact {
  readonly value: Float64Array;
  readonly size: Float64Array;
  readonly terms: Float64Array;
}

const EPS = 2 ** -24;
/** One term may be a denormal float, which is wrong by half the smallest one. */
const TINY = 2 ** -149;

/** The error of a float32 sum of products, in any order, fused or not: (terms + 2) · 2⁻²⁴ · Σ |term|. */
export const forwardBound = (terms: number, size: number): number => (terms + 2) * EPS * size + terms * TINY;

/** Fails where one element of `actual` is further from exact than `bound` of it. */
export function expectWithin(
  actual: ArrayLike<number>,
  { value, size, terms }: Exact,
  bound: (terms: number, size: number) => number = forwardBound,
): void {
  expect(actual.length).toBe(value.length);
  for (let i = 0; i < value.length; i++) {
    const error = Math.abs((actual[i] as number) - (value[i] as number));
    const allowed = bound(terms[i] as number, size[i] as number);
    // not >: NaN fails
    if (!(error <= allowed)) {
      throw new Error(
        `element ${i} of ${value.length}: ${actual[i]} is not ${value[i]} (${error} off, allowed ${allowed})`,
      );
    }
  }
}

/** Fails where one differs from what was expected by more than `tolerance` of that, or of 1 where that is less. */
export function expectAlike(
  actual: readonly Float32Array[],
  expected: readonly Float32Array[],
  tolerance = 1e-5,
): void {
  expect(actual.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  for (const [i, values] of actual.entries()) {
    for (const [j, value] of values.entries()) {
      const other = expected[i]![j]!;
      // not >: NaN fails
      if (!(Math.abs(value - other) <= tolerance * Math.max(1, Math.abs(other)))) {
        throw new Error(`result ${i}, element ${j}: ${value} is not ${other}`);
      }
    }
  }
}

/** Fails where two results differ in a bit; all NaN are one. */
export function expectSame(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(actual[i], expected[i])) {
      throw new Error(`element ${i} of ${expected.length}: ${actual[i]} is not ${expected[i]}`);
    }
  }
}

/** The values of a tensor, which is disposed. */
export function take(tensor: tf.Tensor): Float32Array {
  const values = tensor.dataSync<'float32'>();
  tensor.dispose();
  return values;
}
