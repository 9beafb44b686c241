import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { mean, standardError } from '../src/report.ts';

const program = fileURLToPath(new URL('../dist/train.js', import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, [program, ...args]);

test('a small comparison ends with a table and a picture of every arm', async () => {
  const out = await mkdtemp(join(tmpdir(), 'keepprob-'));
  try {
    const { stdout } = await run('--train', '100', '--test', '100', '--epochs', '2', '--seeds', '2', '--out', out);
    for (const arm of ['none', 'L2', 'dropout', 'dropout \\+ L2 \\+ max-norm']) {
      expect(stdout).toMatch(new RegExp(`^${arm} +\\d+\\.\\d+ ± \\d+\\.\\d+ `, 'm'));
    }
    const svg = await readFile(join(out, 'curves.svg'), 'utf8');
    expect(svg).toMatch(/^<svg[^>]*xmlns/);
    expect(svg.match(/dropout \+ L2 \+ max-norm/g)).toBeTruthy();
    expect(svg).not.toMatch(/NaN/);
    const { results } = JSON.parse(await readFile(join(out, 'results.json'), 'utf8')) as {
      results: { history: { valLoss: number[] } }[];
    };
    expect(results.map(r => r.history.valLoss.length)).toEqual(Array(8).fill(2));
  } finally {
    await rm(out, { recursive: true });
  }
});

test('--help says what there is; a bad number is refused', async () => {
  expect((await run('--help')).stdout).toMatch(/--seeds N/);
  await expect(run('--epochs', '0')).rejects.toThrow(/--epochs: expected an integer ≥ 1. Received: 0/);
});

test('mean and standard error: 1, 2, 3 → 2 ± 1/√3', () => {
  expect(mean([1, 2, 3])).toBe(2);
  expect(standardError([1, 2, 3])).toBeCloseTo(1 / Math.sqrt(3), 12);
});
