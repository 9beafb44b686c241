import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { compare, interval, median } from '../src/measure.ts';

test('median of odd and even lists', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('the interval of a constant is that constant, and it covers the median', () => {
  expect(interval([2, 2, 2])).toEqual([2, 2]);
  const [low, high] = interval([1, 2, 3, 4, 5, 6, 7]);
  expect(low).toBeLessThanOrEqual(4);
  expect(high).toBeGreaterThanOrEqual(4);
});

test('both sides run equally often, in turns', async () => {
  const calls: string[] = [];
  await compare(
    () => void calls.push('ours'),
    () => void calls.push('stock'),
    4,
  );
  expect(calls.slice(4)).toEqual(['ours', 'stock', 'stock', 'ours', 'ours', 'stock', 'stock', 'ours']);
});

test('a quick run measures every row on both backends, and the tape is 4 bytes against stock’s', async () => {
  const out = await mkdtemp(join(tmpdir(), 'keepprob-'));
  try {
    await promisify(execFile)(process.execPath, [
      fileURLToPath(new URL('../dist/bench.js', import.meta.url)),
      '--quick',
      '--out',
      out,
    ]);
    const { rows, bytes } = JSON.parse(await readFile(join(out, 'bench.json'), 'utf8')) as {
      rows: { ratio: number }[];
      bytes: { ours: number; stock: number }[];
    };
    expect(rows.length).toBe(12);
    expect(rows.every(r => r.ratio > 0)).toBe(true);
    expect(bytes.every(b => b.ours === 4 && b.stock > 4)).toBe(true);
  } finally {
    await rm(out, { recursive: true });
  }
});
