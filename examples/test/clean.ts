import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';

/** Runs it; a tensor more than before would be a leak. */
export async function clean<T>(run: () => Promise<T>): Promise<T> {
  const before = tf.memory().numTensors;
  const result = await run();
  expect(tf.memory().numTensors).toBe(before);
  return result;
}
