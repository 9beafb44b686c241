import { expect, test } from 'vitest';
import { digits, loadDigits } from '../src/index.ts';

test('the file is scikit-learn’s: counts of each class, and the first digit of its documentation', async () => {
  const { pixels, labels } = await loadDigits();
  expect([labels.length, pixels.length]).toEqual([1797, 1797 * 64]);
  const counts = Array(10).fill(0);
  for (const label of labels) counts[label]++;
  // load_digits().target, np.bincount
  expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
  // load_digits().data[0] as printed in scikit-learn's tutorial
  expect([...pixels.subarray(0, 8)]).toEqual([0, 0, 5, 13, 9, 1, 0, 0]);
  expect([...pixels.subarray(56, 64)]).toEqual([0, 0, 6, 13, 10, 0, 0, 0]);
  expect(pixels.reduce((a, b) => Math.max(a, b))).toBe(16);
  expect(pixels.reduce((a, b) => a + b)).toBe(561_718);
});

test('a split has every digit once, the same from the same seed, another from another', async () => {
  const all = await loadDigits();
  const { train, test: rest } = await digits({ train: 1000, seed: 3 });
  expect([train.x.shape, rest.x.shape, train.y.shape, rest.y.shape]).toEqual([
    [1000, 64],
    [797, 64],
    [1000, 10],
    [797, 10],
  ]);
  const sum = (values: Float32Array) => values.reduce((a, b) => a + b, 0);
  expect(sum(train.y.data) + sum(rest.y.data)).toBe(1797);
  // sixteenths are exact in float32
  expect(16 * (sum(train.x.data) + sum(rest.x.data))).toBe(all.pixels.reduce((a, b) => a + b));
  expect(await digits({ train: 1000, seed: 3 })).toEqual({ train, test: rest });
  expect((await digits({ train: 1000, seed: 4 })).train.x.data).not.toEqual(train.x.data);
  expect((await digits({ train: 20, test: 30 })).test.y.shape).toEqual([30, 10]);
  await expect(digits({ train: 1790, test: 8 })).rejects.toThrow(/1 to 1797.*1798/);
});
