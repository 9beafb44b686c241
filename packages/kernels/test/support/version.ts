import type * as tf from '@tensorflow/tfjs-core';
import { vi } from 'vitest';

/** Runs `f`, in which modules are loaded anew, beside another version of TF.js. */
export async function besideAnotherVersion(version: string, f: () => Promise<void>): Promise<void> {
  vi.doMock('@tensorflow/tfjs-core', async original => ({ ...(await original<typeof tf>()), version_core: version }));
  vi.resetModules();
  try {
    await f();
  } finally {
    vi.doUnmock('@tensorflow/tfjs-core');
    vi.resetModules();
  }
}
