/** Sums and products over lists of numbers. Two lists that are combined have the same length. */

/** A list of numbers, or a typed array. */
export interface Numbers extends Iterable<number> {
  /** Number of values. */
  readonly length: number;
}

/** Σ v. */
export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** f of the first two values, of the second two, …, up to the end of the shorter list. */
export function zip<A, B, R>(a: Iterable<A>, b: Iterable<B>, f: (a: A, b: B, index: number) => R): R[] {
  const others = b[Symbol.iterator]();
  const results: R[] = [];
  for (const value of a) {
    const other = others.next();
    if (other.done) break;
    results.push(f(value, other.value, results.length));
  }
  return results;
}

/** Σ a_i b_i. */
export function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] ?? 0) * (b[i] ?? 0);
  return total;
}

/** a ← a + factor b; returns a. */
export function addScaled(a: Float64Array, b: ArrayLike<number>, factor = 1): Float64Array {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] ?? 0) + factor * (b[i] ?? 0);
  return a;
}

/** The mean of each column of rows of equal length. */
export function columnMeans(rows: readonly ArrayLike<number>[]): Float64Array {
  const sums = new Float64Array(rows[0]?.length ?? 0);
  for (const row of rows) addScaled(sums, row, 1 / rows.length);
  return sums;
}

/** Sums of the values whose index is 0, 1, … modulo `groups`. */
export function sumsModulo(values: Float64Array, groups: number): Float64Array {
  const sums = new Float64Array(groups);
  for (let first = 0; first < values.length; first += groups) addScaled(sums, values.subarray(first, first + groups));
  return sums;
}
