/**
 * Singular values in float64, from the eigenvalues of the smaller Gram matrix: Householder's tridiagonal form, then QL with implicit shifts (Golub &
 * Van Loan, "Matrix computations", §8.3). Values below 10⁻⁸ of the largest one are lost in rounding.
 */

/** Row-major, rows × columns; in descending order, min(rows, columns) of them. */
export function singularValues(values: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const eigenvalues = symmetricEigenvalues(gram(values, rows, columns));
  return eigenvalues.map(v => Math.sqrt(Math.max(0, v))).sort((a, b) => b - a);
}

/**
 * exp of the entropy of σ/Σσ: the number of singular values, counted by how large they are; between 1 and the rank. 0 for a matrix of zeros.
 * Roy & Vetterli, "The effective rank", EUSIPCO 2007.
 */
export function effectiveRank(sigma: ArrayLike<number>): number {
  const all = Array.from(sigma);
  const sum = all.reduce((a, b) => a + b, 0);
  if (sum === 0) return 0;
  return Math.exp(-all.filter(s => s > 0).reduce((h, s) => h + (s / sum) * Math.log(s / sum), 0));
}

/** A Aᵀ or Aᵀ A, whichever is smaller. */
function gram(values: ArrayLike<number>, rows: number, columns: number): Float64Array[] {
  const tall = rows > columns;
  const [n, m] = tall ? [columns, rows] : [rows, columns];
  const at = (i: number, k: number): number => values[tall ? k * columns + i : i * columns + k] as number;
  const lines = Array.from({ length: n }, (_, i) => Float64Array.from({ length: m }, (_, k) => at(i, k)));
  const g = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i++) {
    const a = lines[i] as Float64Array;
    for (let j = 0; j <= i; j++) {
      const b = lines[j] as Float64Array;
      let sum = 0;
      for (let k = 0; k < m; k++) sum += (a[k] as number) * (b[k] as number);
      (g[i] as Float64Array)[j] = sum;
      (g[j] as Float64Array)[i] = sum;
    }
  }
  return g;
}

/** Of a symmetric matrix, which is overwritten; in no order. */
export function symmetricEigenvalues(a: Float64Array[]): Float64Array {
  const { diagonal, beside } = tridiagonal(a);
  return implicitQL(diagonal, beside);
}

/** Qᵀ A Q by reflections: the diagonal, and beside[i] between i and i + 1. */
function tridiagonal(a: Float64Array[]): { diagonal: Float64Array; beside: Float64Array } {
  const n = a.length;
  const beside = new Float64Array(n);
  // below rounding of the largest eigenvalue; keeps squares of tiny numbers from underflowing into a division by 0
  const negligible = Number.EPSILON * a.reduce((sum, row, i) => sum + Math.abs(row[i] as number), 0);
  for (let k = 0; k < n - 2; k++) {
    // v reflects the column below the diagonal onto its first element
    const v = Float64Array.from({ length: n }, (_, i) => (i > k ? ((a[i] as Float64Array)[k] as number) : 0));
    const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
    const alpha = (v[k + 1] as number) > 0 ? -norm : norm;
    beside[k] = alpha;
    if (norm <= negligible) continue;
    v[k + 1] = (v[k + 1] as number) - alpha;
    const square = v.reduce((sum, x) => sum + x * x, 0);
    // A ← A − v wᵀ − w vᵀ with p = 2 A v/|v|², w = p − (vᵀp/|v|²) v
    const w = new Float64Array(n);
    let vp = 0;
    for (let i = k + 1; i < n; i++) {
      const row = a[i] as Float64Array;
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += (row[j] as number) * (v[j] as number);
      w[i] = (2 * sum) / square;
      vp += (v[i] as number) * (w[i] as number);
    }
    for (let i = k + 1; i < n; i++) w[i] = (w[i] as number) - (vp / square) * (v[i] as number);
    for (let i = k + 1; i < n; i++) {
      const row = a[i] as Float64Array;
      const [vi, wi] = [v[i] as number, w[i] as number];
      for (let j = k + 1; j < n; j++) row[j] = (row[j] as number) - vi * (w[j] as number) - wi * (v[j] as number);
    }
  }
  if (n > 1) beside[n - 2] = (a[n - 1] as Float64Array)[n - 2] as number;
  return { diagonal: Float64Array.from({ length: n }, (_, i) => (a[i] as Float64Array)[i] as number), beside };
}

/** Eigenvalues of a symmetric tridiagonal matrix; both arrays are overwritten. */
function implicitQL(d: Float64Array, e: Float64Array): Float64Array {
  const n = d.length;
  const at = (array: Float64Array, i: number): number => array[i] as number;
  for (let low = 0; low < n; low++) {
    for (let sweep = 0; sweep < 60; sweep++) {
      let high = low;
      while (high < n - 1) {
        const scale = Math.abs(at(d, high)) + Math.abs(at(d, high + 1));
        if (Math.abs(at(e, high)) <= Number.EPSILON * scale) break;
        high++;
      }
      if (high === low) break;
      // Wilkinson's shift
      let g = (at(d, low + 1) - at(d, low)) / (2 * at(e, low));
      g = at(d, high) - at(d, low) + at(e, low) / (g + (g < 0 ? -1 : 1) * Math.hypot(g, 1));
      let [sine, cosine, p] = [1, 1, 0];
      let i = high - 1;
      for (; i >= low; i--) {
        const f = sine * at(e, i);
        const b = cosine * at(e, i);
        const r = Math.sqrt(f * f + g * g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] = at(d, i + 1) - p;
          e[high] = 0;
          break;
        }
        sine = f / r;
        cosine = g / r;
        g = at(d, i + 1) - p;
        const t = (at(d, i) - g) * sine + 2 * cosine * b;
        p = sine * t;
        d[i + 1] = g + p;
        g = cosine * t - b;
      }
      if (i >= low) continue;
      d[low] = at(d, low) - p;
      e[low] = g;
      e[high] = 0;
    }
  }
  return d;
}
