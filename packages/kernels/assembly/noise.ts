/**
 * Random numbers of a distribution, by their index e: Philox4x32-7, one 32-bit word each, four blocks of four words at a time.
 *
 *     word e = word e & 3 of block e >>> 2;  u = (word + ½) / 2³²
 *     normal     z[2i] = √(−2 ln u[2i]) · cos 2π w[2i + 1] / 2³²;  z[2i + 1] = the same with sin      (Box & Muller 1958)
 *     logistic   z[e]  = ln(u / (1 − u))
 *
 * In four lanes of float32, without losing what is small: of u next to 1 the logarithm is taken by 1 − u, which is exact. Nothing is fused, so that both builds have the same numbers. z is off by
 * 6 · 2⁻²⁴ |z| at most where it is normal, and by 10 · 2⁻²⁴ |z| where it is logistic.
 */
import { M0, M1, SCHEDULE, schedule, THIRD_ROUND } from './philox';
import { loadSome, storeSome } from './simd';

const LN2: f32 = 0.69314718055994530942;
/** 2⁻³², and 2π / 2³². */
const UNIT: f32 = 2.3283064365386963e-10;
const TURN: f32 = 1.4629180792671596e-9;
/** Bits of √½. */
const ROOT_HALF: i32 = 0x3f3504f3;

/** 2 artanh s for |s| ≤ (√2 − 1) / (√2 + 1): a polynomial of s², off by 3·10⁻⁹ of it. */
// @ts-ignore: decorator
@inline
function twiceArtanh(s: v128): v128 {
  const t = f32x4.mul(s, s);
  let p = f32x4.add(f32x4.mul(t, f32x4.splat(0.14790256)), f32x4.splat(0.19994382));
  p = f32x4.mul(t, f32x4.add(f32x4.mul(t, p), f32x4.splat(0.33333343)));
  const twice = f32x4.add(s, s);
  return f32x4.add(twice, f32x4.mul(twice, p));
}

/** The exponent e of x = m · 2ᵉ with m in [√½, √2). */
// @ts-ignore: decorator
@inline
function exponent(x: v128): v128 {
  return i32x4.shr_s(i32x4.sub(x, i32x4.splat(ROOT_HALF)), 23);
}

/** Bits of the nearer end: min(w, ~w), below 2³¹. */
// @ts-ignore: decorator
@inline
function nearer(w: v128): v128 {
  return v128.xor(w, i32x4.shr_s(w, 31));
}

/** (c + ½) / 2³² for c below 2³¹. */
// @ts-ignore: decorator
@inline
function share(c: v128): v128 {
  return f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(c), f32x4.splat(0.5)), f32x4.splat(UNIT));
}

/** √(−2 ln u) */
// @ts-ignore: decorator
@inline
function radius(w: v128): v128 {
  const one = f32x4.splat(1), high = i32x4.shr_s(w, 31);
  const p = share(nearer(w));
  const u = v128.bitselect(f32x4.sub(one, p), p, high);
  const e = exponent(u);
  const m = i32x4.sub(u, i32x4.shl(e, 23));
  // of u = 1 − p above √½, u − 1 is −p
  const f = v128.bitselect(f32x4.neg(p), f32x4.sub(m, one), v128.and(high, i32x4.eq(e, i32x4.splat(0))));
  const ln = twiceArtanh(f32x4.div(f, f32x4.add(f, f32x4.splat(2))));
  const whole = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(e), f32x4.splat(LN2)), ln);
  return f32x4.sqrt(f32x4.mul(whole, f32x4.splat(-2)));
}

/** cos a for |a| ≤ π / 4, by t = a²: off by 10⁻⁹ of it, and by what rounding adds. */
// @ts-ignore: decorator
@inline
function cosine(t: v128): v128 {
  let p = f32x4.add(f32x4.mul(t, f32x4.splat(2.4547608e-5)), f32x4.splat(-1.3888301e-3));
  p = f32x4.add(f32x4.mul(t, p), f32x4.splat(4.1666665e-2));
  return f32x4.add(f32x4.sub(f32x4.splat(1), f32x4.mul(t, f32x4.splat(0.5))), f32x4.mul(f32x4.mul(t, t), p));
}

/** sin a for |a| ≤ π / 4, by t = a²: off by 2·10⁻⁸ of it, and by what rounding adds. */
// @ts-ignore: decorator
@inline
function sine(a: v128, t: v128): v128 {
  let p = f32x4.add(f32x4.mul(t, f32x4.splat(-1.9587360e-4)), f32x4.splat(8.3327450e-3));
  p = f32x4.add(f32x4.mul(t, p), f32x4.splat(-1.6666665e-1));
  return f32x4.add(a, f32x4.mul(f32x4.mul(a, t), p));
}

/** The quarter of a turn that is nearest to w; the rest is in [−2²⁹, 2²⁹). */
// @ts-ignore: decorator
@inline
function quadrantOf(w: v128): v128 {
  return i32x4.shr_u(i32x4.add(w, i32x4.splat(0x20000000)), 30);
}

/** The angle of what is left of w. */
// @ts-ignore: decorator
@inline
function angle(w: v128, quadrant: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(w, i32x4.shl(quadrant, 30))), f32x4.splat(TURN));
}

/** Quadrants 0 to 3: (cos, sin) = (c, s), (−s, c), (−c, −s), (s, −c). Of a and b the one that it is, with its sign; `ahead` is 1 for cos, and 0 for sin. */
// @ts-ignore: decorator
@inline
function turned(a: v128, b: v128, quadrant: v128, ahead: i32): v128 {
  const odd = i32x4.shr_s(i32x4.shl(quadrant, 31), 31);
  const minus = i32x4.shl(v128.and(i32x4.add(quadrant, i32x4.splat(ahead)), i32x4.splat(2)), 30);
  return v128.xor(v128.bitselect(b, a, odd), minus);
}

/** ln(u / (1 − u)) */
// @ts-ignore: decorator
@inline
function logistic(w: v128): v128 {
  const one = f32x4.splat(1), c = nearer(w);
  const p = share(c);
  // u / (1 − u) where u < ½, else its inverse, whose logarithm has the other sign
  const q = f32x4.div(p, f32x4.sub(one, p));
  const e = exponent(q);
  const m = i32x4.sub(q, i32x4.shl(e, 23));
  // (q − 1) / (q + 1) = 2 p − 1, exactly
  const near = f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(i32x4.sub(i32x4.splat(0x7fffffff), c)), f32x4.splat(0.5)), f32x4.splat(-2 * UNIT));
  const far = f32x4.div(f32x4.sub(m, one), f32x4.add(m, one));
  const s = v128.bitselect(near, far, i32x4.eq(e, i32x4.splat(0)));
  const z = f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(e), f32x4.splat(LN2)), twiceArtanh(s));
  return v128.xor(z, v128.and(w, i32x4.splat(0x80000000)));
}

/** z of words that lie as in `words`, times scale, plus mean: 16 numbers side by side. */
// @ts-ignore: decorator
@inline
function put(y: usize, x0: v128, x1: v128, x2: v128, x3: v128, means: v128, scales: v128): void {
  const t0 = i32x4.shuffle(x0, x1, 0, 4, 1, 5), t1 = i32x4.shuffle(x2, x3, 0, 4, 1, 5);
  const t2 = i32x4.shuffle(x0, x1, 2, 6, 3, 7), t3 = i32x4.shuffle(x2, x3, 2, 6, 3, 7);
  v128.store(y, f32x4.add(f32x4.mul(i64x2.shuffle(t0, t1, 0, 2), scales), means));
  v128.store(y, f32x4.add(f32x4.mul(i64x2.shuffle(t0, t1, 1, 3), scales), means), 16);
  v128.store(y, f32x4.add(f32x4.mul(i64x2.shuffle(t2, t3, 0, 2), scales), means), 32);
  v128.store(y, f32x4.add(f32x4.mul(i64x2.shuffle(t2, t3, 1, 3), scales), means), 48);
}

/** Normal numbers in the place of words, 16 at a time. */
function normals(y: usize, end: usize, mean: f32, scale: f32): void {
  const means = f32x4.splat(mean), scales = f32x4.splat(scale);
  do {
    let x0 = v128.load(y), x1 = v128.load(y, 16), x2 = v128.load(y, 32), x3 = v128.load(y, 48);
    let quadrant = quadrantOf(x1);
    let a = angle(x1, quadrant), t = f32x4.mul(a, a), r = radius(x0), c = cosine(t), s = sine(a, t);
    x0 = f32x4.mul(r, turned(c, s, quadrant, 1));
    x1 = f32x4.mul(r, turned(s, c, quadrant, 0));
    quadrant = quadrantOf(x3);
    a = angle(x3, quadrant);
    t = f32x4.mul(a, a);
    r = radius(x2);
    c = cosine(t);
    s = sine(a, t);
    x2 = f32x4.mul(r, turned(c, s, quadrant, 1));
    x3 = f32x4.mul(r, turned(s, c, quadrant, 0));
    put(y, x0, x1, x2, x3, means, scales);
    y += 64;
  } while (y != end);
}

/** Logistic numbers in the place of words. */
function logistics(y: usize, end: usize, mean: f32, scale: f32): void {
  const means = f32x4.splat(mean), scales = f32x4.splat(scale);
  do {
    put(
      y, logistic(v128.load(y)), logistic(v128.load(y, 16)), logistic(v128.load(y, 32)), logistic(v128.load(y, 48)), means, scales,
    );
    y += 64;
  } while (y != end);
}

/** Numbers that are made together: those of eight blocks, in two groups, of which one computes while the other waits for a product. */
const GROUP: i32 = 32;
/** Most numbers that are made in one go: they stay in the nearest cache, and constants are made once for all of them. */
const MANY: i32 = 512;

/** The words of blocks from `number` on, to end: of each four blocks word j side by side. */
function words(number: i32, y: usize, end: usize, shared: usize): void {
  const m0 = i32x4.splat(M0), m1 = i32x4.splat(M1);
  do {
    const word0 = v128.load32_splat(shared), word1 = v128.load32_splat(shared, 4);
    const word2 = v128.load32_splat(shared, 8), word3 = v128.load32_splat(shared, 12);
    const blocks = i32x4.add(i32x4.splat(number), i32x4(0, 1, 2, 3));
    const xFirstLow = i64x2.extmul_low_i32x4_u(blocks, m0), xFirstHigh = i64x2.extmul_high_i32x4_u(blocks, m0);
    const xSecond = v128.xor(i32x4.shuffle(xFirstLow, xFirstHigh, 1, 3, 5, 7), word0);
    const xSecondLow = i64x2.extmul_low_i32x4_u(xSecond, m1), xSecondHigh = i64x2.extmul_high_i32x4_u(xSecond, m1);
    let x0 = v128.xor(i32x4.shuffle(xSecondLow, xSecondHigh, 1, 3, 5, 7), word1);
    let x1 = i32x4.shuffle(xSecondLow, xSecondHigh, 0, 2, 4, 6);
    let x2 = v128.xor(i32x4.shuffle(xFirstLow, xFirstHigh, 0, 2, 4, 6), word2);
    let x3 = word3;
    const later = i32x4.add(blocks, i32x4.splat(4));
    const yFirstLow = i64x2.extmul_low_i32x4_u(later, m0), yFirstHigh = i64x2.extmul_high_i32x4_u(later, m0);
    const ySecond = v128.xor(i32x4.shuffle(yFirstLow, yFirstHigh, 1, 3, 5, 7), word0);
    const ySecondLow = i64x2.extmul_low_i32x4_u(ySecond, m1), ySecondHigh = i64x2.extmul_high_i32x4_u(ySecond, m1);
    let y0 = v128.xor(i32x4.shuffle(ySecondLow, ySecondHigh, 1, 3, 5, 7), word1);
    let y1 = i32x4.shuffle(ySecondLow, ySecondHigh, 0, 2, 4, 6);
    let y2 = v128.xor(i32x4.shuffle(yFirstLow, yFirstHigh, 0, 2, 4, 6), word2);
    let y3 = word3;
    for (let key = shared + THIRD_ROUND; key != shared + SCHEDULE; key += 8) {
      const k0 = v128.load32_splat(key), k1 = v128.load32_splat(key, 4);
      const xLow0 = i64x2.extmul_low_i32x4_u(x0, m0), xHigh0 = i64x2.extmul_high_i32x4_u(x0, m0);
      const xLow1 = i64x2.extmul_low_i32x4_u(x2, m1), xHigh1 = i64x2.extmul_high_i32x4_u(x2, m1);
      x0 = v128.xor(v128.xor(i32x4.shuffle(xLow1, xHigh1, 1, 3, 5, 7), x1), k0);
      x1 = i32x4.shuffle(xLow1, xHigh1, 0, 2, 4, 6);
      x2 = v128.xor(v128.xor(i32x4.shuffle(xLow0, xHigh0, 1, 3, 5, 7), x3), k1);
      x3 = i32x4.shuffle(xLow0, xHigh0, 0, 2, 4, 6);
      const yLow0 = i64x2.extmul_low_i32x4_u(y0, m0), yHigh0 = i64x2.extmul_high_i32x4_u(y0, m0);
      const yLow1 = i64x2.extmul_low_i32x4_u(y2, m1), yHigh1 = i64x2.extmul_high_i32x4_u(y2, m1);
      y0 = v128.xor(v128.xor(i32x4.shuffle(yLow1, yHigh1, 1, 3, 5, 7), y1), k0);
      y1 = i32x4.shuffle(yLow1, yHigh1, 0, 2, 4, 6);
      y2 = v128.xor(v128.xor(i32x4.shuffle(yLow0, yHigh0, 1, 3, 5, 7), y3), k1);
      y3 = i32x4.shuffle(yLow0, yHigh0, 0, 2, 4, 6);
    }
    v128.store(y, x0);
    v128.store(y, x1, 16);
    v128.store(y, x2, 32);
    v128.store(y, x3, 48);
    v128.store(y, y0, 64);
    v128.store(y, y1, 80);
    v128.store(y, y2, 96);
    v128.store(y, y3, 112);
    y += 4 * GROUP;
    number += GROUP / 4;
  } while (y != end);
}

/** The numbers of blocks from `number` on, to y: n of them, a multiple of `GROUP`. */
function many(number: i32, n: i32, isLogistic: bool, mean: f32, scale: f32, y: usize, shared: usize): void {
  const end = y + (n << 2);
  words(number, y, end, shared);
  if (isLogistic) logistics(y, end, mean, scale);
  else normals(y, end, mean, scale);
}

/** n numbers, in whole groups. */
// @ts-ignore: decorator
@inline
function inGroups(n: i32): i32 {
  return (n + GROUP - 1) & -GROUP;
}

/** Working memory of `noise`, in bytes. */
export function noiseBytes(): i32 {
  return <i32>SCHEDULE + 4 * MANY;
}

/** y[i] = mean + scale · z[e] for n numbers, the first of which is word `lane` of block `number`. */
export function noise(
  y: usize, n: i32, number: i32, lane: i32, isLogistic: bool, mean: f32, scale: f32, spare: usize,
): void {
  const shared = spare + 4 * MANY;
  schedule(shared);
  while (n > 0) {
    // those of whole groups go where they belong
    const whole = lane == 0 && n >= GROUP;
    const some = whole ? min(n & -GROUP, MANY) : min(n, GROUP - lane);
    const made = whole ? some : GROUP;
    const to = whole ? y : spare;
    many(number, made, isLogistic, mean, scale, to, shared);
    if (!whole) memory.copy(y, to + (lane << 2), some << 2);
    number += made / 4;
    y += some << 2;
    n -= some;
    lane = 0;
  }
}

/** y[i] = x[i] + (mean + scale · z[e]) for n normal numbers, or the product where `times`. */
export function withNoise(
  x: usize, y: usize, n: i32, number: i32, lane: i32, times: bool, mean: f32, scale: f32, spare: usize,
): void {
  const shared = spare + 4 * MANY;
  schedule(shared);
  while (n > 0) {
    const some = min(n, MANY - lane), made = inGroups(lane + some);
    many(number, made, false, mean, scale, spare, shared);
    let z = spare + (lane << 2), left = some;
    if (times) for (; left >= 4; left -= 4, x += 16, y += 16, z += 16) v128.store(y, f32x4.mul(v128.load(x), v128.load(z)));
    else for (; left >= 4; left -= 4, x += 16, y += 16, z += 16) v128.store(y, f32x4.add(v128.load(x), v128.load(z)));
    for (; left > 0; left--, x += 4, y += 4, z += 4) store<f32>(y, times ? load<f32>(x) * load<f32>(z) : load<f32>(x) + load<f32>(z));
    number += made / 4;
    n -= some;
    lane = 0;
  }
}
