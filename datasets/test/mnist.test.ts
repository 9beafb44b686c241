import { expect, test } from 'vitest';
import { choose, loadMnist, mnist, parseIdx } from '../src/index.ts';

test('the files are MNIST: counts, and the labels everyone knows', async () => {
  const [train, testing] = [await loadMnist('train'), await loadMnist('test')];
  expect([train.labels.length, testing.labels.length]).toEqual([60_000, 10_000]);
  expect([...train.labels.subarray(0, 10)]).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  expect([...testing.labels.subarray(0, 10)]).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
});

test('random digits: pixels in [0, 1], one-hot labels, the same from the same seed', async () => {
  const { train } = await mnist({ train: 200, test: 50, seed: 1 });
  expect(train.x.shape).toEqual([200, 784]);
  expect(train.x.data.reduce((a, b) => Math.min(a, b))).toBe(0);
  expect(train.x.data.reduce((a, b) => Math.max(a, b))).toBe(1);
  for (let i = 0; i < 200; i++) expect(train.y.data.subarray(i * 10, i * 10 + 10).reduce((a, b) => a + b)).toBe(1);
  expect((await mnist({ train: 200, test: 50, seed: 1 })).train).toEqual(train);
  expect((await mnist({ train: 200, test: 50, seed: 2 })).train.x.data).not.toEqual(train.x.data);
});

test('rows are chosen once each', () => {
  expect(new Set(choose(100, 60, 3)).size).toBe(60);
  expect([...choose(10, 10, 3)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(() => choose(10, 11, 3)).toThrow(/1 to 10.*11/);
});

test('a file that is not IDX, or cut short, is refused', () => {
  const good = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 2, 7, 9]);
  expect(parseIdx(good)).toEqual({ shape: [2], data: Uint8Array.from([7, 9]) });
  expect(() => parseIdx(good.subarray(0, 9))).toThrow(/10 bytes, it has 9/);
  expect(() => parseIdx(good.subarray(0, 6))).toThrow(/cut short/);
  expect(() => parseIdx(Uint8Array.from([31, 139, 8, 0]))).toThrow(/not an IDX/);
});
