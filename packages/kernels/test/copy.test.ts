/** Gather and Slice against TF.js' cpu backend: copies, so equal to the bit, NaN and −0 included. */
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { memoryOf } from '../src/wasm/backend/backend.ts';
import { byOurs, onCpu, withEachBuild } from './support/builds.ts';
import { wasmBackend } from './support/heap.ts';
import { floats, runs, sizeOf } from './support/numbers.ts';

/** Mostly small; 16 and 17 floats are the least that are copied as a piece. */
const side = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 15, 16, 17, 40) },
);
const shapes = fc.array(side, { minLength: 1, maxLength: 4 }).filter(shape => sizeOf(shape) < 5000);
const dtypes = fc.constantFrom('float32', 'int32', 'bool');

const special = [Number.NaN, -0, Number.POSITIVE_INFINITY];

function tensor(shape: number[], dtype: 'float32' | 'int32' | 'bool', seed: number): tf.Tensor {
  const values = floats(sizeOf(shape), seed);
  if (dtype === 'float32') values.set(special.slice(0, values.length));
  const typed = { float32: values, int32: values.map(v => Math.floor(1e6 * v)), bool: values.map(v => +(v > 0)) };
  return tf.tensor([...typed[dtype]], shape, dtype);
}

const bits = (t: tf.Tensor): number[] => {
  const values = t.dataSync();
  return [...new Uint8Array(values.buffer, values.byteOffset, values.byteLength)];
};

/** The same shape, dtype and bits on cpu and by our kernels. */
function expectSameAsCpu(stock: Parameters<typeof byOurs>[0], f: () => tf.Tensor): void {
  const look = (): unknown => {
    const y = f();
    return { shape: y.shape, dtype: y.dtype, bits: bits(y) };
  };
  const theirs = onCpu(look as () => tf.TensorContainer);
  expect(byOurs(stock, () => tf.tidy(look as () => tf.TensorContainer))).toEqual(theirs);
}

withEachBuild(stock => {
  test('gather along every axis, with indices of ranks 0 to 2', () => {
    fc.assert(
      fc.property(
        shapes,
        dtypes,
        fc.nat(),
        fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
        fc.nat(),
        (shape, dtype, pick, indexShape, seed) => {
          const axis = pick % shape.length;
          fc.pre(shape[axis]! > 0);
          const rows = floats(sizeOf(indexShape), seed).map(v => Math.floor(((v + 1) / 2) * shape[axis]!));
          expectSameAsCpu(stock, () =>
            tf.gather(tensor(shape, dtype, seed), tf.tensor([...rows], indexShape, 'int32'), axis),
          );
        },
      ),
      runs(200),
    );
  });

  test('an index out of bounds is the error of TF.js', () => {
    tf.tidy(() => {
      const x = tf.ones([3, 2]);
      for (const row of [-1, 3]) {
        expect(() => tf.gather(x, tf.tensor1d([0, row], 'int32'))).toThrow(`the index value ${row} is not in [0, 2]`);
      }
    });
  });

  test('slices of every box', () => {
    fc.assert(
      fc.property(shapes, dtypes, fc.nat(), (shape, dtype, seed) => {
        const random = floats(2 * shape.length, seed).map(v => (v + 1) / 2);
        const begin = shape.map((d, i) => Math.floor(random[2 * i]! * (d + 1)));
        // whole axes are common, and are copied at once
        const size = shape.map((d, i) => {
          const left = d - begin[i]!;
          return random[2 * i + 1]! < 0.3 ? -1 : Math.floor(random[2 * i + 1]! * (left + 1));
        });
        const from = begin.map((b, i) => (random[2 * i + 1]! < 0.2 ? 0 : b));
        expectSameAsCpu(stock, () => tf.slice(tensor(shape, dtype, seed), from, size));
      }),
      runs(250),
    );
  });

  test('memory that grows for the result: the data are where they are then', () => {
    const memory = memoryOf(wasmBackend())!;
    const [x, indices] = [tf.range(0, 500_000), tf.range(0, 500_000, 1, 'int32')];
    for (const copied of [() => tf.gather(x, indices), () => tf.slice(x, [0])]) {
      const { buffer } = memory;
      const kept: tf.Tensor[] = [];
      while (memory.buffer === buffer) kept.push(byOurs(stock, copied));
      expect(
        kept
          .at(-1)!
          .dataSync()
          .every((v, i) => v === i),
      ).toBe(true);
      tf.dispose(kept);
      expect(kept.length).toBeGreaterThan(0);
    }
    tf.dispose([x, indices]);
  });
});
