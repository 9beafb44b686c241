import { Worker } from 'node:worker_threads';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WasmBackend } from '../src/wasm/backend/backend.ts';
import { state, word } from '../src/wasm/backend/helper.ts';
import { bestBuild, isShared, moduleFor } from '../src/wasm/backend/module.ts';
import { Pool } from '../src/wasm/backend/threads.ts';
import { install, uninstall } from '../src/wasm.ts';
import { allCases, expectSame, floats, sizeOf } from './support/numbers.ts';

const globalBefore = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
let report: Awaited<ReturnType<typeof install>>;
beforeAll(async () => {
  report = await started(3);
});
afterAll(() => uninstall());

/** Installs until all threads are there: `install` does not wait for long, and a busy machine may start them later. */
async function started(threads: number): ReturnType<typeof install> {
  for (;;) {
    const given = await install({ threads });
    if (given.threads === threads || given.reason) return given;
    uninstall();
  }
}

const backend = (): WasmBackend => tf.backend() as WasmBackend;
const bits = (t: tf.Tensor): Int32Array => new Int32Array(t.dataSync().slice().buffer);

/** The results with 3 threads, with 2 and with 1: bit for bit the same. */
async function sameWithAnyThreads(...computations: (() => tf.Tensor)[]): Promise<void> {
  const results: Int32Array[][] = [];
  for (const threads of [3, 2, 1]) {
    uninstall();
    expect((await started(threads)).threads).toBe(threads);
    results.push(computations.map(f => bits(tf.tidy(f))));
  }
  for (const others of results.slice(1))
    for (const [i, values] of others.entries()) expectSame(values, results[0]![i]!);
}
describe('install({ threads })', () => {
  test('starts the backend on shared memory, in Node, and leaves no Worker behind', () => {
    expect(report).toMatchObject({ installed: true, threads: 3, active: true });
    expect(report.reason).toBeUndefined();
    expect(isShared(backend().wasm.wasmMemory!)).toBe(true);
    expect(Object.getOwnPropertyDescriptor(globalThis, 'Worker')).toEqual(globalBefore);
  });
  test.each([0, -1, 1.5, 65, '2'])('refuses %j threads', async threads => {
    await expect(install({ threads: threads as number })).rejects.toThrow(/threads/);
  });
});

describe('bit for bit the results of one thread', () => {
  const size = fc.integer({ min: 60, max: 300 });
  const values = (shape: number[], seed: number): tf.Tensor => tf.tensor(floats(sizeOf(shape), seed), shape);
  test('products, all transposes, with bias', async () => {
    const [computations, made]: [(() => tf.Tensor)[], tf.Tensor[]] = [[], []];
    const shapes = fc.sample(fc.tuple(size, size, fc.integer({ min: 150, max: 900 })), {
      numRuns: allCases ? 6 : 3,
      seed: 5,
    });
    for (const [m, n, k] of shapes) {
      for (const [transposeA, transposeB] of [
        [false, false],
        [true, false],
        [false, true],
      ] as const) {
        const a = values(transposeA ? [k, m] : [m, k], 1);
        const b = values(transposeB ? [n, k] : [k, n], 2);
        const bias = values([n], 3);
        made.push(a, b, bias);
        computations.push(() =>
          tf.fused.matMul({
            a: a as tf.Tensor2D,
            b: b as tf.Tensor2D,
            transposeA,
            transposeB,
            bias,
            activation: 'relu',
          }),
        );
      }
    }
    await sameWithAnyThreads(...computations);
    tf.dispose(made);
  });
  test.each([
    ['same', 1, 11, 37],
    ['same', 2, 11, 37],
    ['valid', 1, 11, 37],
    ['valid', 2, 11, 37],
    // by Winograd's algorithm
    ['same', 1, 12, 36],
    ['valid', 1, 12, 36],
  ] as const)('convolutions and their gradients: %s, stride %i, %i channels to %i', async (pad, stride, c, o) => {
    const x = values([6, 23, 29, c], 1) as tf.Tensor4D;
    const w = values([3, 3, c, o], 2) as tf.Tensor4D;
    const withNaN = (like: tf.Tensor4D): tf.Tensor4D => {
      const numbers = floats(sizeOf(like.shape), 1);
      numbers[sizeOf(like.shape) >> 1] = Number.NaN;
      return tf.tensor(numbers, like.shape);
    };
    const broken = withNaN(x);
    const bias = values([o], 3) as tf.Tensor1D;
    const conv = (input: tf.Tensor4D, filter: tf.Tensor4D): tf.Tensor4D => tf.conv2d(input, filter, stride, pad);
    const dy = values(conv(x, w).shape, 4) as tf.Tensor4D;
    const brokenDy = withNaN(dy);
    const gradients = (of: tf.Tensor): tf.Tensor[] =>
      tf.grads((a, b) => conv(a as tf.Tensor4D, b as tf.Tensor4D))([x, w], of);
    await sameWithAnyThreads(
      () => conv(x, w),
      () => conv(broken, w),
      () => tf.fused.conv2d({ x, filter: w, strides: stride, pad, bias, activation: 'relu' }),
      ...[dy, brokenDy].flatMap(of => [0, 1].map(by => () => gradients(of)[by]!)),
    );
    tf.dispose([x, w, broken, bias, dy, brokenDy]);
  });
  test('the gradient by a filter, where rows of dy come in parts', async () => {
    const x = values([1, 110, 230, 3], 1) as tf.Tensor4D;
    const w = values([3, 3, 3, 60], 2) as tf.Tensor4D;
    await sameWithAnyThreads(() => tf.grad((b: tf.Tensor) => tf.conv2d(x, b as tf.Tensor4D, 1, 'same'))(w));
    tf.dispose([x, w]);
  });
  test.each([1, 2])('convolutions of volumes and their gradients: stride %i', async stride => {
    const x = values([3, 5, 17, 19, 9], 1) as tf.Tensor5D;
    const w = values([3, 3, 3, 9, 35], 2) as tf.Tensor5D;
    const conv = (input: tf.Tensor5D, filter: tf.Tensor5D): tf.Tensor5D => tf.conv3d(input, filter, stride, 'same');
    const dy = values(conv(x, w).shape, 4);
    const gradients = (): tf.Tensor[] => tf.grads((a, b) => conv(a as tf.Tensor5D, b as tf.Tensor5D))([x, w], dy);
    await sameWithAnyThreads(
      () => conv(x, w),
      () => gradients()[0]!,
      () => gradients()[1]!,
    );
  });
});

describe('a helper that is away', () => {
  test('its chunk is taken back and computed here, and helpers are left alone for a while', async () => {
    const { wasm } = backend();
    const memory = wasm.wasmMemory!;
    const exports = new WebAssembly.Instance(moduleFor(bestBuild()!, true), { env: { memory } }).exports as never;
    const { scratchBytes } = exports as { scratchBytes(): number };
    const heap = { malloc: (bytes: number) => wasm._malloc(bytes) >>> 0, free: (at: number) => wasm._free(at) };
    const pool = new Pool(0, moduleFor(bestBuild()!, true), memory, scratchBytes(), heap);
    // takes one chunk of the first job and never brings it
    const thief = new Worker(
      `const c = require('node:worker_threads').workerData;
       Atomics.add(c, ${word.ready}, 1);
       for (;;) {
         const v = Atomics.load(c, ${word.ticket});
         if (v !== 0 && Atomics.compareExchange(c, ${word.ticket}, v, v + 1) === v) break;
       }
       Atomics.wait(c, ${word.ready}, 1);`,
      { eval: true, workerData: pool.control },
    );
    while (pool.threads < 2) await new Promise(r => setTimeout(r, 5));
    const [m, n, k] = [400, 300, 500];
    const a = tf.randomNormal([m, k], 0, 1, 'float32', 1);
    const b = tf.randomNormal([k, n], 0, 1, 'float32', 2);
    const c = tf.zeros([m, n]);
    c.dataSync();
    const at = (t: tf.Tensor): number => backend().dataIdMap.get(t.dataId)!.memoryOffset;
    const job = heap.malloc(128);
    const scratch = heap.malloc(scratchBytes());
    const words = [0, 6, m, n, k, at(a), 4 * k, 0, at(b), 4 * n, 0, at(c), 4 * n, 0];
    new Int32Array(memory.buffer, job, words.length).set(words);
    expect(pool.willing()).toBe(true);
    // our first chunk lasts until the thief has the next one
    const { runChunk } = exports as { runChunk(...args: number[]): void };
    const waits = (...args: number[]): void => {
      while ((Atomics.load(pool.control, word.ticket) & 255) < 2);
      runChunk(...args);
    };
    pool.run(job, 6, { ...(exports as object), runChunk: waits } as never, 0, scratch);
    const states = Array.from({ length: 6 }, (_, t) => Atomics.load(pool.control, word.states + t) & 255);
    expect(states.filter(s => s === state.takenBack)).toHaveLength(1);
    expect(pool.willing()).toBe(false);
    uninstall();
    await install({ threads: 1 });
    expect(bits(c)).toEqual(bits(tf.matMul(a as tf.Tensor2D, b as tf.Tensor2D)));
    await thief.terminate();
    pool.end(false);
    for (const place of [job, scratch]) heap.free(place);
    tf.dispose([a, b, c]);
  });
});
