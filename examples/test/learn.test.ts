/** What the pages of Learn are made from: small runs of every question, and pages and pictures that say what was recorded. */
import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { runLab } from '../src/learn/lab/lab.ts';
import { questionOf, questions } from '../src/learn/questions.ts';
import { shownOf } from '../src/learn/recorded.ts';
import { differences, signed, spread, verdictOf, withInterval } from '../src/learn/spread.ts';
import { runCost } from '../src/learn/theory/cost.ts';
import { runRidge } from '../src/learn/theory/ridge.ts';
import { solve } from '../src/learn/theory/solve.ts';
import { fileOf, placed } from '../src/placed.ts';
import { clean } from './clean.ts';

describe('runs', () => {
  test('of the lab begin alike, end differently, and are the same again', async () => {
    const run = (arm: 'none' | 'L2' | 'dropout') => clean(() => runLab({ draw: 1, seed: 1, arm, iterations: 30 }));
    const [none, l2, dropout, again] = [await run('none'), await run('L2'), await run('dropout'), await run('dropout')];
    expect(again).toEqual(dropout);
    for (const { train, dev, more } of [none, l2, dropout])
      for (const error of [train, dev, more]) expect(error >= 0 && error <= 100).toBe(true);
    expect(dropout.more).not.toBe(none.more);
  });
  test('of J: it falls with dropout off, and not with it on', async () => {
    const { rises, on, off } = await clean(() => runCost({ seed: 1, keepProb: 0.5, steps: 12 }));
    expect([rises, off.length, on.length]).toEqual([0, 13, 13]);
    expect(on.some((cost, i) => i > 0 && cost > (on[i - 1] ?? cost))).toBe(true);
  });
  test('of the regression come near ridge regression', async () => {
    const { trained, ridge, leastSquares } = await clean(() => runRidge({ keepProb: 0.5, seed: 1, updates: 400 }));
    const away = (from: readonly number[]): number => Math.hypot(...differences(trained, from));
    expect(away(ridge)).toBeLessThan(0.2 * away(leastSquares));
  });
});

describe('words', () => {
  test('1, 2, 3 is 2 ± 1/√3, with an interval of 4.303 standard errors', () => {
    const { value, error, interval } = spread([1, 2, 3]);
    expect(value).toBe(2);
    expect(error).toBeCloseTo(1 / Math.sqrt(3), 12);
    expect(interval[1] - 2).toBeCloseTo(4.303 / Math.sqrt(3), 3);
  });
  test('a verdict needs an interval without 0', () => {
    expect(verdictOf(spread([1, 2, 3]))).toBe('cannot tell');
    expect(verdictOf(spread([1, 1.1, 0.9]))).toBe('above');
    expect(verdictOf(spread([-1, -1.1, -0.9]))).toBe('below');
  });
  test('signs', () => {
    expect([1.26, -0.04, -1.2].map(value => signed(value, 1))).toEqual(['+1.3', '0.0', '−1.2']);
    expect(withInterval({ value: 1, error: 0.5, interval: [-0.25, 2.25] }, 2)).toBe('+1.00 (−0.25 … +2.25)');
  });
  test('equations are solved', () => {
    // 4 · 1 + 1 · 2 = 6, 1 · 1 + 3 · 2 = 7
    expect(
      solve(
        [
          [4, 1],
          [1, 3],
        ],
        [6, 7],
      ).map(value => +value.toFixed(12)),
    ).toEqual([1, 2]);
  });
  test('an unknown question names those there are', () => expect(() => questionOf('x')).toThrow(/no question x: lab,/));
});

describe.each(questions.map(question => [question.name, question] as const))('%s', (_, question) => {
  test('pages and pictures are made from what was recorded', async () => {
    const { parts, pictures } = await shownOf(question);
    expect(parts.length).toBeGreaterThan(0);
    for (const { page, part, markdown } of parts) {
      const text = await readFile(fileOf(page), 'utf8');
      expect(placed(page, text, part, markdown)).toBe(text);
      expect(markdown).not.toMatch(/NaN|undefined/);
    }
    for (const [file, svg] of Object.entries(pictures)) {
      expect(svg).toBe(await readFile(fileOf(file), 'utf8'));
      expect(svg).not.toMatch(/NaN|undefined/);
    }
  });
});
