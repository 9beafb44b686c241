/** Products of two tensors, added up over all axes but the last. Long sums are added up in parts, as in `reduce.ts`. */
import { lanes, loadSome, madd, storeSome } from './simd';

const PART: i32 = 256;

/** Σ a b of n floats that lie side by side. */
function dot(a: usize, b: usize, n: i32): f32 {
  let total: f32 = 0;
  while (n > 0) {
    let s0 = f32x4.splat(0), s1 = s0;
    let left = min(n, 8 * PART);
    for (; left >= 8; left -= 8, a += 32, b += 32) {
      s0 = madd(v128.load(a), v128.load(b), s0);
      s1 = madd(v128.load(a, 16), v128.load(b, 16), s1);
    }
    for (; left > 0; left -= 4, a += 16, b += 16) s0 = madd(loadSome(a, left), loadSome(b, left), s0);
    total += lanes(f32x4.add(s0, s1));
    n -= 8 * PART;
  }
  return total;
}

/** y[j] = Σ_i a[i, j] b[i, j] for a and b [rows, columns]. */
export function dotColumns(a: usize, b: usize, rows: i32, columns: i32, y: usize): void {
  if (columns == 1) {
    store<f32>(y, dot(a, b, rows));
    return;
  }
  const row: usize = columns << 2;
  let j = 0;
  for (; j + 16 <= columns; j += 16) {
    let t0 = f32x4.splat(0), t1 = t0, t2 = t0, t3 = t0;
    let u = a + (j << 2), v = b + (j << 2);
    for (let left = rows; left > 0; left -= PART) {
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (let i = min(left, PART); i > 0; i--, u += row, v += row) {
        s0 = madd(v128.load(u), v128.load(v), s0);
        s1 = madd(v128.load(u, 16), v128.load(v, 16), s1);
        s2 = madd(v128.load(u, 32), v128.load(v, 32), s2);
        s3 = madd(v128.load(u, 48), v128.load(v, 48), s3);
      }
      t0 = f32x4.add(t0, s0);
      t1 = f32x4.add(t1, s1);
      t2 = f32x4.add(t2, s2);
      t3 = f32x4.add(t3, s3);
    }
    const to = y + (j << 2);
    v128.store(to, t0);
    v128.store(to, t1, 16);
    v128.store(to, t2, 32);
    v128.store(to, t3, 48);
  }
  for (let n = columns - j; n > 0; n -= 4, j += 4) {
    let t = f32x4.splat(0);
    let u = a + (j << 2), v = b + (j << 2);
    for (let left = rows; left > 0; left -= PART) {
      let s = f32x4.splat(0);
      for (let i = min(left, PART); i > 0; i--, u += row, v += row) s = madd(loadSome(u, n), loadSome(v, n), s);
      t = f32x4.add(t, s);
    }
    storeSome(y + (j << 2), t, n);
  }
}
