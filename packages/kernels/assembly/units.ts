/** What weights become, and their gradients, where each unit or each pair of an input and a unit has a factor. Matrices [rows, columns] of one column for each unit. */
import { loadSome, madd, storeSome } from './simd';

/** y[i, j] = x[i, j] a[j] − v[i, j] b[j] */
export function awayFrom(x: usize, a: usize, v: usize, b: usize, rows: i32, columns: i32, y: usize): void {
  const bytes: usize = columns << 2;
  for (; rows > 0; rows--, x += bytes, v += bytes, y += bytes) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      v128.store(y + j, f32x4.sub(f32x4.mul(v128.load(x + j), v128.load(a + j)), f32x4.mul(v128.load(v + j), v128.load(b + j))));
    }
    for (; j < bytes; j += 4) store<f32>(y + j, load<f32>(x + j) * load<f32>(a + j) - load<f32>(v + j) * load<f32>(b + j));
  }
}

/** y[i, j] = x[i, j] · factor − v[i] u[j] */
export function withoutProduct(x: usize, factor: f32, v: usize, u: usize, rows: i32, columns: i32, y: usize): void {
  const bytes: usize = columns << 2, by = f32x4.splat(factor);
  for (; rows > 0; rows--, x += bytes, v += 4, y += bytes) {
    const each = v128.load32_splat(v);
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) v128.store(y + j, f32x4.sub(f32x4.mul(v128.load(x + j), by), f32x4.mul(each, v128.load(u + j))));
    for (; j < bytes; j += 4) store<f32>(y + j, load<f32>(x + j) * factor - load<f32>(v) * load<f32>(u + j));
  }
}

/** y = a · share + b · rest */
export function blend(a: usize, b: usize, y: usize, n: i32, share: f32, rest: f32): void {
  const shares = f32x4.splat(share), rests = f32x4.splat(rest);
  for (; n >= 4; n -= 4, a += 16, b += 16, y += 16) v128.store(y, madd(v128.load(a), shares, f32x4.mul(v128.load(b), rests)));
  if (n > 0) storeSome(y, madd(loadSome(a, n), shares, f32x4.mul(loadSome(b, n), rests)), n);
}
