/**
 * Optimizer updates in one pass, in place. In all of them g' = g + l2 · w is the gradient with its L2 term (l2 = 2λ), and `keep` = 1 − η · decay
 * shrinks the weight first (decoupled decay; 1 where there is none). Each returns Σ w² of the new weights, which the next step's J wants:
 * here they are in registers already.
 */
import { lanes, madd } from './simd';

/** Floats squared and added in single precision before they join the sum. */
const PART: i32 = 4096;

/** Σ w², added up as the updates do it: the same to the bit. */
export function sumOfSquares(w: usize, n: i32): f64 {
  let total: f64 = 0;
  while (n >= 4) {
    let squares = f32x4.splat(0);
    const part = min(n, PART) & ~3;
    for (const end = w + (part << 2); w != end; w += 16) squares = madd(v128.load(w), v128.load(w), squares);
    total += lanes(squares);
    n -= part;
  }
  for (; n > 0; n--, w += 4) {
    const value = load<f32>(w);
    total += value * value;
  }
  return total;
}

/** Σ (t − t): 0 where every number is finite, else NaN. Four sums, so that none waits for the one before. */
export function selfDifference(t: usize, n: i32): f32 {
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (; n >= 16; n -= 16, t += 64) {
    const t0 = v128.load(t), t1 = v128.load(t, 16), t2 = v128.load(t, 32), t3 = v128.load(t, 48);
    s0 = f32x4.add(s0, f32x4.sub(t0, t0));
    s1 = f32x4.add(s1, f32x4.sub(t1, t1));
    s2 = f32x4.add(s2, f32x4.sub(t2, t2));
    s3 = f32x4.add(s3, f32x4.sub(t3, t3));
  }
  let total = lanes(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
  for (; n > 0; n--, t += 4) total += load<f32>(t) - load<f32>(t);
  return total;
}

/** w ← keep · w − η g' */
export function sgd(w: usize, g: usize, n: i32, rate: f32, l2: f32, keep: f32): f64 {
  // one factor for w: keep · w − η l2 · w
  const own = keep - rate * l2;
  const minus = f32x4.splat(-rate);
  const factor = f32x4.splat(own);
  let total: f64 = 0;
  while (n >= 4) {
    let squares = f32x4.splat(0);
    const part = min(n, PART) & ~3;
    for (const end = w + (part << 2); w != end; w += 16, g += 16) {
      const value = madd(v128.load(g), minus, f32x4.mul(v128.load(w), factor));
      v128.store(w, value);
      squares = madd(value, value, squares);
    }
    total += lanes(squares);
    n -= part;
  }
  for (; n > 0; n--, w += 4, g += 4) {
    const value: f32 = load<f32>(w) * own - load<f32>(g) * rate;
    store<f32>(w, value);
    total += value * value;
  }
  return total;
}

/** v ← μ v + g';  w ← keep · w − η v, or − η (g' + μ v) where `nesterov` */
export function momentum(w: usize, g: usize, v: usize, n: i32, rate: f32, mu: f32, nesterov: bool, l2: f32, keep: f32): f64 {
  const rates = f32x4.splat(rate), mus = f32x4.splat(mu), l2s = f32x4.splat(l2), keeps = f32x4.splat(keep);
  let total: f64 = 0;
  while (n >= 4) {
    let squares = f32x4.splat(0);
    const part = min(n, PART) & ~3;
    for (const end = w + (part << 2); w != end; w += 16, g += 16, v += 16) {
      const old = v128.load(w);
      const gradient = madd(l2s, old, v128.load(g));
      const velocity = madd(mus, v128.load(v), gradient);
      v128.store(v, velocity);
      const direction = nesterov ? madd(mus, velocity, gradient) : velocity;
      const value = f32x4.sub(f32x4.mul(old, keeps), f32x4.mul(direction, rates));
      v128.store(w, value);
      squares = madd(value, value, squares);
    }
    total += lanes(squares);
    n -= part;
  }
  for (; n > 0; n--, w += 4, g += 4, v += 4) {
    const old = load<f32>(w);
    const gradient = load<f32>(g) + l2 * old;
    const velocity = mu * load<f32>(v) + gradient;
    store<f32>(v, velocity);
    const value: f32 = old * keep - (nesterov ? gradient + mu * velocity : velocity) * rate;
    store<f32>(w, value);
    total += value * value;
  }
  return total;
}

/**
 * m ← β₁ m + (1 − β₁) g';  v ← β₂ v + (1 − β₂) g'²;  w ← keep · w − η (m / correction₁) / (√(v / correction₂) + ε),
 * with correction = 1 − β^t (Kingma & Ba 2015, algorithm 1).
 */
export function adam(
  w: usize, g: usize, m: usize, v: usize, n: i32, rate: f32, beta1: f32, beta2: f32, correction1: f32, correction2: f32,
  epsilon: f32, l2: f32, keep: f32,
): f64 {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), rest1 = f32x4.splat(1 - beta1), rest2 = f32x4.splat(1 - beta2);
  const inverse2 = f32x4.splat(1 / correction2), steps = f32x4.splat(rate / correction1), eps = f32x4.splat(epsilon);
  const l2s = f32x4.splat(l2), keeps = f32x4.splat(keep);
  let total: f64 = 0;
  while (n >= 4) {
    let squares = f32x4.splat(0);
    const part = min(n, PART) & ~3;
    for (const end = w + (part << 2); w != end; w += 16, g += 16, m += 16, v += 16) {
      const old = v128.load(w);
      const gradient = madd(l2s, old, v128.load(g));
      const first = madd(b1, v128.load(m), f32x4.mul(rest1, gradient));
      const second = madd(b2, v128.load(v), f32x4.mul(rest2, f32x4.mul(gradient, gradient)));
      v128.store(m, first);
      v128.store(v, second);
      const root = f32x4.add(f32x4.sqrt(f32x4.mul(second, inverse2)), eps);
      const value = f32x4.sub(f32x4.mul(old, keeps), f32x4.div(f32x4.mul(first, steps), root));
      v128.store(w, value);
      squares = madd(value, value, squares);
    }
    total += lanes(squares);
    n -= part;
  }
  for (; n > 0; n--, w += 4, g += 4, m += 4, v += 4) {
    const old = load<f32>(w);
    const gradient = load<f32>(g) + l2 * old;
    const first = beta1 * load<f32>(m) + (1 - beta1) * gradient;
    const second = beta2 * load<f32>(v) + (1 - beta2) * (gradient * gradient);
    store<f32>(m, first);
    store<f32>(v, second);
    const value: f32 = old * keep - (first * (rate / correction1)) / (sqrt<f32>(second * (1 / correction2)) + epsilon);
    store<f32>(w, value);
    total += value * value;
  }
  return total;
}

/** Projects each column of w [rows, columns] to ‖w‖₂ ≤ c, in place. `norms` is working memory of `columns` floats. */
export function projectColumns(w: usize, rows: i32, columns: i32, c: f32, norms: usize): void {
  const bytes: usize = columns << 2;
  memory.fill(norms, 0, bytes);
  let row = w;
  for (let i = 0; i < rows; i++, row += bytes) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      const value = v128.load(row + j);
      v128.store(norms + j, madd(value, value, v128.load(norms + j)));
    }
    for (; j < bytes; j += 4) {
      const value = load<f32>(row + j);
      store<f32>(norms + j, load<f32>(norms + j) + value * value);
    }
  }
  let outside = false;
  for (let j: usize = 0; j < bytes; j += 4) {
    const norm = sqrt<f32>(load<f32>(norms + j));
    // c / max(norm, c), which is exactly 1 inside the ball; a norm that is no number stays one
    const factor: f32 = c / (norm < c ? c : norm);
    store<f32>(norms + j, factor);
    outside = outside || factor != 1;
  }
  if (!outside) return;
  row = w;
  for (let i = 0; i < rows; i++, row += bytes) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) v128.store(row + j, f32x4.mul(v128.load(row + j), v128.load(norms + j)));
    for (; j < bytes; j += 4) store<f32>(row + j, load<f32>(row + j) * load<f32>(norms + j));
  }
}
