/** The heap of the wasm backend, watched: what is allocated, what is never given back, what is written past its end. */
import * as tf from '@tensorflow/tfjs-core';
import type { WasmBackend } from '../../src/wasm/backend/backend.ts';

/** Bytes before and after each block. */
const GUARD = 64;
/** As a float: a NaN. Whoever reads what nobody wrote, or what is beside it, gets NaN. */
const PATTERN = 0xff;

export interface Heap {
  /** Blocks allocated and not yet given back. */
  readonly live: () => number;
  /** What was written outside of blocks since the last time that this was asked. Empty, if all is well. */
  readonly faults: () => readonly string[];
  readonly restore: () => void;
}

export const wasmBackend = (): WasmBackend => tf.engine().findBackend('wasm') as unknown as WasmBackend;

/** From here on, every block that TF.js or our kernels allocate lies between guards, and is full of NaN at first. */
export function guardHeap(): Heap {
  const { wasm } = wasmBackend();
  const mutable = wasm as { -readonly [K in keyof typeof wasm]: (typeof wasm)[K] };
  // Emscripten puts the functions themselves in the place of stubs at the first call
  wasm._free(wasm._malloc(16));
  const { _malloc, _free } = wasm;
  const blocks = new Map<number, number>();
  const faults: string[] = [];
  const intact = (from: number): boolean => wasm.HEAPU8.subarray(from, from + GUARD).every(byte => byte === PATTERN);
  const paint = (from: number, bytes: number): Uint8Array => wasm.HEAPU8.fill(PATTERN, from, from + bytes);
  const check = (at: number, bytes: number): void => {
    for (const [from, where] of [
      [at - GUARD, 'before'],
      [at + bytes, 'past'],
    ] as const) {
      if (intact(from)) continue;
      faults.push(`written ${where} a block of ${bytes} bytes`);
      paint(from, GUARD);
    }
  };
  mutable._malloc = bytes => {
    const from = _malloc(bytes + 2 * GUARD) >>> 0;
    if (from === 0) return 0;
    paint(from, bytes + 2 * GUARD);
    blocks.set(from + GUARD, bytes);
    return from + GUARD;
  };
  mutable._free = at => {
    const bytes = blocks.get(at);
    if (bytes === undefined) {
      // allocated before the guards were there
      _free(at);
      return;
    }
    check(at, bytes);
    blocks.delete(at);
    _free(at - GUARD);
  };
  return {
    live: () => blocks.size,
    faults() {
      for (const [at, bytes] of blocks) check(at, bytes);
      return faults.splice(0);
    },
    restore() {
      mutable._malloc = _malloc;
      // blocks that are still there are given back as they were allocated
      mutable._free = at => _free(blocks.delete(at) ? at - GUARD : at);
    },
  };
}
