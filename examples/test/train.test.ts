import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { help, readCommandLine } from '../src/commandLine.ts';
import type { Result } from '../src/comparison.ts';
import { comparisons } from '../src/comparisons.ts';
import { mean, standardError } from '../src/report.ts';

const program = fileURLToPath(new URL('../dist/train.js', import.meta.url));
const run = (...args: string[]) => promisify(execFile)(process.execPath, [program, ...args]);

/** A curve of each run of an arm. */
const of = (results: readonly Result[], arm: string, curve: string) =>
  results.filter(r => r.arm === arm).map(r => r.history[curve]);

/** `npm test` runs one of them with one seed, `npm run test:long` all with two. */
const all = process.env.CASES === 'all';
const compared = Object.entries(comparisons).slice(0, all ? undefined : 1);
const seeds = all ? [0, 1] : [0];

test.each(compared)(
  '%s: a small comparison ends with a table and a picture of every arm',
  async (example, { arms }) => {
    const names = Object.keys(arms);
    const out = await mkdtemp(join(tmpdir(), 'keepprob-'));
    try {
      const size = ['--train', '40', '--test', '20', '--epochs', '2', '--seeds', `${seeds.length}`];
      const { stdout } = await run('--example', example, ...size, '--out', out);
      for (const name of names) {
        // one seed has no standard error
        const error = all ? ' ± \\d+\\.\\d+' : '';
        const row = `^${name.replaceAll('+', '\\+')} +\\d+\\.\\d+${error} `;
        expect(stdout).toMatch(new RegExp(row, 'm'));
      }
      const svg = await readFile(join(out, 'curves.svg'), 'utf8');
      expect(svg).toMatch(/^<svg[^>]*xmlns/);
      for (const name of names) expect(svg).toContain(`>${name}</text>`);
      expect(svg).not.toMatch(/NaN/);
      const { results } = JSON.parse(await readFile(join(out, 'results.json'), 'utf8')) as { results: Result[] };
      expect(results.map(({ arm, seed }) => `${arm}, ${seed}`)).toEqual(
        seeds.flatMap(seed => names.map(name => `${name}, ${seed}`)),
      );
      for (const { history } of results) expect(history.valLoss).toHaveLength(2);
      // every arm of a seed is another way to train, from the same weights on the same digits
      for (const name of names.slice(1)) {
        expect(of(results, name, 'cost')).not.toEqual(of(results, names[0]!, 'cost'));
      }
    } finally {
      await rm(out, { recursive: true });
    }
  },
);

test('--help says what there is; a bad number and an unknown example are refused', () => {
  const read = (...args: string[]) => readCommandLine(args);
  expect(help).toMatch(/--seeds N/);
  expect([read('--help').help, read().help]).toEqual([true, false]);
  expect(() => read('--epochs', '0')).toThrow(/--epochs: expected an integer ≥ 1. Received: 0/);
  expect(() => read('--seeds', 'x')).toThrow(/--seeds: expected an integer ≥ 1. Received: x/);
  expect(() => read('--example', 'image')).toThrow(/--example: expected one of dense, images. Received: image/);
  expect(() => read('--sed', '1')).toThrow(/--sed/);
  const size = { train: 1000, test: 5000, epochs: comparisons.images?.epochs };
  expect(read('--example', 'images')).toMatchObject({ size, seeds: 3, out: join('runs', 'images') });
});

test('mean and standard error: 1, 2, 3 → 2 ± 1/√3', () => {
  expect(mean([1, 2, 3])).toBe(2);
  expect(standardError([1, 2, 3])).toBeCloseTo(1 / Math.sqrt(3), 12);
});
