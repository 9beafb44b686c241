/**
 * Random numbers of a distribution, by their index e: Philox4x32-7, one 32-bit word each, four blocks of four words at a time.
 *
 *     word e = word e & 3 of block e >>> 2;  u = (word + ½) / 2³²
 *     normal     z[2i] = √(−2 ln u[2i]) · cos 2π w[2i + 1] / 2³²;  z[2i + 1] = the same with sin      (Box & Muller 1958)
 *     logistic   z[e]  = ln(u / (1 − u))
 *
 * In double precision: rounded to float32, they are what JavaScript's functions give, or the neighbour of it.
 */
import { transpose4 } from './pack';
import { c1, c2, c3, KEYS, M0, M1, scheduleKeys } from './philox';

const LN2: f64 = 0.6931471805599453;
/** 2π / 2³² */
const TURN: f64 = 1.4629180792671596e-9;
/** Bits of √½. */
const ROOT_HALF: i64 = 0x3fe6a09e667f3bcd;

/** ln x of two positive numbers: x = m · 2ᵉ with m in [√½, √2); ln m = 2 artanh s, s = (m − 1) / (m + 1); error < 2·10⁻¹². */
function log(x: v128): v128 {
  const exponents = i64x2.shr_s(i64x2.sub(x, i64x2.splat(ROOT_HALF)), 52);
  const m = i64x2.sub(x, i64x2.shl(exponents, 52));
  const one = f64x2.splat(1);
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const t = f64x2.mul(s, s);
  let series = f64x2.add(f64x2.mul(t, f64x2.splat(1.0 / 13)), f64x2.splat(1.0 / 11));
  series = f64x2.add(f64x2.mul(t, series), f64x2.splat(1.0 / 9));
  series = f64x2.add(f64x2.mul(t, series), f64x2.splat(1.0 / 7));
  series = f64x2.add(f64x2.mul(t, series), f64x2.splat(1.0 / 5));
  series = f64x2.add(f64x2.mul(t, series), f64x2.splat(1.0 / 3));
  series = f64x2.add(f64x2.mul(t, series), one);
  const e = f64x2.convert_low_i32x4_s(i32x4.shuffle(exponents, exponents, 0, 2, 0, 2));
  return f64x2.add(f64x2.mul(e, f64x2.splat(LN2)), f64x2.mul(f64x2.add(s, s), series));
}

/** u = (w + ½) / 2³² of the two low words of w. */
// @ts-ignore: decorator
@inline
function uniform(w: v128): v128 {
  return f64x2.mul(f64x2.add(f64x2.convert_low_i32x4_u(w), f64x2.splat(0.5)), f64x2.splat(1.0 / 4294967296.0));
}

/** The two high words of w, as the low ones. */
// @ts-ignore: decorator
@inline
function high(w: v128): v128 {
  return i64x2.shuffle(w, w, 1, 1);
}

/** mean + scale · z of two numbers, as float32 in the low half. */
// @ts-ignore: decorator
@inline
function scaled(z: v128, mean: f64, scale: f64): v128 {
  return f32x4.demote_f64x2_zero(f64x2.add(f64x2.splat(mean), f64x2.mul(f64x2.splat(scale), z)));
}

/** Two normal numbers from the low words of `a` and two from those of `b`, to `to` and 16 bytes behind it. */
function normals(a: v128, b: v128, mean: f64, scale: f64, to: usize): void {
  const radius = f64x2.sqrt(f64x2.mul(f64x2.splat(-2), log(uniform(a))));
  // the turn is quadrant · ¼ + the rest, which is in [−⅛, ⅛)
  const quadrant = i32x4.shr_u(i32x4.add(b, i32x4.splat(0x20000000)), 30);
  const angle = f64x2.mul(f64x2.convert_low_i32x4_s(i32x4.sub(b, i32x4.shl(quadrant, 30))), f64x2.splat(TURN));
  const t = f64x2.mul(angle, angle);
  let sine = f64x2.add(f64x2.mul(t, f64x2.splat(-1.0 / 39916800)), f64x2.splat(1.0 / 362880));
  sine = f64x2.add(f64x2.mul(t, sine), f64x2.splat(-1.0 / 5040));
  sine = f64x2.add(f64x2.mul(t, sine), f64x2.splat(1.0 / 120));
  sine = f64x2.add(f64x2.mul(t, sine), f64x2.splat(-1.0 / 6));
  sine = f64x2.mul(angle, f64x2.add(f64x2.mul(t, sine), f64x2.splat(1)));
  let cosine = f64x2.add(f64x2.mul(t, f64x2.splat(1.0 / 479001600)), f64x2.splat(-1.0 / 3628800));
  cosine = f64x2.add(f64x2.mul(t, cosine), f64x2.splat(1.0 / 40320));
  cosine = f64x2.add(f64x2.mul(t, cosine), f64x2.splat(-1.0 / 720));
  cosine = f64x2.add(f64x2.mul(t, cosine), f64x2.splat(1.0 / 24));
  cosine = f64x2.add(f64x2.mul(t, cosine), f64x2.splat(-1.0 / 2));
  cosine = f64x2.add(f64x2.mul(t, cosine), f64x2.splat(1));
  // quadrants 0 to 3: (cos, sin) = (c, s), (−s, c), (−c, −s), (s, −c)
  const q = i64x2.extend_low_i32x4_u(quadrant);
  const odd = i64x2.neg(v128.and(q, i64x2.splat(1)));
  const two = i64x2.splat(2);
  const minusCos = i64x2.shl(v128.and(i64x2.add(q, i64x2.splat(1)), two), 62);
  const minusSin = i64x2.shl(v128.and(q, two), 62);
  const cos = v128.xor(v128.bitselect(sine, cosine, odd), minusCos);
  const sin = v128.xor(v128.bitselect(cosine, sine, odd), minusSin);
  v128.store64_lane(to, scaled(f64x2.mul(radius, cos), mean, scale), 0);
  v128.store64_lane(to, scaled(f64x2.mul(radius, sin), mean, scale), 0, 16);
}

/** Two logistic numbers from the low words of w: u / (1 − u) is a quotient of integers and a half. */
function logistic(w: v128, mean: f64, scale: f64, to: usize): void {
  const z = log(f64x2.div(uniform(w), uniform(v128.not(w))));
  v128.store64_lane(to, scaled(z, mean, scale), 0);
}

/** 16 numbers to y: those of blocks number … number + 3. */
function sixteen(number: i32, isLogistic: bool, mean: f64, scale: f64, y: usize, keys: usize, spare: usize): void {
  let x0 = i32x4.add(i32x4.splat(number), i32x4(0, 1, 2, 3));
  let x1 = i32x4.splat(c1), x2 = i32x4.splat(c2), x3 = i32x4.splat(c3);
  const m0 = i32x4.splat(M0), m1 = i32x4.splat(M1);
  for (const end = keys + KEYS; keys != end; keys += 8) {
    const low0 = i64x2.extmul_low_i32x4_u(x0, m0), high0 = i64x2.extmul_high_i32x4_u(x0, m0);
    const low1 = i64x2.extmul_low_i32x4_u(x2, m1), high1 = i64x2.extmul_high_i32x4_u(x2, m1);
    x0 = v128.xor(v128.xor(i32x4.shuffle(low1, high1, 1, 3, 5, 7), x1), v128.load32_splat(keys));
    x1 = i32x4.shuffle(low1, high1, 0, 2, 4, 6);
    x2 = v128.xor(v128.xor(i32x4.shuffle(low0, high0, 1, 3, 5, 7), x3), v128.load32_splat(keys, 4));
    x3 = i32x4.shuffle(low0, high0, 0, 2, 4, 6);
  }
  // row j: number j of each of the four blocks
  if (isLogistic) {
    logistic(x0, mean, scale, spare);
    logistic(high(x0), mean, scale, spare + 8);
    logistic(x1, mean, scale, spare + 16);
    logistic(high(x1), mean, scale, spare + 24);
    logistic(x2, mean, scale, spare + 32);
    logistic(high(x2), mean, scale, spare + 40);
    logistic(x3, mean, scale, spare + 48);
    logistic(high(x3), mean, scale, spare + 56);
  } else {
    normals(x0, x1, mean, scale, spare);
    normals(high(x0), high(x1), mean, scale, spare + 8);
    normals(x2, x3, mean, scale, spare + 32);
    normals(high(x2), high(x3), mean, scale, spare + 40);
  }
  transpose4(spare, 16, y, 16);
}

/** Working memory of `noise`, in bytes. */
export function noiseBytes(): i32 {
  return <i32>KEYS + 2 * 64;
}

/** y[i] = mean + scale · z[e] for n numbers, the first of which is word `lane` of block `number`. */
export function noise(
  y: usize, n: i32, number: i32, lane: i32, isLogistic: bool, mean: f64, scale: f64, spare: usize,
): void {
  const keys = spare + 128;
  scheduleKeys(keys);
  for (; n > 0; number += 4) {
    const some = min(n, 16 - lane);
    // 16 that are all wanted go where they belong
    const to = some == 16 ? y : spare + 64;
    sixteen(number, isLogistic, mean, scale, to, keys, spare);
    if (some < 16) memory.copy(y, to + (lane << 2), some << 2);
    y += some << 2;
    n -= some;
    lane = 0;
  }
}
