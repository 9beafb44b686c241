/** Our kernels in both builds, and a witness of which kernel computed: ours or the stock one. */
import '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { setFlagsFromString } from 'node:v8';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, vi } from 'vitest';
import { relaxed } from '../../src/wasm/backend/binary.ts';
import type { Build } from '../../src/wasm/backend/module.ts';
import { Installation } from '../../src/wasm/install.ts';
import { kernels } from '../../src/wasm/kernels.ts';
import { guardHeap, type Heap, wasmBackend } from './heap.ts';

// Node 20 has relaxed SIMD behind a flag, later ones have it
setFlagsFromString('--experimental-wasm-relaxed-simd');
export const hasRelaxed = WebAssembly.validate(Uint8Array.from(atob(relaxed), c => c.charCodeAt(0)));

/** The names of the kernels of which the stock version ran since `clear()`. */
export interface Stock {
  calls(): string[];
  clear(): void;
}

/** From here on, calls of the stock kernels are counted; they compute as before. Only those that ours ask, once installed. */
export function watchStock(): Stock {
  const calls: string[] = [];
  for (const name of Object.keys(kernels)) {
    const config = tf.getKernel(name, 'wasm') as tf.KernelConfig | undefined;
    if (!config) continue;
    const { kernelFunc } = config;
    vi.spyOn(config, 'kernelFunc').mockImplementation(params => {
      calls.push(name);
      return kernelFunc(params);
    });
  }
  return { calls: () => calls, clear: () => calls.splice(0) };
}

/** The same tests for each build, on the wasm backend, whose heap is guarded. A build that this engine cannot run is skipped, by name. */
export function withEachBuild(tests: (stock: Stock) => void): void {
  const builds: [string, Build, boolean][] = [
    ['plain build', 'simd', true],
    ['relaxed build', 'relaxed-simd', hasRelaxed],
  ];
  for (const [name, build, valid] of builds) {
    const title = valid ? name : `${name}: WebAssembly.validate refuses it in this engine`;
    describe.skipIf(!valid)(title, () => {
      let installation: Installation;
      let watched: Stock;
      let heap: Heap;
      let data = 0;
      beforeAll(async () => {
        await tf.setBackend('wasm');
        heap = guardHeap();
        watched = watchStock();
        installation = new Installation(build, 1);
      });
      beforeEach(() => {
        data = wasmBackend().numDataIds();
      });
      afterEach(context => {
        expect(heap.faults()).toEqual([]);
        // a test that failed leaves its tensors
        if (context.task.result?.state !== 'fail') expect(wasmBackend().numDataIds()).toBe(data);
      });
      afterAll(() => {
        installation.remove();
        heap.restore();
        vi.restoreAllMocks();
      });
      tests({ calls: () => watched.calls(), clear: () => watched.clear() });
    });
  }
}

/** Runs `f`, which must be computed by our kernels alone. */
export function byOurs<T>(stock: Stock, f: () => T): T {
  stock.clear();
  const result = f();
  expect(stock.calls()).toEqual([]);
  return result;
}

/** What `f` gives on TF.js' cpu backend; the wasm backend is in use before and after. `f` makes its own tensors. */
export function onCpu<T extends tf.TensorContainer>(f: () => T): T {
  tf.setBackend('cpu');
  try {
    return tf.tidy(f);
  } finally {
    tf.setBackend('wasm');
  }
}
