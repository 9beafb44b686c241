/** The closed forms in float64, against minimizers and against the expectation over all masks. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { adaptiveLambda, expectationOverMasks } from '../../src/index.ts';
import { dot, times } from '../support/exact.ts';

const X = [
  [1, 2],
  [3, 4],
  [5, 6],
];

test.each([
  [0.5, [0.2086720867, 0.1680216802]],
  [0.7, [0.2558139535, 0.2093023256]],
  [0.9, [0.2829726419, 0.2498979175]],
  [1, [0, 0.5]],
])('λ at keepProb %d gives the minimizer (XᵀX + n diag λ)⁻¹ Xᵀy', (keepProb, minimizer) => {
  const lambda = adaptiveLambda(X, () => 2, keepProb);
  const [a, b, d] = [35 + 3 * lambda[0]!, 44, 56 + 3 * lambda[1]!];
  const [r, s] = [22, 28];
  const det = a * d - b * b;
  expect((d * r - b * s) / det).toBeCloseTo(minimizer[0]!, 10);
  expect((a * s - b * r) / det).toBeCloseTo(minimizer[1]!, 10);
});

test('law: the closed form is the expectation over all masks', () => {
  const numbers = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(
      numbers,
      numbers,
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: 0.1, max: 1, noNaN: true }),
      (x, w, y, p) => {
        const lambda = adaptiveLambda([x], () => 2, p);
        const exact = expectationOverMasks(4, p, m => (y - dot(times(x, m), w)) ** 2) - (y - dot(x, w)) ** 2;
        expect(dot(lambda, times(w, w))).toBeCloseTo(exact, 9);
      },
    ),
  );
});
