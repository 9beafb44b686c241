/** Functions of each element. Stock calls those of the C library, element by element. */
import { exponent4, integers4, powerOf2, powers4, tanhs } from '../curves';
import { erf4 } from './erf';
import { loadSome, madd, storeSome } from '../simd';

/**
 * eˣ by 2ⁿ · p(r), with the polynomial of Cephes' expf (Moshier 1989): within 2 units in the last place, down to the smallest floats. 2ⁿ is applied in two halves, so
 * that neither overflows before the product does.
 */
// @ts-ignore: decorator
@inline
export function tinyExp4(x: v128): v128 {
  const v = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-105)), f32x4.splat(90));
  const power = powers4(v);
  const whole = integers4(power), half = i32x4.shr_s(whole, 1);
  return f32x4.mul(f32x4.mul(exponent4(v, power), powerOf2(half)), powerOf2(i32x4.sub(whole, half)));
}

export function exp(x: usize, y: usize, n: i32): void {
  for (; n >= 4; n -= 4, x += 16, y += 16) v128.store(y, tinyExp4(v128.load(x)));
  if (n > 0) storeSome(y, tinyExp4(loadSome(x, n)), n);
}

/** ln x by that of its mantissa in [√½, √2), with the polynomial of Cephes' logf (Moshier 1989). */
// @ts-ignore: decorator
@inline
export function logHere4(v: v128): v128 {
  const one = f32x4.splat(1), zero = f32x4.splat(0);
  const small = f32x4.lt(v, f32x4.splat(1.17549435e-38));
  const bits = v128.bitselect(f32x4.mul(v, f32x4.splat(8388608)), v, small);
  const mantissa = v128.or(v128.and(bits, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(mantissa, f32x4.splat(0.707106781186547524));
  let e = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_u(bits, 23), i32x4.splat(126)));
  e = f32x4.sub(f32x4.sub(e, v128.and(small, f32x4.splat(23))), v128.and(low, one));
  const m = f32x4.sub(f32x4.add(mantissa, v128.and(low, mantissa)), one);
  const z = f32x4.mul(m, m);
  let p = f32x4.splat(7.0376836292e-2);
  p = madd(p, m, f32x4.splat(-1.1514610310e-1));
  p = madd(p, m, f32x4.splat(1.1676998740e-1));
  p = madd(p, m, f32x4.splat(-1.2420140846e-1));
  p = madd(p, m, f32x4.splat(1.4249322787e-1));
  p = madd(p, m, f32x4.splat(-1.6668057665e-1));
  p = madd(p, m, f32x4.splat(2.0000714765e-1));
  p = madd(p, m, f32x4.splat(-2.4999993993e-1));
  p = madd(p, m, f32x4.splat(3.3333331174e-1));
  p = f32x4.mul(f32x4.mul(p, m), z);
  p = f32x4.sub(madd(e, f32x4.splat(-2.12194440e-4), p), f32x4.mul(z, f32x4.splat(0.5)));
  let result = madd(e, f32x4.splat(0.693359375), f32x4.add(m, p));
  // ∞ and NaN stay, 0 goes to −∞, and what is less has none
  result = v128.bitselect(result, v, f32x4.lt(v, f32x4.splat(Infinity)));
  result = v128.bitselect(f32x4.splat(-Infinity), result, f32x4.eq(v, zero));
  return v128.or(result, f32x4.lt(v, zero));
}

export function log4(v: v128): v128 {
  return logHere4(v);
}

export function log(x: usize, y: usize, n: i32): void {
  if (n >= 4) {
    do {
      v128.store(y, logHere4(v128.load(x)));
      x += 16;
      y += 16;
      n -= 4;
    } while (n >= 4);
  }
  if (n > 0) storeSome(y, log4(loadSome(x, n)), n);
}

export function tanh(x: usize, y: usize, n: i32): void {
  tanhs(x, y, n);
}

export function erf(x: usize, y: usize, n: i32): void {
  for (; n >= 4; n -= 4, x += 16, y += 16) v128.store(y, erf4(v128.load(x)));
  if (n > 0) storeSome(y, erf4(loadSome(x, n)), n);
}

// @ts-ignore: decorator
@inline
function sign4(x: v128): v128 {
  const zero = f32x4.splat(0), is = v128.or(f32x4.lt(x, zero), f32x4.gt(x, zero));
  return v128.and(v128.or(v128.and(x, i32x4.splat(0x80000000)), f32x4.splat(1)), is);
}

/** −1, 0 or 1; 0 for NaN, as TF.js has it. */
export function sign(x: usize, y: usize, n: i32): void {
  for (; n >= 4; n -= 4, x += 16, y += 16) v128.store(y, sign4(v128.load(x)));
  if (n > 0) storeSome(y, sign4(loadSome(x, n)), n);
}

/** ln(1 + u) for u in [0, 1], by ln of the rounded sum and what was lost in it. */
// @ts-ignore: decorator
@inline
function log1p4(u: v128): v128 {
  const one = f32x4.splat(1), sum = f32x4.add(one, u);
  return f32x4.add(logHere4(sum), f32x4.div(f32x4.sub(u, f32x4.sub(sum, one)), sum));
}

// @ts-ignore: decorator
@inline
function softplus4(v: v128): v128 {
  return f32x4.add(f32x4.pmax(v, f32x4.splat(0)), log1p4(tinyExp4(f32x4.neg(f32x4.abs(v)))));
}

/** ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|) */
export function softplus(x: usize, y: usize, n: i32): void {
  if (n >= 4) {
    do {
      v128.store(y, softplus4(v128.load(x)));
      x += 16;
      y += 16;
      n -= 4;
    } while (n >= 4);
  }
  if (n > 0) storeSome(y, softplus4(loadSome(x, n)), n);
}

/** The slope eˣ of elu by its value eˣ − 1, and 1 where that is not negative. */
// @ts-ignore: decorator
@inline
function eluSlope4(d: v128, y: v128): v128 {
  return v128.bitselect(d, f32x4.mul(d, f32x4.add(y, f32x4.splat(1))), f32x4.ge(y, f32x4.splat(0)));
}

/** dx = dy where y ≥ 0, else dy (y + 1). */
export function eluGradient(y: usize, dy: usize, dx: usize, n: i32): void {
  for (; n >= 4; n -= 4, y += 16, dy += 16, dx += 16) v128.store(dx, eluSlope4(v128.load(dy), v128.load(y)));
  if (n > 0) storeSome(dx, eluSlope4(loadSome(dy, n), loadSome(y, n)), n);
}
