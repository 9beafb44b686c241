/** Sums. Long ones are added up in parts of 256, so that the error grows with n / 256 and not with n. */
import { lanes } from './simd';

const PART: i32 = 256;

/** y[j] = Σ_i x[i, j] · factor for x [rows, columns]. */
export function sumColumns(x: usize, rows: i32, columns: i32, y: usize, factor: f32): void {
  const row: usize = columns << 2;
  let j = 0;
  for (; j + 16 <= columns; j += 16) {
    let t0 = f32x4.splat(0), t1 = t0, t2 = t0, t3 = t0;
    let from = x + (j << 2);
    for (let left = rows; left > 0; left -= PART) {
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
      for (let i = min(left, PART); i > 0; i--) {
        s0 = f32x4.add(s0, v128.load(from));
        s1 = f32x4.add(s1, v128.load(from, 16));
        s2 = f32x4.add(s2, v128.load(from, 32));
        s3 = f32x4.add(s3, v128.load(from, 48));
        from += row;
      }
      t0 = f32x4.add(t0, s0);
      t1 = f32x4.add(t1, s1);
      t2 = f32x4.add(t2, s2);
      t3 = f32x4.add(t3, s3);
    }
    const to = y + (j << 2);
    const f = f32x4.splat(factor);
    v128.store(to, f32x4.mul(t0, f));
    v128.store(to, f32x4.mul(t1, f), 16);
    v128.store(to, f32x4.mul(t2, f), 32);
    v128.store(to, f32x4.mul(t3, f), 48);
  }
  for (; j + 4 <= columns; j += 4) {
    let t = f32x4.splat(0);
    let from = x + (j << 2);
    for (let left = rows; left > 0; left -= PART) {
      let s = f32x4.splat(0);
      for (let i = min(left, PART); i > 0; i--) {
        s = f32x4.add(s, v128.load(from));
        from += row;
      }
      t = f32x4.add(t, s);
    }
    v128.store(y + (j << 2), f32x4.mul(t, f32x4.splat(factor)));
  }
  for (; j < columns; j++) {
    let t: f32 = 0;
    let from = x + (j << 2);
    for (let left = rows; left > 0; left -= PART) {
      let s: f32 = 0;
      for (let i = min(left, PART); i > 0; i--) {
        s += load<f32>(from);
        from += row;
      }
      t += s;
    }
    store<f32>(y + (j << 2), t * factor);
  }
}

/** Σ x of n floats. */
function sumOf(x: usize, n: i32): f32 {
  let total: f32 = 0;
  while (n >= 16) {
    const part = min(n, 16 * PART) & ~15;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (const end = x + (part << 2); x < end; x += 64) {
      const v0 = v128.load(x);
      const v1 = v128.load(x, 16);
      const v2 = v128.load(x, 32);
      const v3 = v128.load(x, 48);
      s0 = f32x4.add(s0, v0);
      s1 = f32x4.add(s1, v1);
      s2 = f32x4.add(s2, v2);
      s3 = f32x4.add(s3, v3);
    }
    total += lanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
    n -= part;
  }
  for (; n > 0; n--, x += 4) total += load<f32>(x);
  return total;
}

/** y[i] = Σ_j x[i, j] · factor for x [rows, columns]. */
export function sumEachRow(x: usize, rows: i32, columns: i32, y: usize, factor: f32): void {
  for (let i = 0; i < rows; i++) store<f32>(y + (i << 2), sumOf(x + i * (columns << 2), columns) * factor);
}

/** y[segment[i], j] += x[i, j]; rows whose segment is outside [0, segments) are left out. */
export function segmentSum(x: usize, segment: usize, rows: i32, columns: i32, segments: i32, y: usize): void {
  const bytes: usize = columns << 2;
  memory.fill(y, 0, segments * bytes);
  for (let i = 0; i < rows; i++) {
    const s = load<i32>(segment + (i << 2));
    if (<u32>s >= <u32>segments) continue;
    const from = x + i * bytes;
    const to = y + s * bytes;
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) v128.store(to + j, f32x4.add(v128.load(to + j), v128.load(from + j)));
    for (; j < bytes; j += 4) store<f32>(to + j, load<f32>(to + j) + load<f32>(from + j));
  }
}
