/** Concrete dropout: y = x m with m = σ(v) (1 + e^L), v = −(L + n) / t, and its gradient. Logistic numbers n as in `noise.ts`. */
import { gate4, gateHere4 } from './curves';
import { noise } from './noise';
import { lanes, loadSome, storeSome } from './simd';

/**
 * @param logit L
 * @param inverse 1 / t
 * @param most 1 + e^L
 * @param spare working memory of `noise`
 */
export function concrete(
  x: usize, y: usize, m: usize, n: i32, number: i32, lane: i32, logit: f32, inverse: f32, most: f32, spare: usize,
): void {
  noise(m, n, number, lane, true, -logit * inverse, -inverse, spare);
  const whole = f32x4.splat(most);
  if (n >= 4) {
    do {
      const scale = f32x4.mul(gateHere4(v128.load(m), false), whole);
      v128.store(m, scale);
      v128.store(y, f32x4.mul(v128.load(x), scale));
      n -= 4;
      x += 16;
      y += 16;
      m += 16;
    } while (n >= 4);
  }
  if (n > 0) {
    const scale = f32x4.mul(gate4(loadSome(m, n), false), whole);
    storeSome(m, scale, n);
    storeSome(y, f32x4.mul(loadSome(x, n), scale), n);
  }
}

/** Floats added up in single precision before they join the sum. */
const PART: i32 = 4096;

/** dx = dy m. Returns Σ dy x m (r − (1 − m (1 − r)) / t), with r of L. */
export function concreteGradient(dy: usize, x: usize, m: usize, dx: usize, n: i32, rate: f32, inverse: f32): f64 {
  const steep = f32x4.splat((1 - rate) * inverse), flat = f32x4.splat(rate - inverse);
  let total: f64 = 0;
  while (n > 0) {
    let sum = f32x4.splat(0);
    for (let left = min(n, PART); left > 0; left -= 4, dy += 16, x += 16, m += 16, dx += 16) {
      const scale = loadSome(m, left);
      const d = f32x4.mul(loadSome(dy, left), scale);
      storeSome(dx, d, left);
      sum = f32x4.add(sum, f32x4.mul(f32x4.mul(d, loadSome(x, left)), f32x4.add(f32x4.mul(scale, steep), flat)));
    }
    total += lanes(sum);
    n -= PART;
  }
  return total;
}
