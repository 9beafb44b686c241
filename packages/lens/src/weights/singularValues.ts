/**
 * Singular values in float64, from the eigenvalues of the smaller Gram matrix: Householder's tridiagonal form (Golub & Van Loan, "Matrix computations",
 * §8.3), then bisection by Sturm counts (§8.4). Values below 10⁻⁸ of the largest one are lost in rounding; most of them become 0.
 */
import { addScaled, dot, sum } from '../statistics/vectors.ts';

/** The min(rows, columns) singular values of a row-major rows × columns matrix, in descending order. */
export function singularValues(values: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const eigenvalues = symmetricEigenvalues(gram(values, rows, columns));
  return eigenvalues.map(v => Math.sqrt(Math.max(0, v))).sort((a, b) => b - a);
}

/**
 * exp of the entropy of σ/Σσ: the number of singular values, weighted by their size; between 1 and the rank. 0 for a matrix of zeros.
 * Roy & Vetterli, "The effective rank", EUSIPCO 2007.
 */
export function effectiveRank(sigma: ArrayLike<number>): number {
  const all = Array.from(sigma);
  const total = sum(all);
  if (total === 0) return 0;
  return Math.exp(-sum(all.filter(s => s > 0).map(s => (s / total) * Math.log(s / total))));
}

/** A Aᵀ or Aᵀ A, whichever is smaller. */
function gram(values: ArrayLike<number>, rows: number, columns: number): Float64Array[] {
  const all = Float64Array.from(values);
  const tall = rows > columns;
  const lines = tall
    ? Array.from({ length: columns }, (_, k) =>
        Float64Array.from({ length: rows }, (_, i) => all[i * columns + k] ?? 0),
      )
    : Array.from({ length: rows }, (_, i) => all.subarray(i * columns, (i + 1) * columns));
  const lower = lines.map((a, i) => lines.slice(0, i + 1).map(b => dot(a, b)));
  return lower.map((row, i) => Float64Array.from(lower, (other, j) => (j <= i ? row[j] : other[i]) ?? 0));
}

/** Eigenvalues of a symmetric matrix, in ascending order; its rows are overwritten. */
export const symmetricEigenvalues = (rows: readonly Float64Array[]): Float64Array =>
  tridiagonalEigenvalues(tridiagonal(rows));

/** An element of the diagonal, and the square of its left neighbor, 0 for the first. */
interface Pivot {
  readonly diagonal: number;
  readonly besideSquared: number;
}

/** Qᵀ A Q by reflections, each of which removes one row and column from the matrix. */
function tridiagonal(rows: readonly Float64Array[]): Pivot[] {
  // below rounding of the largest eigenvalue; keeps squares of tiny numbers from underflowing into a division by 0
  const negligible = Number.EPSILON * sum(rows.map((row, i) => Math.abs(row[i] ?? 0)));
  const pivots: Pivot[] = [];
  let besideSquared = 0;
  let [first, ...rest] = rows;
  while (first) {
    const [diagonal = 0] = first;
    pivots.push({ diagonal, besideSquared });
    // v reflects the column below the diagonal onto its first element
    const v = first.slice(1);
    const block = rest.map(row => row.subarray(1));
    besideSquared = dot(v, v);
    if (Math.sqrt(besideSquared) > negligible && v.length > 1) {
      const [head = 0] = v;
      v[0] = head + (head > 0 ? 1 : -1) * Math.sqrt(besideSquared);
      reflect(block, v);
    }
    [first, ...rest] = block;
  }
  return pivots;
}

/** A ← H A H with H = I − 2 v vᵀ / |v|², as A − v wᵀ − w vᵀ with p = 2 A v / |v|², w = p − (vᵀp / |v|²) v. */
function reflect(rows: readonly Float64Array[], v: Float64Array): void {
  const square = dot(v, v);
  const w = Float64Array.from(rows, row => (2 * dot(row, v)) / square);
  addScaled(w, v, -dot(v, w) / square);
  for (const [i, row] of rows.entries()) {
    const [vi, wi] = [v[i] ?? 0, w[i] ?? 0];
    for (let j = 0; j < row.length; j++) row[j] = (row[j] ?? 0) - vi * (w[j] ?? 0) - wi * (v[j] ?? 0);
  }
}

/** Halves the interval that contains all eigenvalues (Gershgorin) until each part contains none, or is as small as rounding. */
function tridiagonalEigenvalues(pivots: readonly Pivot[]): Float64Array {
  const beside = pivots.map(({ besideSquared }) => Math.sqrt(besideSquared));
  const reach = pivots.map(({ diagonal }, i) => Math.abs(diagonal) + (beside[i] ?? 0) + (beside[i + 1] ?? 0));
  const bound = Math.max(...reach, Number.MIN_VALUE);
  const smallest = Math.max(Number.EPSILON * bound, Number.MIN_VALUE);
  const found: number[] = [];
  const search = (low: number, below: number, high: number, upTo: number): void => {
    if (below === upTo) return;
    const middle = (low + high) / 2;
    if (high - low <= smallest || middle === low || middle === high) {
      found.push(...Array.from({ length: upTo - below }, () => (Math.abs(middle) < smallest ? 0 : middle)));
      return;
    }
    const count = countBelow(pivots, middle, smallest);
    search(low, below, middle, count);
    search(middle, count, high, upTo);
  };
  search(-bound, 0, bound, pivots.length);
  return Float64Array.from(found);
}

/** Number of eigenvalues below x: the number of negative pivots in the elimination of T − x I (Sylvester). */
function countBelow(pivots: readonly Pivot[], x: number, smallest: number): number {
  let count = 0;
  let pivot = 1;
  for (const { diagonal, besideSquared } of pivots) {
    pivot = diagonal - x - besideSquared / pivot;
    if (Math.abs(pivot) < smallest * Number.EPSILON) pivot = -smallest * Number.EPSILON;
    if (pivot < 0) count++;
  }
  return count;
}
