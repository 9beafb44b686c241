/** Assertions that work in any test runner: they throw an error. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * A law does not hold. The message says which one, and why.
 * @example
 * new ConformanceError('weights are finite: 0-Dense/bias is NaN').name; // 'ConformanceError'
 */
export class ConformanceError extends Error {
  /** 'ConformanceError'. */
  override readonly name: string = 'ConformanceError';
}

export function ensure(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ConformanceError(message);
}

/** Returns a value that must exist. */
export function need<T>(value: T | null | undefined, what: string): T {
  if (value === undefined || value === null) throw new ConformanceError(`there is no ${what}`);
  return value;
}

export const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

/** Largest |a − b|. */
export const distance = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);

export const numbers = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];

/** The number in a tensor with one element. */
export const scalar = (tensor: tf.Tensor): number => need(numbers(tensor)[0], 'number');

/** The error that `f` throws; undefined if it throws none. */
export function thrown(f: () => unknown): Error | undefined {
  try {
    f();
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

/** The number of tensors that `f` leaks. */
export async function leaked(f: () => Promise<unknown>): Promise<number> {
  const before = tf.memory().numTensors;
  await f();
  return tf.memory().numTensors - before;
}
