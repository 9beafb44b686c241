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

/** y[j] = Σ_k x[k] M[k, j] for rows of M that lie `row` bytes apart. */
export function sumRows(k: i32, n: i32, x: usize, matrix: usize, row: usize, y: usize): void {
  let j = 0;
  for (; j + 32 <= n; j += 32) {
    let from = matrix + (j << 2);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    for (let p = 0; p < k; p++) {
      const v = v128.load32_splat(x + (p << 2));
      s0 = madd(v, v128.load(from), s0);
      s1 = madd(v, v128.load(from, 16), s1);
      s2 = madd(v, v128.load(from, 32), s2);
      s3 = madd(v, v128.load(from, 48), s3);
      s4 = madd(v, v128.load(from, 64), s4);
      s5 = madd(v, v128.load(from, 80), s5);
      s6 = madd(v, v128.load(from, 96), s6);
      s7 = madd(v, v128.load(from, 112), s7);
      from += row;
    }
    const to = y + (j << 2);
    v128.store(to, s0);
    v128.store(to, s1, 16);
    v128.store(to, s2, 32);
    v128.store(to, s3, 48);
    v128.store(to, s4, 64);
    v128.store(to, s5, 80);
    v128.store(to, s6, 96);
    v128.store(to, s7, 112);
  }
  for (; j + 4 <= n; j += 4) {
    let from = matrix + (j << 2);
    let s = f32x4.splat(0);
    for (let p = 0; p < k; p++) {
      s = madd(v128.load32_splat(x + (p << 2)), v128.load(from), s);
      from += row;
    }
    v128.store(y + (j << 2), s);
  }
  for (; j < n; j++) {
    let from = matrix + (j << 2);
    let s: f32 = 0;
    for (let p = 0; p < k; p++) {
      s += load<f32>(x + (p << 2)) * load<f32>(from);
      from += row;
    }
    store<f32>(y + (j << 2), s);
  }
}
