import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coincide, costColumns, costFigure } from '../src/scenes/digits/figures.ts';
import type { Epoch, Point } from '../src/scenes/digits/reports.ts';
import { bandsOf, type Figure, heightRange, readout, spread } from '../src/stage/figure.ts';

test('labels moved apart keep their distance, their order and the frame', () => {
  const heights = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(heights, given => {
      const placed = spread(given, 14, 0, 200);
      const order = given.map((_, i) => i).sort((a, b) => given[a]! - given[b]!);
      const sorted = order.map(i => placed[i]!);
      for (const [i, height] of sorted.entries()) {
        expect(height).toBeGreaterThanOrEqual(-1e-9);
        expect(height).toBeLessThanOrEqual(200 + 1e-9);
        if (i > 0) expect(height - sorted[i - 1]!).toBeGreaterThanOrEqual(14 - 1e-9);
      }
    }),
  );
});

test('labels that are far apart stay where they are', () => {
  expect(spread([100, 20, 60], 14, 0, 200)).toEqual([100, 20, 60]);
});

const point = (gap: number): Point => ({
  trainLoss: 1,
  validationLoss: 1 + gap,
  trainPenalty: 0,
  validationPenalty: 0,
  trainCost: 1,
  validationCost: 1 + gap,
  trainError: 0,
  validationError: 0.1,
  gap,
  squaredNorm: 300,
  spreadHidden1: 0.4,
  spreadHidden2: 0.4,
  spreadOutput: 0.4,
});

const none = { costs: { plain: [], regularized: [] }, gain: { value: 0, lower: -0.01, upper: 0.01 }, devDigits: 2000 };

test('twins coincide only where every number of every epoch is the same', () => {
  const same: Epoch = { epoch: 1, plain: point(0.25), regularized: point(0.25), ...none };
  const other: Epoch = { epoch: 2, plain: point(0.25), regularized: point(0.25 + 2 ** -20), ...none };
  expect(coincide([same])).toBe(true);
  expect(coincide([same, other])).toBe(false);
});

test('J of so many iterations that they take long to draw is drawn of every second, fourth, and so on, from the first', () => {
  const epoch = (steps: number): Epoch => {
    const costs = Array.from({ length: steps }, (_, i) => i + 1);
    return { epoch: 1, plain: point(0), regularized: point(0), ...none, costs: { plain: costs, regularized: costs } };
  };
  const positions = (steps: number): readonly number[] => costColumns([epoch(steps)], costFigure)[0] ?? [];
  expect(positions(1200)).toHaveLength(1200);
  for (const steps of [2001, 20_000]) {
    const [, regularized] = costColumns([epoch(steps)], costFigure);
    expect(positions(steps)).toEqual(regularized);
    expect(positions(steps).length).toBeLessThanOrEqual(2000);
    expect(positions(steps).length).toBeGreaterThan(1000);
    expect(positions(steps)[0]).toBe(1);
  }
});

describe('the height of a chart', () => {
  const of = (values: number[], floating = false) => heightRange([values.map((_, i) => i), values], floating);

  test('holds all that comes after the steep start, and says how far the start goes beyond', () => {
    const steep = [50, ...Array.from({ length: 23 }, () => 2)];
    expect(of(steep).above).toBe(50);
    expect(of(steep).range[1]).toBeLessThan(3);
    const gentle = [2.1, ...Array.from({ length: 23 }, () => 2)];
    expect(of(gentle).above).toBeUndefined();
    expect(of(gentle).range[1]).toBeGreaterThanOrEqual(2.1);
    expect(of([-1, 1]).range[0]).toBe(-1);
  });

  test('that floats holds every value, and need not begin at 0', () => {
    const { range } = of([5, 6, 5.5], true);
    expect(range[0]).toBeGreaterThan(4);
    expect(range[0]).toBeLessThan(5);
    expect(range[1]).toBeGreaterThan(6);
  });

  test('copes with no values, and with none that is finite', () => {
    for (const floating of [false, true])
      for (const values of [[], [Number.NaN, Number.POSITIVE_INFINITY]])
        expect(of(values, floating).range.every(Number.isFinite)).toBe(true);
  });
});

describe('a band', () => {
  const line = { colour: 'plain', dash: [], width: 1 } as const;
  const figure: Figure = {
    ...{ title: '', caption: '', x: 'epoch', axis: { factor: 1, suffix: '' } },
    lines: [
      { ...line, label: 'bare' },
      { ...line, label: 'banded', band: 'half of them' },
      { ...line, label: 'also', band: 'half of them' },
    ],
    show: String,
  };

  test('has its edges behind all lines, in pairs', () => {
    expect(bandsOf(figure.lines)).toEqual([
      { line: 1, lower: 3, upper: 4 },
      { line: 2, lower: 5, upper: 6 },
    ]);
  });

  test('is read with its line; a line without a value there is not', () => {
    const columns = [[7], [1], [3], [Number.NaN], [2], [5], [0], [0]];
    expect(readout(figure, columns, 0)).toBe('epoch 7: bare 1 · banded 3 (2 to 5)');
    expect(readout(figure, columns, 1)).toBe('No epoch yet.');
  });
});
