/**
 * C = op(A) · op(B), blocked for the caches (Goto & van de Geijn 2008): a panel of B stays in L1 while the tiles of a block of A, which
 * stays in L2, pass over it. Sums over k run in blocks of at most 400, in order, whatever part of C is computed: results do not depend
 * on how C is split.
 */
import { packColumns, packB, packRows, packTransposedB, panelWidth } from './pack';
import { MR, tile } from './tile';

/** Rows of a block of A, a multiple of MR. */
export const MC: i32 = 22 * MR;
/** Columns of a block of B. */
export const NC: i32 = 512;
const LONGEST: i32 = 400;

/** Length of a block of k: equal parts of at most 400. */
// @ts-ignore: decorator
@inline
export function blockLength(k: i32): i32 {
  const parts = (k + LONGEST - 1) / LONGEST;
  return (k + parts - 1) / parts;
}

/** Bytes of working memory: a block of A, a block of B, a spare tile. */
export function scratchBytes(): i32 {
  return (MC * LONGEST + (NC + 8) * LONGEST + 64) << 2;
}
// @ts-ignore: decorator
@inline
export function blockA(scratch: usize): usize {
  return scratch + 256;
}
// @ts-ignore: decorator
@inline
export function blockB(scratch: usize): usize {
  return scratch + 256 + ((MC * LONGEST) << 2);
}

/** Tiles of a packed block of A (m rows) times a packed block b of B (n columns) into C. */
export function multiplyBlocks(
  m: i32, n: i32, kc: i32, b: usize, c: usize, cRow: usize, accumulate: bool, scratch: usize,
): void {
  for (let j = 0; j < n; j += 8) {
    const cols = min(8, n - j);
    const wide = panelWidth(cols);
    let a = blockA(scratch);
    for (let i = 0; i < m; i += MR) {
      const rows = min(MR, m - i);
      tile(rows, cols, wide, a, rows << 2, b, wide << 2, c + i * cRow + (j << 2), cRow, kc, accumulate, scratch);
      a += (rows * kc) << 2;
    }
    b += (wide * kc) << 2;
  }
}

/**
 * C[m, n] = op(A) · op(B), or C += where `accumulate`.
 * @param aRow bytes between rows of A as it lies in memory ([m, k], or [k, m] where transposed); likewise bRow, cRow
 * @param scratch `scratchBytes()` of working memory
 */
export function gemm(
  m: i32, n: i32, k: i32, a: usize, aRow: usize, transposeA: bool, b: usize, bRow: usize, transposeB: bool, c: usize,
  cRow: usize, accumulate: bool, scratch: usize,
): void {
  const block = blockLength(k);
  for (let jc = 0; jc < n; jc += NC) {
    const nc = min(NC, n - jc);
    for (let pc = 0; pc < k; pc += block) {
      const kc = min(block, k - pc);
      if (transposeB) packTransposedB(b + jc * bRow + (pc << 2), bRow, nc, kc, blockB(scratch));
      else packB(b + pc * bRow + (jc << 2), bRow, nc, kc, blockB(scratch));
      for (let ic = 0; ic < m; ic += MC) {
        const mc = min(MC, m - ic);
        if (transposeA) packColumns(a + pc * aRow + (ic << 2), aRow, mc, kc, blockA(scratch));
        else packRows(a + ic * aRow + (pc << 2), aRow, mc, kc, blockA(scratch));
        multiplyBlocks(mc, nc, kc, blockB(scratch), c + ic * cRow + (jc << 2), cRow, accumulate || pc > 0, scratch);
      }
    }
  }
}

/** Floats of a B that is packed once and for all: panels of 8 columns. */
// @ts-ignore: decorator
@inline
export function packedSize(n: i32, k: i32): i32 {
  return ((n + 7) & ~7) * k;
}

/** All blocks of op(B), in the order in which `multiplyPacked` takes them. */
export function packAll(n: i32, k: i32, b: usize, bRow: usize, transposeB: bool, to: usize): void {
  const block = blockLength(k);
  for (let jc = 0; jc < n; jc += NC) {
    const nc = min(NC, n - jc);
    for (let pc = 0; pc < k; pc += block) {
      const kc = min(block, k - pc);
      if (transposeB) packTransposedB(b + jc * bRow + (pc << 2), bRow, nc, kc, to);
      else packB(b + pc * bRow + (jc << 2), bRow, nc, kc, to);
      to += packedSize(nc, kc) << 2;
    }
  }
}

/** C[m, n] = A · B, or C += where `accumulate`, of a B that `packAll` has packed: the numbers of `gemm`. */
export function multiplyPacked(
  m: i32, n: i32, k: i32, a: usize, aRow: usize, b: usize, c: usize, cRow: usize, accumulate: bool, scratch: usize,
): void {
  const block = blockLength(k);
  for (let jc = 0; jc < n; jc += NC) {
    const nc = min(NC, n - jc);
    for (let pc = 0; pc < k; pc += block) {
      const kc = min(block, k - pc);
      for (let ic = 0; ic < m; ic += MC) {
        const mc = min(MC, m - ic);
        packRows(a + ic * aRow + (pc << 2), aRow, mc, kc, blockA(scratch));
        multiplyBlocks(mc, nc, kc, b, c + ic * cRow + (jc << 2), cRow, accumulate || pc > 0, scratch);
      }
      b += packedSize(nc, kc) << 2;
    }
  }
}
