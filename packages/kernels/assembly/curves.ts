/**
 * exp, tanh and sigmoids in four lanes. Engines make one instruction of `pmin` and `pmax`, which let NaN through where it is the first of both, and six of `min` and `max`; a float is
 * rounded to an integer by the sum with 1.5 · 2²³, whose lowest bits are that integer, since `trunc_sat` takes six as well. What is `Here` is written out where it stands, which halves the
 * time of a loop over elements: a function called for each vector makes its constants anew.
 */
import { loadSome, madd, storeSome } from './simd';

const MAGIC: f32 = 12582912;
const MAGIC_BITS: i32 = 0x4b400000;

/** x / ln 2 with that integer in its lowest bits, for |x| < 2²¹. */
// @ts-ignore: decorator
@inline
export function powers4(x: v128): v128 {
  return f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(MAGIC));
}

/** That integer. */
// @ts-ignore: decorator
@inline
export function integers4(power: v128): v128 {
  return i32x4.sub(power, i32x4.splat(MAGIC_BITS));
}

/** e^(x − n ln 2), for n of `powers4`, with the polynomial of Cephes' expf (Moshier 1989). */
// @ts-ignore: decorator
@inline
export function exponent4(x: v128, power: v128): v128 {
  const n = f32x4.sub(power, f32x4.splat(MAGIC));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = madd(p, r, f32x4.splat(1.3981999507e-3));
  p = madd(p, r, f32x4.splat(8.3334519073e-3));
  p = madd(p, r, f32x4.splat(4.1665795894e-2));
  p = madd(p, r, f32x4.splat(1.6666665459e-1));
  p = madd(p, r, f32x4.splat(5.0000001201e-1));
  return f32x4.add(madd(p, f32x4.mul(r, r), r), f32x4.splat(1));
}

/** 2ⁿ for n in the lowest bits, from −126 to 127, and ∞ for 128. */
// @ts-ignore: decorator
@inline
export function powerOf2(n: v128): v128 {
  return i32x4.add(i32x4.shl(n, 23), i32x4.splat(0x3f800000));
}

/** eˣ within 2 units in the last place from −87 to 88.3. Above, it is ∞; below, it stays as it is at −87. */
// @ts-ignore: decorator
@inline
export function expHere4(x: v128): v128 {
  x = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-87)), f32x4.splat(89));
  const power = powers4(x);
  return f32x4.mul(exponent4(x, power), powerOf2(power));
}

/** tanh x: a polynomial of Cephes' tanhf below .625, else 1 − 2 / (e^{2x} + 1); odd, so that ±0 stays as it is. */
// @ts-ignore: decorator
@inline
export function tanhHere4(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const a = f32x4.abs(x);
  const z = f32x4.mul(a, a);
  let p = f32x4.splat(-5.70498872745e-3);
  p = madd(p, z, f32x4.splat(2.06390887954e-2));
  p = madd(p, z, f32x4.splat(-5.37397155531e-2));
  p = madd(p, z, f32x4.splat(1.33314422036e-1));
  p = madd(p, z, f32x4.splat(-3.33332819422e-1));
  const near = madd(f32x4.mul(p, z), a, a);
  const e = f32x4.add(expHere4(f32x4.add(a, a)), f32x4.splat(1));
  const far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), e));
  return v128.or(v128.bitselect(near, far, f32x4.lt(a, f32x4.splat(0.625))), sign);
}

/**
 * A gate: σ(x) = 1 / (1 + e⁻ˣ), or the hard sigmoid clip(u, 0, 1) of u = x / 5 + 1/2. A gate is not negative: where u was clipped, so that the slope is 0, it has a minus sign.
 */
// @ts-ignore: decorator
@inline
export function gateHere4(x: v128, hard: bool): v128 {
  const one = f32x4.splat(1);
  if (!hard) return f32x4.div(one, f32x4.add(one, expHere4(f32x4.neg(x))));
  const u = f32x4.add(f32x4.splat(0.5), f32x4.mul(f32x4.splat(0.2), x));
  const g = f32x4.pmax(f32x4.pmin(u, one), f32x4.splat(0));
  const clipped = v128.or(f32x4.lt(u, f32x4.splat(0)), f32x4.gt(u, one));
  return v128.or(g, v128.and(clipped, i32x4.splat(0x80000000)));
}

/** What the slope of a gate is, by its value with the sign of `gate4`. */
// @ts-ignore: decorator
@inline
export function gateSlope4(kept: v128, hard: bool): v128 {
  if (!hard) return f32x4.mul(kept, f32x4.sub(f32x4.splat(1), kept));
  return v128.andnot(f32x4.splat(0.2), i32x4.shr_s(kept, 31));
}

/** 1 − y² */
// @ts-ignore: decorator
@inline
export function tanhSlope4(y: v128): v128 {
  return f32x4.sub(f32x4.splat(1), f32x4.mul(y, y));
}

export function tanh4(x: v128): v128 {
  return tanhHere4(x);
}

export function gate4(x: v128, hard: bool): v128 {
  return gateHere4(x, hard);
}

/** z ← gates, as `gate4` has them. */
export function gates(z: usize, n: i32, hard: bool): void {
  if (hard) for (; n >= 4; n -= 4, z += 16) v128.store(z, gateHere4(v128.load(z), true));
  else if (n >= 4) {
    // constants are made once, since the loop ends with its test
    do {
      v128.store(z, gateHere4(v128.load(z), false));
      z += 16;
      n -= 4;
    } while (n >= 4);
  }
  if (n > 0) storeSome(z, gate4(loadSome(z, n), hard), n);
}

/** y ← tanh x */
export function tanhs(x: usize, y: usize, n: i32): void {
  if (n >= 4) {
    do {
      v128.store(y, tanhHere4(v128.load(x)));
      x += 16;
      y += 16;
      n -= 4;
    } while (n >= 4);
  }
  if (n > 0) storeSome(y, tanh4(loadSome(x, n)), n);
}
