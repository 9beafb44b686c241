/** What the recurrent layers have in common. x, gates and their gradients are in the order of time; states in the order of steps, which may go backwards in time. */
import { multiplyPacked } from './gemm';
import { loadSome, storeSome } from './simd';

/** The time of step s. */
// @ts-ignore: decorator
@inline
export function stepOf(s: i32, steps: i32, backwards: bool): usize {
  return backwards ? steps - 1 - s : s;
}

/** z [batch, n] ← x_t W + b, of x [batch, time, features]. */
export function inputsOf(
  batch: i32, steps: i32, n: i32, features: i32, t: usize, x: usize, w: usize, bias: usize, z: usize, scratch: usize,
): void {
  const bytes: usize = n << 2, step: usize = features << 2;
  if (bias == 0) memory.fill(z, 0, batch * bytes);
  else for (let b = 0; b < batch; b++) memory.copy(z + b * bytes, bias, bytes);
  multiplyPacked(batch, n, features, x + t * step, steps * step, w, z, bytes, true, scratch);
}

/** Where dy of a row's step is; 0 where there is none. */
// @ts-ignore: decorator
@inline
export function dyAt(dy: usize, allDy: bool, b: i32, s: i32, steps: i32, state: usize): usize {
  if (allDy) return dy + (b * steps + s) * state;
  return s == steps - 1 ? dy + b * state : 0;
}

// @ts-ignore: decorator
@inline
function multiplyRow(a: usize, b: usize, to: usize, n: i32): void {
  for (; n > 0; n -= 4, a += 16, b += 16, to += 16) storeSome(to, f32x4.mul(loadSome(a, n), loadSome(b, n)), n);
}

/** What a recurrent kernel reads of h where it is dropped: to [batch, units] ← h ∘ drop. */
export function dropStates(batch: i32, units: i32, h: usize, hRow: usize, drop: usize, to: usize): void {
  const state: usize = units << 2;
  for (let b = 0; b < batch; b++, h += hRow, drop += state, to += state) multiplyRow(h, drop, to, units);
}

/** to [batch, units] ← the rows of `from`. */
export function copyStates(batch: i32, units: i32, from: usize, fromRow: usize, to: usize): void {
  const state: usize = units << 2;
  for (let b = 0; b < batch; b++, from += fromRow, to += state) memory.copy(to, from, state);
}

/** What a mask [batch, time] says of a row at time t: 0 where the step does not count, else 1. */
// @ts-ignore: decorator
@inline
function counts(mask: usize, b: i32, steps: i32, t: usize): f32 {
  return load<f32>(mask + ((b * steps + t) << 2));
}

/** Rows whose step does not count keep their state: to ← m to + (1 − m) before, in TF.js' arithmetic, in which NaN stays NaN. */
export function holdStates(batch: i32, steps: i32, units: i32, t: usize, mask: usize, before: usize, to: usize, toRow: usize): void {
  const state: usize = units << 2;
  for (let b = 0; b < batch; b++, before += state, to += toRow) {
    const m = counts(mask, b, steps, t), fresh = f32x4.splat(m), held = f32x4.splat(1 - m);
    let from = before, at = to;
    for (let n = units; n > 0; n -= 4, from += 16, at += 16) {
      storeSome(at, f32x4.add(f32x4.mul(loadSome(at, n), fresh), f32x4.mul(loadSome(from, n), held)), n);
    }
  }
}

/** The gradient of `holdStates`: of d = dh + dy, m d goes to the step, in dh, and (1 − m) d past it, in `held`. */
export function partHeld(
  batch: i32, steps: i32, units: i32, s: i32, t: usize, mask: usize, dy: usize, allDy: bool, dh: usize, held: usize,
): void {
  const state: usize = units << 2;
  for (let b = 0; b < batch; b++) {
    const m = counts(mask, b, steps, t), fresh = f32x4.splat(m), past = f32x4.splat(1 - m);
    let from = dy == 0 ? 0 : dyAt(dy, allDy, b, s, steps, state), at = dh + b * state, to = held + b * state;
    for (let n = units; n > 0; n -= 4, at += 16, to += 16) {
      let d = loadSome(at, n);
      if (from != 0) {
        d = f32x4.add(d, loadSome(from, n));
        from += 16;
      }
      storeSome(to, f32x4.mul(d, past), n);
      storeSome(at, f32x4.mul(d, fresh), n);
    }
  }
}

/** What goes past the step, added to what does already where there is such: held ← dh (+ held), dh ← 0. */
export function setAside(n: i32, dh: usize, held: usize, more: bool): void {
  for (; n > 0; n -= 4, dh += 16, held += 16) {
    const d = loadSome(dh, n);
    storeSome(held, more ? f32x4.add(d, loadSome(held, n)) : d, n);
    storeSome(dh, f32x4.splat(0), n);
  }
}

/** By the state before the step, of the gradient by what was read of it and of what went past it: dh ← dh ∘ drop + held, where there is either. */
export function joinHeld(n: i32, dh: usize, drop: usize, held: usize): void {
  if (drop != 0) multiplyRow(dh, drop, dh, n);
  if (held == 0) return;
  for (; n > 0; n -= 4, dh += 16, held += 16) storeSome(dh, f32x4.add(loadSome(dh, n), loadSome(held, n)), n);
}

/** For each time, the state that its step has read: to [batch, time, units], of h [batch, step, units], dropped where there is a `drop`. */
export function statesBefore(
  batch: i32, steps: i32, units: i32, backwards: bool, h0: usize, h: usize, drop: usize, to: usize,
): void {
  const state: usize = units << 2;
  for (let b = 0; b < batch; b++) {
    const row = b * steps * state;
    for (let s = 0; s < steps; s++) {
      const from = s == 0 ? h0 + b * state : h + row + (s - 1) * state, at = to + row + stepOf(s, steps, backwards) * state;
      if (drop == 0) memory.copy(at, from, state);
      else multiplyRow(from, drop + b * state, at, units);
    }
  }
}
