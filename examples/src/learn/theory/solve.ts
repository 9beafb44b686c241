/** x with A x = b, for a small symmetric positive definite A: Gaussian elimination, which needs no pivots there. */
export function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const [pivots = [], ...rest] = matrix;
  const [first = Number.NaN, ...others] = right;
  const [pivot = Number.NaN, ...tail] = pivots;
  if (rest.length === 0) return [first / pivot];
  const below = solve(
    rest.map(([lead = Number.NaN, ...row]) => row.map((value, j) => value - (lead / pivot) * (tail[j] ?? Number.NaN))),
    others.map((value, i) => value - ((rest[i]?.[0] ?? Number.NaN) / pivot) * first),
  );
  return [(first - tail.reduce((sum, value, j) => sum + value * (below[j] ?? Number.NaN), 0)) / pivot, ...below];
}
