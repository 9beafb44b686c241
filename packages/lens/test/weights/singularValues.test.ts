import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { effectiveRank, singularValues } from '../../src/weights/singularValues.ts';

describe('singular values', () => {
  const matrix = fc
    .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
    .chain(([rows, columns]) =>
      fc.tuple(
        fc.constant([rows, columns] as const),
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns }),
      ),
    );

  test('law: Σ σ² = ‖A‖², Σ σ⁴ = ‖AᵀA‖², the same for the transpose', () => {
    fc.assert(
      fc.property(matrix, ([[rows, columns], a]) => {
        const sigma = singularValues(a, rows, columns);
        const at = (i: number, j: number): number => a[i * columns + j]!;
        const norm = a.reduce((s, v) => s + v * v, 0);
        let fourth = 0;
        for (let j = 0; j < columns; j++) {
          for (let k = 0; k < columns; k++) {
            let g = 0;
            for (let i = 0; i < rows; i++) g += at(i, j) * at(i, k);
            fourth += g * g;
          }
        }
        expect(sigma).toHaveLength(Math.min(rows, columns));
        expect(Math.abs(sigma.reduce((s, v) => s + v ** 2, 0) - norm)).toBeLessThan(1e-10 * (1 + norm));
        expect(Math.abs(sigma.reduce((s, v) => s + v ** 4, 0) - fourth)).toBeLessThan(1e-10 * (1 + fourth));
        const transposed = Array.from({ length: rows * columns }, (_, i) => at(i % rows, Math.floor(i / rows)));
        const other = singularValues(transposed, columns, rows);
        for (const [i, s] of sigma.entries()) expect(Math.abs(s - other[i]!)).toBeLessThan(1e-6 * (1 + sigma[0]!));
      }),
    );
  });

  test('numbers whose squares underflow are 0, not NaN', () => {
    const a = new Float64Array(35);
    a.set([3e-163, -5], 31);
    expect([...singularValues(a, 7, 5)]).toEqual([expect.closeTo(5, 12), 0, 0, 0, 0]);
  });

  test('of U diag(σ) Vᵀ with rotations U, V they are σ; numpy.linalg.svd of [[1,2,3],[4,5,6]]', () => {
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
    const [d, t] = [Math.cos(1.9), Math.sin(1.9)];
    const a = [c * 5 * d + -s * 2 * -t, c * 5 * t + -s * 2 * d, s * 5 * d + c * 2 * -t, s * 5 * t + c * 2 * d];
    expect([...singularValues(a, 2, 2)]).toEqual([expect.closeTo(5, 12), expect.closeTo(2, 12)]);
    expect([...singularValues([1, 2, 3, 4, 5, 6], 2, 3)]).toEqual([
      expect.closeTo(9.508032, 6),
      expect.closeTo(0.77286964, 8),
    ]);
  });

  test('effective rank: n for n equal values, 1 for a rank of 1, 0 for zeros, in between by entropy', () => {
    expect(effectiveRank([2, 2, 2])).toBeCloseTo(3, 12);
    expect(effectiveRank([4, 0, 0])).toBeCloseTo(1, 12);
    expect(effectiveRank([0, 0])).toBe(0);
    expect(effectiveRank([3, 1])).toBeCloseTo(4 / 3 ** 0.75, 12); // exp H(¾, ¼)
  });
});
