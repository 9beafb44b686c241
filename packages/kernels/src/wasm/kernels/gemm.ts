/** One matrix product as one job, which threads share. */
import { type Bound, kind } from '../backend/module.ts';

/** A matrix in memory. */
interface Matrix {
  readonly at: number;
  /** Floats from row to row. */
  readonly row: number;
}
interface Factor extends Matrix {
  readonly transpose?: boolean;
}

/** c [m, n] = op(a) · op(b), or c += op(a) · op(b) with `accumulate`. Sums are formed in the same order for all m and n. */
export function gemm(
  bound: Bound,
  { m, n, k }: { readonly m: number; readonly n: number; readonly k: number },
  a: Factor,
  b: Factor,
  c: Matrix,
  accumulate = false,
): void {
  const ofFactor = ({ at, row, transpose = false }: Factor) => [at, 4 * row, transpose] as const;
  const words = [m, n, k, ...ofFactor(a), ...ofFactor(b), c.at, 4 * c.row, accumulate];
  bound.do({ kind: kind.gemm, words, flops: 2 * m * n * k, resultBytes: 4 * m * n });
}
