import { DataError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kFold } from '../../src/splits/kFold.ts';
import { rescaled, rowsIn, scaled, takeFold } from '../../src/splits/takeFold.ts';

const numbers = async (tensor: unknown): Promise<unknown> => (tensor as tf.Tensor).array();

test('the rows of a split, in whatever form the data have', async () => {
  const shaped = { data: Uint8Array.from([1, 2, 3, 4, 5, 6]), shape: [3, 2] };
  const split = { train: [0, 2], validation: [1] };
  const before = tf.memory().numTensors;
  const fold = await takeFold(
    { x: { image: shaped, words: [[7], [8], [9]] }, y: [0, 1, 0], sampleWeight: [1, 2, 3] },
    split,
  );
  const { image, words } = fold.train.x as Record<string, tf.Tensor>;
  expect(await numbers(image)).toEqual([
    [1, 2],
    [5, 6],
  ]);
  expect(await numbers(words)).toEqual([[7], [9]]);
  expect(await numbers(fold.validation.y)).toEqual([1]);
  expect(await numbers(fold.train.sampleWeight)).toEqual([1, 3]);
  tf.dispose(fold);
  expect(tf.memory().numTensors).toBe(before);
});

const matrices = fc.tuple(fc.integer({ min: 4, max: 12 }), fc.integer({ min: 1, max: 4 })).chain(([rows, width]) =>
  fc.array(fc.array(fc.float({ min: -1000, max: 1000, noNaN: true }), { minLength: width, maxLength: width }), {
    minLength: rows,
    maxLength: rows,
  }),
);

test.each(['standardize', 'unit'] as const)(
  '%s depends on training rows alone: other validation rows, the same numbers',
  async kind => {
    await fc.assert(
      fc.asyncProperty(matrices, fc.float({ min: -1000, max: 1000, noNaN: true }), fc.nat(), async (x, other, seed) => {
        const y = x.map(() => 0);
        const [split] = kFold({ k: 2 }).split({ count: x.length }, seed);
        const changed = x.map((row, i) => (split!.validation.includes(i) ? row.map(() => other) : row));
        const [before, after] = [await scaled({ x, y }, split!, kind), await scaled({ x: changed, y }, split!, kind)];
        expect(after.scaling).toEqual(before.scaling);
        expect(await numbers(after.train.x)).toEqual(await numbers(before.train.x));
        tf.dispose([before.train, before.validation, after.train, after.validation]);
      }),
      { numRuns: 20 },
    );
  },
);

test('training rows have mean 0 and variance 1 in each feature that has a spread; the others are centred', async () => {
  await fc.assert(
    fc.asyncProperty(matrices, async x => {
      const rows = x.map((_, i) => i);
      const { train, scaling } = await scaled({ x, y: rows }, { train: rows, validation: [] });
      const z = (await numbers(train.x)) as number[][];
      for (const [feature, deviation] of scaling.x!.divisor.entries()) {
        const own = z.map(row => row[feature]!);
        const mean = own.reduce((a, b) => a + b, 0) / own.length;
        const variance = own.reduce((sum, v) => sum + (v - mean) ** 2, 0) / own.length;
        const isConstant = x.every(row => row[feature] === x[0]![feature]);
        // float32 in, float32 out
        expect(mean).toBeCloseTo(0, 4);
        expect(variance).toBeCloseTo(isConstant ? 0 : 1, 3);
        if (isConstant) expect(deviation).toBe(1);
      }
      tf.dispose(train);
    }),
    { numRuns: 50 },
  );
});

test('unit: each feature of the training rows reaches from 0 to 1; one that has a single value is 0', async () => {
  await fc.assert(
    fc.asyncProperty(matrices, async x => {
      const rows = x.map((_, i) => i);
      const { train, scaling } = await scaled({ x, y: rows }, { train: rows, validation: [] }, 'unit');
      const z = (await numbers(train.x)) as number[][];
      for (const [feature, divisor] of scaling.x!.divisor.entries()) {
        const own = z.map(row => row[feature]!);
        const isConstant = x.every(row => row[feature] === x[0]![feature]);
        expect([Math.min(...own), Math.max(...own)]).toEqual([0, isConstant ? 0 : 1]);
        if (isConstant) expect(divisor).toBe(1);
      }
      tf.dispose(train);
    }),
    { numRuns: 20 },
  );
  const other = scaled({ x: [[1]], y: [0] }, { train: [0], validation: [] }, 'units' as 'unit');
  await expect(other).rejects.toThrow(/`kind`.*'standardize', 'unit'/);
});

test('a feature of one value stays at 0, though the mean of equal numbers is rounded', async () => {
  // Σ 0.1 / 3 is not 0.1
  const x = [[0.1], [0.1], [0.1], [0.2]];
  const { train, validation, scaling } = await scaled({ x, y: [0, 0, 0, 0] }, { train: [0, 1, 2], validation: [3] });
  expect(await numbers(train.x)).toEqual([[0], [0], [0]]);
  expect(((await numbers(validation.x)) as number[][])[0]![0]).toBeCloseTo(0.1, 6);
  expect(scaling.x).toEqual({ offset: [Math.fround(0.1)], divisor: [1] });
});

test('what was fitted goes through JSON, and scales other rows alike', async () => {
  const x = [
    [1, 2],
    [3, 8],
    [5, 11],
  ];
  const { validation, scaling } = await scaled({ x, y: [0, 1, 0] }, { train: [0, 1], validation: [2] });
  const again = await rescaled({ x: [[5, 11]], y: [0] }, JSON.parse(JSON.stringify(scaling)));
  expect(await numbers(again.x)).toEqual(await numbers(validation.x));
  await expect(rescaled({ x: [[5]], y: [0] }, scaling)).rejects.toThrow(/1 finite numbers/);
  await expect(rescaled({ x: { a: [[5, 1]] }, y: [0] }, scaling)).rejects.toThrow(/numbers for x.a/);
});

test('whole numbers stay: they are words or classes', async () => {
  const x = { data: Int32Array.from([4, 9, 4]), shape: [3, 1] };
  const { train, scaling } = await scaled({ x, y: [0, 1, 0] }, { train: [0, 1], validation: [2] });
  expect([await numbers(train.x), scaling]).toEqual([[[4], [9]], {}]);
});

test('rows with their classes, as splitters want them', async () => {
  const x = [[1], [2], [3]];
  expect(
    await rowsIn({
      x,
      y: [
        [0, 1],
        [1, 0],
        [0, 1],
      ],
    }),
  ).toEqual({ count: 3, classes: Int32Array.of(1, 0, 1) });
  expect(await rowsIn({ x, y: [0.5, 1, 2] })).toEqual({ count: 3 });
});

test.each([
  [
    'a row that is not there',
    () => takeFold({ x: [[1]], y: [0] }, { train: [0], validation: [1] }),
    /split.validation.*from 0 to 0.*1/,
  ],
  ['no training rows', () => scaled({ x: [[1]], y: [0] }, { train: [], validation: [0] }), /rows to train on/],
  [
    'lengths that differ',
    () => takeFold({ x: [[1]], y: [0, 1] }, { train: [0], validation: [] }),
    /1 rows, as many as x has/,
  ],
  ['NaN', () => scaled({ x: [[Number.NaN]], y: [0] }, { train: [0], validation: [] }), /NaN or Infinity/],
] as const)('%s', async (_, f, message) => {
  const before = tf.memory().numTensors;
  const error = await f().catch(reason => reason);
  expect(error).toBeInstanceOf(DataError);
  expect(error.message).toMatch(message);
  expect(tf.memory().numTensors).toBe(before);
});
