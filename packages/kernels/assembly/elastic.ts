/** λ₁ Σ |u| + λ₂ Σ u² with u = x − x₀, or u = x where there is no x₀ (an address of 0), and its gradient. */
import { lanes, loadSome, storeSome } from './simd';

/** Floats added up in single precision before they join the sum. */
const PART: i32 = 4096;

// @ts-ignore: decorator
@inline
function distance4(x: usize, start: usize, n: i32): v128 {
  return start == 0 ? loadSome(x, n) : f32x4.sub(loadSome(x, n), loadSome(start, n));
}

/** Two sums of sizes and two of squares, so that none waits for the one before. */
export function elastic(x: usize, start: usize, n: i32, l1: f64, l2: f64): f64 {
  let total: f64 = 0;
  while (n > 0) {
    let sizes0 = f32x4.splat(0), sizes1 = sizes0, squares0 = sizes0, squares1 = sizes0;
    let left = min(n, PART);
    for (; left >= 8; left -= 8, x += 32) {
      let u = v128.load(x), v = v128.load(x, 16);
      if (start) {
        u = f32x4.sub(u, v128.load(start));
        v = f32x4.sub(v, v128.load(start, 16));
        start += 32;
      }
      sizes0 = f32x4.add(sizes0, f32x4.abs(u));
      sizes1 = f32x4.add(sizes1, f32x4.abs(v));
      squares0 = f32x4.add(squares0, f32x4.mul(u, u));
      squares1 = f32x4.add(squares1, f32x4.mul(v, v));
    }
    for (; left > 0; left -= 4, x += 16) {
      const u = distance4(x, start, left);
      sizes0 = f32x4.add(sizes0, f32x4.abs(u));
      squares0 = f32x4.add(squares0, f32x4.mul(u, u));
      if (start) start += 16;
    }
    // squares overflow where sizes do not
    if (l1 != 0) total += l1 * lanes(f32x4.add(sizes0, sizes1));
    if (l2 != 0) total += l2 * lanes(f32x4.add(squares0, squares1));
    n -= PART;
  }
  return total;
}

/** l₁ sign u + l₂ u; sign 0 = 0, and NaN stays. */
// @ts-ignore: decorator
@inline
function slope4(u: v128, l1: v128, l2: v128): v128 {
  const zero = f32x4.splat(0);
  const sign = v128.and(v128.xor(v128.and(u, i32x4.splat(0x80000000)), l1), f32x4.ne(u, zero));
  return f32x4.add(sign, f32x4.mul(u, l2));
}

/** dx = l₁ sign u + l₂ u */
export function elasticGradient(x: usize, start: usize, dx: usize, n: i32, l1: f32, l2: f32): void {
  const firsts = f32x4.splat(l1), seconds = f32x4.splat(l2);
  for (; n > 0; n -= 4, x += 16, dx += 16) {
    storeSome(dx, slope4(distance4(x, start, n), firsts, seconds), n);
    if (start) start += 16;
  }
}
