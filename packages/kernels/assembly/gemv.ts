/** Matrix times vector, both ways round. */
import { lanes, madd } from './simd';

/** y[i] = Σ_k M[i, k] x[k] for rows of M that lie `row` bytes apart. */
export function dotRows(rows: i32, k: i32, matrix: usize, row: usize, x: usize, y: usize): void {
  for (let i = 0; i < rows; i++) {
    let from = matrix + i * row;
    let with_ = x;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    let p = 0;
    for (; p + 16 <= k; p += 16) {
      s0 = madd(v128.load(from), v128.load(with_), s0);
      s1 = madd(v128.load(from, 16), v128.load(with_, 16), s1);
      s2 = madd(v128.load(from, 32), v128.load(with_, 32), s2);
      s3 = madd(v128.load(from, 48), v128.load(with_, 48), s3);
      from += 64;
      with_ += 64;
    }
    let sum = lanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
    for (; p < k; p++) {
      sum += load<f32>(from) * load<f32>(with_);
      from += 4;
      with_ += 4;
    }
    store<f32>(y + (i << 2), sum);
  }
}

/** Columns at a time: eight rows of B stay in L1. */
const COLUMNS: usize = 1024;

/**
 * C [m, n] += A · B where A has few rows, or one: nothing is packed; eight rows of B at a time, in L1, are added to each row of C.
 * @param a element (i, p) is at a + i · aRow + p · aStep
 */
export function fewRows(
  m: i32, n: i32, k: i32, a: usize, aRow: usize, aStep: usize, b: usize, bRow: usize, c: usize, cRow: usize,
): void {
  for (let left: usize = 0; left < <usize>n; left += COLUMNS) {
    const columns = min(<usize>n - left, COLUMNS);
    const vectors = (columns & ~3) << 2;
    const bytes = columns << 2;
    let p = 0;
    for (; p + 8 <= k; p += 8) {
      const b0 = b + p * bRow + (left << 2), b1 = b0 + bRow, b2 = b1 + bRow, b3 = b2 + bRow;
      const b4 = b3 + bRow, b5 = b4 + bRow, b6 = b5 + bRow, b7 = b6 + bRow;
      for (let i = 0; i < m; i++) {
        let x = a + i * aRow + p * aStep;
        const x0 = v128.load32_splat(x);
        const x1 = v128.load32_splat((x += aStep));
        const x2 = v128.load32_splat((x += aStep));
        const x3 = v128.load32_splat((x += aStep));
        const x4 = v128.load32_splat((x += aStep));
        const x5 = v128.load32_splat((x += aStep));
        const x6 = v128.load32_splat((x += aStep));
        const x7 = v128.load32_splat((x += aStep));
        const y = c + i * cRow + (left << 2);
        let j: usize = 0;
        for (; j < vectors; j += 16) {
          let s = madd(x0, v128.load(b0 + j), v128.load(y + j));
          let t = f32x4.mul(x1, v128.load(b1 + j));
          s = madd(x2, v128.load(b2 + j), s);
          t = madd(x3, v128.load(b3 + j), t);
          s = madd(x4, v128.load(b4 + j), s);
          t = madd(x5, v128.load(b5 + j), t);
          s = madd(x6, v128.load(b6 + j), s);
          t = madd(x7, v128.load(b7 + j), t);
          v128.store(y + j, f32x4.add(s, t));
        }
        for (; j < bytes; j += 4) {
          let s = load<f32>(y + j) + f32x4.extract_lane(x0, 0) * load<f32>(b0 + j);
          let t = f32x4.extract_lane(x1, 0) * load<f32>(b1 + j);
          s += f32x4.extract_lane(x2, 0) * load<f32>(b2 + j);
          t += f32x4.extract_lane(x3, 0) * load<f32>(b3 + j);
          s += f32x4.extract_lane(x4, 0) * load<f32>(b4 + j);
          t += f32x4.extract_lane(x5, 0) * load<f32>(b5 + j);
          s += f32x4.extract_lane(x6, 0) * load<f32>(b6 + j);
          t += f32x4.extract_lane(x7, 0) * load<f32>(b7 + j);
          store<f32>(y + j, s + t);
        }
      }
    }
    for (; p < k; p++) {
      const b0 = b + p * bRow + (left << 2);
      for (let i = 0; i < m; i++) {
        const x0 = v128.load32_splat(a + i * aRow + p * aStep);
        const y = c + i * cRow + (left << 2);
        let j: usize = 0;
        for (; j < vectors; j += 16) v128.store(y + j, madd(x0, v128.load(b0 + j), v128.load(y + j)));
        for (; j < bytes; j += 4) store<f32>(y + j, load<f32>(y + j) + f32x4.extract_lane(x0, 0) * load<f32>(b0 + j));
      }
    }
  }
}
