/** How often kernels run. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, vi } from 'vitest';

/** Runs `f`; each of these kernels must have run so often. */
export function counted<T>(times: Readonly<Record<string, number>>, f: () => T): T {
  const spies = Object.keys(times).map(name => vi.spyOn(tf.getKernel(name, 'wasm'), 'kernelFunc'));
  try {
    return f();
  } finally {
    expect(spies.map(spy => spy.mock.calls.length)).toEqual(Object.values(times));
    for (const spy of spies) spy.mockRestore();
  }
}
