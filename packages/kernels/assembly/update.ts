/**
 * Optimizer updates in one pass, in place. In all of them g' = g + l2 · w is the gradient with its L2 term (l2 = 2λ), and `keep` = 1 − η · decay
 * shrinks the weight first (decoupled decay; 1 where there is none).
 */
import { madd } from './simd';

/** w ← keep · w − η g' */
export function sgd(w: usize, g: usize, n: i32, rate: f32, l2: f32, keep: f32): void {
  // one factor for w: keep · w − η l2 · w
  const own = keep - rate * l2;
  const minus = f32x4.splat(-rate);
  const factor = f32x4.splat(own);
  for (; n >= 4; n -= 4, w += 16, g += 16) {
    v128.store(w, madd(v128.load(g), minus, f32x4.mul(v128.load(w), factor)));
  }
  for (; n > 0; n--, w += 4, g += 4) store<f32>(w, load<f32>(w) * own - load<f32>(g) * rate);
}

/** v ← μ v + g';  w ← keep · w − η v, or − η (g' + μ v) where `nesterov` */
export function momentum(w: usize, g: usize, v: usize, n: i32, rate: f32, mu: f32, nesterov: bool, l2: f32, keep: f32): void {
  const rates = f32x4.splat(rate), mus = f32x4.splat(mu), l2s = f32x4.splat(l2), keeps = f32x4.splat(keep);
  for (; n >= 4; n -= 4, w += 16, g += 16, v += 16) {
    const old = v128.load(w);
    const gradient = madd(l2s, old, v128.load(g));
    const velocity = madd(mus, v128.load(v), gradient);
    v128.store(v, velocity);
    const direction = nesterov ? madd(mus, velocity, gradient) : velocity;
    v128.store(w, f32x4.sub(f32x4.mul(old, keeps), f32x4.mul(direction, rates)));
  }
  for (; n > 0; n--, w += 4, g += 4, v += 4) {
    const old = load<f32>(w);
    const gradient = load<f32>(g) + l2 * old;
    const velocity = mu * load<f32>(v) + gradient;
    store<f32>(v, velocity);
    store<f32>(w, old * keep - (nesterov ? gradient + mu * velocity : velocity) * rate);
  }
}

/**
 * m ← β₁ m + (1 − β₁) g';  v ← β₂ v + (1 − β₂) g'²;  w ← keep · w − η (m / correction₁) / (√(v / correction₂) + ε),
 * with correction = 1 − β^t (Kingma & Ba 2015, algorithm 1).
 */
export function adam(
  w: usize, g: usize, m: usize, v: usize, n: i32, rate: f32, beta1: f32, beta2: f32, correction1: f32, correction2: f32,
  epsilon: f32, l2: f32, keep: f32,
): void {
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2), rest1 = f32x4.splat(1 - beta1), rest2 = f32x4.splat(1 - beta2);
  const inverse2 = f32x4.splat(1 / correction2), steps = f32x4.splat(rate / correction1), eps = f32x4.splat(epsilon);
  const l2s = f32x4.splat(l2), keeps = f32x4.splat(keep);
  for (; n >= 4; n -= 4, w += 16, g += 16, m += 16, v += 16) {
    const old = v128.load(w);
    const gradient = madd(l2s, old, v128.load(g));
    const first = madd(b1, v128.load(m), f32x4.mul(rest1, gradient));
    const second = madd(b2, v128.load(v), f32x4.mul(rest2, f32x4.mul(gradient, gradient)));
    v128.store(m, first);
    v128.store(v, second);
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(second, inverse2)), eps);
    v128.store(w, f32x4.sub(f32x4.mul(old, keeps), f32x4.div(f32x4.mul(first, steps), root)));
  }
  for (; n > 0; n--, w += 4, g += 4, m += 4, v += 4) {
    const old = load<f32>(w);
    const gradient = load<f32>(g) + l2 * old;
    const first = beta1 * load<f32>(m) + (1 - beta1) * gradient;
    const second = beta2 * load<f32>(v) + (1 - beta2) * (gradient * gradient);
    store<f32>(m, first);
    store<f32>(v, second);
    store<f32>(w, old * keep - (first * (rate / correction1)) / (sqrt<f32>(second * (1 / correction2)) + epsilon));
  }
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
