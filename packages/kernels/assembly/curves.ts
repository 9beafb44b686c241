/** exp, tanh and sigmoids in four lanes. */
import { madd } from './simd';

/** e^(x − n ln 2), for n whose power of 2 is next to eˣ, with the polynomial of Cephes' expf (Moshier 1989). */
// @ts-ignore: decorator
@inline
export function exponent4(x: v128, n: v128): v128 {
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

/** 2ⁿ for integers n from −126 to 127, and ∞ for 128. */
// @ts-ignore: decorator
@inline
export function powerOf2(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** eˣ within 2 units in the last place from −87 to 88.3. Above, it is ∞; below, it stays as it is at −87. */
export function exp4(x: v128): v128 {
  x = f32x4.min(f32x4.max(x, f32x4.splat(-87)), f32x4.splat(89));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  return f32x4.mul(exponent4(x, n), powerOf2(i32x4.trunc_sat_f32x4_s(n)));
}

/** tanh x: a polynomial of Cephes' tanhf below .625, else 1 − 2 / (e^{2x} + 1); odd, so that ±0 stays as it is. */
export function tanh4(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const a = f32x4.abs(x);
  const z = f32x4.mul(a, a);
  let p = f32x4.splat(-5.70498872745e-3);
  p = madd(p, z, f32x4.splat(2.06390887954e-2));
  p = madd(p, z, f32x4.splat(-5.37397155531e-2));
  p = madd(p, z, f32x4.splat(1.33314422036e-1));
  p = madd(p, z, f32x4.splat(-3.33332819422e-1));
  const near = madd(f32x4.mul(p, z), a, a);
  const e = f32x4.add(exp4(f32x4.add(a, a)), f32x4.splat(1));
  const far = f32x4.sub(f32x4.splat(1), f32x4.div(f32x4.splat(2), e));
  return v128.or(v128.bitselect(near, far, f32x4.lt(a, f32x4.splat(0.625))), sign);
}

/**
 * A gate: σ(x) = 1 / (1 + e⁻ˣ), or the hard sigmoid clip(u, 0, 1) of u = x / 5 + 1/2. A gate is not negative: where u was clipped, so that the slope is 0, it has a minus sign.
 */
export function gate4(x: v128, hard: bool): v128 {
  const one = f32x4.splat(1);
  if (!hard) return f32x4.div(one, f32x4.add(one, exp4(f32x4.neg(x))));
  const u = f32x4.add(f32x4.splat(0.5), f32x4.mul(f32x4.splat(0.2), x));
  const g = f32x4.max(f32x4.min(u, one), f32x4.splat(0));
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
