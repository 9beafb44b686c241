/** Softmax and cross-entropy over rows of classes. */
import { log4 } from './elementwise/unary';
import { lanes, loadSome, storeSome } from './simd';

/** v in the first n lanes, else 0. */
// @ts-ignore: decorator
@inline
function first(v: v128, n: i32): v128 {
  return n >= 4 ? v : v128.and(v, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(n)));
}

/** dx = dy y − (Σ dy y) y, of each row. */
export function softmaxGradient(y: usize, dy: usize, dx: usize, rows: i32, columns: i32): void {
  const row: usize = columns << 2;
  for (; rows > 0; rows--, y += row, dy += row, dx += row) {
    let total = f32x4.splat(0);
    for (let n = columns, i: usize = 0; n > 0; n -= 4, i += 16) {
      total = f32x4.add(total, f32x4.mul(loadSome(dy + i, n), loadSome(y + i, n)));
    }
    const sum = f32x4.splat(lanes(total));
    for (let n = columns, i: usize = 0; n > 0; n -= 4, i += 16) {
      const v = loadSome(y + i, n);
      storeSome(dx + i, f32x4.sub(f32x4.mul(loadSome(dy + i, n), v), f32x4.mul(sum, v)), n);
    }
  }
}

// @ts-ignore: decorator
@inline
function clip(v: v128, low: f32): v128 {
  return f32x4.min(f32x4.max(v, f32x4.splat(low)), f32x4.splat(1 - low));
}

/** p, clipped first where that is wanted. */
// @ts-ignore: decorator
@inline
function probability(p: usize, n: i32, clipFirst: bool, low: f32): v128 {
  const v = loadSome(p, n);
  return clipFirst ? first(clip(v, low), n) : v;
}

/** Σ p of a row. */
function sumOf(p: usize, columns: i32, clipFirst: bool, low: f32): f32 {
  let total = f32x4.splat(0);
  for (let n = columns; n > 0; n -= 4, p += 16) total = f32x4.add(total, probability(p, n, clipFirst, low));
  return lanes(total);
}

/** loss = −Σ t ln clip(p / Σ p, ε, 1 − ε), of each row, as TF.js' layers have it. */
export function crossEntropy(t: usize, p: usize, loss: usize, rows: i32, columns: i32, clipFirst: bool, low: f32): void {
  const row: usize = columns << 2;
  for (; rows > 0; rows--, t += row, p += row, loss += 4) {
    const sum = f32x4.splat(sumOf(p, columns, clipFirst, low));
    let total = f32x4.splat(0);
    for (let n = columns, i: usize = 0; n > 0; n -= 4, i += 16) {
      const q = clip(f32x4.div(probability(p + i, n, clipFirst, low), sum), low);
      total = f32x4.add(total, first(f32x4.mul(loadSome(t + i, n), log4(q)), n));
    }
    store<f32>(loss, -lanes(total));
  }
}

/** The share q = p / Σ p of four classes, and the slope of the loss by it: −t / q where it was not clipped, else 0. */
// @ts-ignore: decorator
@inline
function slope(t: v128, q: v128, low: f32): v128 {
  return v128.and(f32x4.neg(f32x4.div(t, q)), f32x4.eq(clip(q, low), q));
}

/** dp = dloss (g − Σ g q) / Σ p with g the slope by q, and 0 where p was clipped first. */
export function crossEntropyGradient(
  t: usize, p: usize, dloss: usize, dp: usize, rows: i32, columns: i32, clipFirst: bool, low: f32,
): void {
  const row: usize = columns << 2;
  for (; rows > 0; rows--, t += row, p += row, dp += row, dloss += 4) {
    const sum = f32x4.splat(sumOf(p, columns, clipFirst, low));
    let total = f32x4.splat(0);
    for (let n = columns, i: usize = 0; n > 0; n -= 4, i += 16) {
      const q = f32x4.div(probability(p + i, n, clipFirst, low), sum);
      total = f32x4.add(total, first(f32x4.mul(slope(loadSome(t + i, n), q, low), q), n));
    }
    const dot = f32x4.splat(lanes(total)), scale = f32x4.div(f32x4.splat(load<f32>(dloss)), sum);
    for (let n = columns, i: usize = 0; n > 0; n -= 4, i += 16) {
      const q = f32x4.div(probability(p + i, n, clipFirst, low), sum);
      let d = f32x4.mul(scale, f32x4.sub(slope(loadSome(t + i, n), q, low), dot));
      if (clipFirst) {
        const v = loadSome(p + i, n);
        d = v128.and(d, f32x4.eq(clip(v, low), v));
      }
      storeSome(dp + i, d, n);
    }
  }
}
