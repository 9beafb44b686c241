/**
 * Panels: the order in which the micro-kernel reads. A panel of A holds, for each k, MR rows side by side; one of B, for each k, 8
 * columns (4 in the last, where that is enough), padded with zeros.
 */
import { MR } from './tile';

// @ts-ignore: decorator
@inline
function float(from: usize, to: usize): void {
  store<u32>(to, load<u32>(from));
}

/** Transposes 4 × 4 floats: rows `row` bytes apart to rows `step` bytes apart. */
// @ts-ignore: decorator
@inline
export function transpose4(from: usize, row: usize, to: usize, step: usize): void {
  const r0 = v128.load(from);
  const r1 = v128.load(from + row);
  const r2 = v128.load(from + 2 * row);
  const r3 = v128.load(from + 3 * row);
  const t0 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const t1 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const t2 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const t3 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(t0, t1, 0, 2));
  v128.store(to + step, i64x2.shuffle(t0, t1, 1, 3));
  v128.store(to + 2 * step, i64x2.shuffle(t2, t3, 0, 2));
  v128.store(to + 3 * step, i64x2.shuffle(t2, t3, 1, 3));
}

/** Rows [0, m) and k in [0, kc) of a matrix with rows `row` bytes apart: A as it is. The last panel holds what is left, m % MR rows. */
export function packRows(a: usize, row: usize, m: i32, kc: i32, to: usize): void {
  for (let i = 0; i < m; i += MR) {
    const rows = min(MR, m - i);
    const step: usize = rows << 2;
    const from = a + i * row;
    let r = 0;
    for (; r + 4 <= rows; r += 4) {
      const source = from + r * row;
      const target = to + (r << 2);
      let k = 0;
      for (; k + 4 <= kc; k += 4) transpose4(source + (k << 2), row, target + k * step, step);
      for (; k < kc; k++) {
        const at = target + k * step;
        for (let j = 0; j < 4; j++) float(source + j * row + (k << 2), at + (j << 2));
      }
    }
    for (; r < rows; r++) {
      let source = from + r * row;
      let target = to + (r << 2);
      for (let k = 0; k < kc; k++) {
        float(source, target);
        source += 4;
        target += step;
      }
    }
    to += kc * step;
  }
}

/** The same from the transposed matrix: k in rows, `row` bytes apart. */
export function packColumns(a: usize, row: usize, m: i32, kc: i32, to: usize): void {
  for (let i = 0; i < m; i += MR) {
    const rows = min(MR, m - i);
    let from = a + (i << 2);
    if (rows == MR) {
      for (let k = 0; k < kc; k++) {
        v128.store(to, v128.load(from));
        if (MR == 5) store<u32>(to, load<u32>(from, 16), 16);
        from += row;
        to += MR << 2;
      }
    } else {
      for (let k = 0; k < kc; k++) {
        for (let r = 0; r < rows; r++) float(from + (r << 2), to + (r << 2));
        from += row;
        to += rows << 2;
      }
    }
  }
}

/** Floats in a panel of B of which `n` columns are left. */
// @ts-ignore: decorator
@inline
export function panelWidth(n: i32): i32 {
  return n > 4 ? 8 : 4;
}

/** Columns [0, n) and k in [0, kc) of B as it is: k in rows, `row` bytes apart. */
export function packB(b: usize, row: usize, n: i32, kc: i32, to: usize): void {
  for (let j = 0; j < n; j += 8) {
    let from = b + (j << 2);
    const cols = n - j;
    if (cols >= 8) {
      for (let k = 0; k < kc; k++) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
        from += row;
        to += 32;
      }
    } else {
      const wide = panelWidth(cols);
      for (let k = 0; k < kc; k++) {
        for (let c = 0; c < wide; c++) store<f32>(to + (c << 2), c < cols ? load<f32>(from + (c << 2)) : 0);
        from += row;
        to += wide << 2;
      }
    }
  }
}

/** The same from the transposed B: columns in rows, `row` bytes apart. */
export function packTransposedB(b: usize, row: usize, n: i32, kc: i32, to: usize): void {
  for (let j = 0; j < n; j += 8) {
    const from = b + j * row;
    const cols = n - j;
    const wide = panelWidth(cols);
    const step: usize = wide << 2;
    for (let c = 0; c < wide; c += 4) {
      const source = from + c * row;
      const target = to + (c << 2);
      let k = 0;
      if (c + 4 <= cols) for (; k + 4 <= kc; k += 4) transpose4(source + (k << 2), row, target + k * step, step);
      for (; k < kc; k++) {
        for (let q = 0; q < 4; q++) {
          store<f32>(target + k * step + (q << 2), c + q < cols ? load<f32>(source + q * row + (k << 2)) : 0);
        }
      }
    }
    to += kc * step;
  }
}
