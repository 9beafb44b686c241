/** Activations and their gradients in one pass. */
import { expHere4, tanhHere4 } from '../curves';
import { erf4 } from './erf';
import { loadSome, madd, storeSome } from '../simd';

/**
 * Full vectors in a loop of their own: where the way for the last elements is in it, its calls make everything that is held in registers go through memory. Where many constants are in it,
 * the loop ends with its test: of a loop that begins with it, V8 makes them anew for each vector, by three instructions each. That takes a quarter off `tanh` and `log`.
 */

/** The slope of relu, step(x): 1 where x > 0, 0 where x ≤ 0, and NaN where x is NaN, as TF.js has it. */
// @ts-ignore: decorator
@inline
function step4(x: v128): v128 {
  return v128.or(v128.and(f32x4.gt(x, f32x4.splat(0)), f32x4.splat(1)), f32x4.ne(x, x));
}

/** dx = dy · step(x) */
export function reluGradient(x: usize, dy: usize, dx: usize, n: i32): void {
  for (; n >= 4; n -= 4, x += 16, dy += 16, dx += 16) v128.store(dx, f32x4.mul(v128.load(dy), step4(v128.load(x))));
  if (n > 0) storeSome(dx, f32x4.mul(loadSome(dy, n), step4(loadSome(x, n))), n);
}

/** Φ(x) = (1 + erf(x / √2)) / 2 */
// @ts-ignore: decorator
@inline
function cdf4(x: v128): v128 {
  const half = f32x4.splat(0.5);
  return madd(erf4(f32x4.mul(x, f32x4.splat(0.70710678118654752))), half, half);
}

// @ts-ignore: decorator
@inline
function gelu4(x: v128): v128 {
  return f32x4.mul(x, cdf4(x));
}

/** y = x Φ(x) */
export function gelu(x: usize, y: usize, n: i32): void {
  for (; n >= 4; n -= 4, x += 16, y += 16) v128.store(y, gelu4(v128.load(x)));
  if (n > 0) storeSome(y, gelu4(loadSome(x, n)), n);
}

/** Φ(x) + x φ(x), φ(x) = exp(−x² / 2) / √(2π) */
// @ts-ignore: decorator
@inline
function geluSlope4(v: v128, cdf: v128): v128 {
  const z = f32x4.mul(f32x4.mul(v, v), f32x4.splat(-0.5));
  // beyond it, e^z is less than any float
  const density = v128.andnot(f32x4.mul(expHere4(z), f32x4.splat(0.39894228040143268)), f32x4.lt(z, f32x4.splat(-87)));
  return madd(v, density, cdf);
}

/** y = x Φ(x), slope = Φ(x) + x φ(x) */
export function geluWithSlope(x: usize, y: usize, slope: usize, n: i32): void {
  if (n >= 4) {
    do {
      const v = v128.load(x), cdf = cdf4(v);
      v128.store(y, f32x4.mul(v, cdf));
      v128.store(slope, geluSlope4(v, cdf));
      x += 16;
      y += 16;
      slope += 16;
      n -= 4;
    } while (n >= 4);
  }
  if (n > 0) {
    const v = loadSome(x, n), cdf = cdf4(v);
    storeSome(y, f32x4.mul(v, cdf), n);
    storeSome(slope, geluSlope4(v, cdf), n);
  }
}

/** t = tanh(c (x + k x³)), c = √(2 / π), k = .044715 */
// @ts-ignore: decorator
@inline
function inner4(x: v128): v128 {
  const z = f32x4.mul(x, x);
  return tanhHere4(f32x4.mul(x, madd(z, f32x4.splat(0.79788456080286536 * 0.044715), f32x4.splat(0.79788456080286536))));
}

// @ts-ignore: decorator
@inline
function geluNew4(v: v128, t: v128): v128 {
  return f32x4.mul(f32x4.mul(v, f32x4.splat(0.5)), f32x4.add(t, f32x4.splat(1)));
}

/** y = x (1 + t) / 2 */
export function geluNew(x: usize, y: usize, n: i32): void {
  if (n >= 4) {
    do {
      v128.store(y, geluNew4(v128.load(x), inner4(v128.load(x))));
      x += 16;
      y += 16;
      n -= 4;
    } while (n >= 4);
  }
  if (n > 0) storeSome(y, geluNew4(loadSome(x, n), inner4(loadSome(x, n))), n);
}

/** (1 + t + x (1 − t²) c (1 + 3 k x²)) / 2 */
// @ts-ignore: decorator
@inline
function geluNewSlope4(v: v128, t: v128): v128 {
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  const curve = f32x4.sub(one, f32x4.mul(t, t));
  const steep = madd(f32x4.mul(v, v), f32x4.splat(3 * 0.79788456080286536 * 0.044715), f32x4.splat(0.79788456080286536));
  // where t is ±1 its slope is 0, however steep what is in it
  const bent = v128.bitselect(zero, f32x4.mul(f32x4.mul(v, steep), curve), f32x4.eq(curve, zero));
  return f32x4.mul(f32x4.add(f32x4.add(t, one), bent), f32x4.splat(0.5));
}

/** y = x (1 + t) / 2, slope = (1 + t + x (1 − t²) c (1 + 3 k x²)) / 2 */
export function geluNewWithSlope(x: usize, y: usize, slope: usize, n: i32): void {
  if (n >= 4) {
    do {
      const v = v128.load(x), t = inner4(v);
      v128.store(y, geluNew4(v, t));
      v128.store(slope, geluNewSlope4(v, t));
      x += 16;
      y += 16;
      slope += 16;
      n -= 4;
    } while (n >= 4);
  }
  if (n > 0) {
    const v = loadSome(x, n), t = inner4(v);
    storeSome(y, geluNew4(v, t), n);
    storeSome(slope, geluNewSlope4(v, t), n);
  }
}
