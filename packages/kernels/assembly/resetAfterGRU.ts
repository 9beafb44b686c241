/**
 * A GRU over all time steps of a batch whose reset gate is behind the recurrent kernel, as Keras has it by default, gates in the order z, r, candidate:
 *
 *     a = h U + b′      z, r = σ(x W + b + a)      h̃ = tanh(x W + b + r ∘ a)      h′ = z h + (1 − z) h̃
 *
 * Tensors and parameters are as in lstm.ts. a of the candidate is kept beside the gates.
 */
import { gateSlope4, gates as gatesOf, tanhSlope4, tanhs } from './curves';
import { multiplyPacked } from './gemm';
import { copyStates, dropStates, dyAt, holdStates, inputsOf, joinHeld, partHeld, setAside, stepOf } from './sequence';
import { loadSome, storeSome } from './simd';

/** One row: z [3 n] becomes the gates, with the sign of `gate4`. */
function stepRow(z: usize, n: i32, a: usize, before: usize, h: usize, inner: usize, hard: bool): void {
  const candidates: usize = n << 3;
  for (let left = 2 * n, at: usize = 0; left > 0; left -= 4, at += 16) {
    storeSome(z + at, f32x4.add(loadSome(z + at, left), loadSome(a + at, left)), left);
  }
  gatesOf(z, 2 * n, hard);
  for (let left = n, r = z + (n << 2), at = candidates; left > 0; left -= 4, r += 16, at += 16) {
    const own = loadSome(a + at, left);
    storeSome(z + at, f32x4.add(loadSome(z + at, left), f32x4.mul(f32x4.abs(loadSome(r, left)), own)), left);
  }
  tanhs(z + candidates, z + candidates, n);
  if (inner != 0) memory.copy(inner, a + candidates, n << 2);
  for (; n > 0; n -= 4, z += 16, before += 16, h += 16) {
    const keep = f32x4.abs(loadSome(z, n));
    const fresh = f32x4.mul(f32x4.sub(f32x4.splat(1), keep), loadSome(z + candidates, n));
    storeSome(h, f32x4.add(f32x4.mul(keep, loadSome(before, n)), fresh), n);
  }
}

/**
 * @param own b′, or 0
 * @param inner room for a of the candidate, [batch, time, units], where z keeps the gates of all steps
 * @param room for 5 · [batch, units]
 */
export function resetAfterGRU(
  batch: i32, steps: i32, units: i32, backwards: bool, hard: bool, features: i32, x: usize, w: usize, bias: usize, own: usize, u: usize,
  h0: usize, mask: usize, drop: usize, z: usize, h: usize, allH: bool, inner: usize, room: usize, scratch: usize,
): void {
  const state: usize = units << 2, gates = 3 * state;
  const allZ = features == 0;
  const zRow = allZ ? steps * gates : gates, hRow = allH ? steps * state : state;
  const a = room, dropped = a + batch * gates, held = dropped + batch * state;
  let before = h0, beforeRow = state;
  for (let s = 0; s < steps; s++) {
    const t = stepOf(s, steps, backwards);
    const zs = allZ ? z + t * gates : z, hs = allH ? h + s * state : h;
    if (!allZ) inputsOf(batch, steps, 3 * units, features, t, x, w, bias, z, scratch);
    if (drop != 0) dropStates(batch, units, before, beforeRow, drop, dropped);
    if (mask != 0) copyStates(batch, units, before, beforeRow, held);
    const read = drop != 0 ? dropped : before, readRow = drop != 0 ? state : beforeRow;
    for (let b = 0; own != 0 && b < batch; b++) memory.copy(a + b * gates, own, gates);
    multiplyPacked(batch, 3 * units, units, read, readRow, u, a, gates, own != 0, scratch);
    for (let b = 0; b < batch; b++) {
      const kept = allZ ? inner + (b * steps + t) * state : 0;
      stepRow(zs + b * zRow, units, a + b * gates, before + b * beforeRow, hs + b * hRow, kept, hard);
    }
    if (mask != 0) holdStates(batch, steps, units, t, mask, held, hs, hRow);
    before = hs;
    beforeRow = hRow;
  }
}

/** dz by x W + b, and da by a, of one row; dh becomes the part of it that h was carried over by. */
function gradientRow(z: usize, n: i32, inner: usize, before: usize, dy: usize, dh: usize, dz: usize, da: usize, hard: bool): void {
  const gate: usize = n << 2, one = f32x4.splat(1);
  for (; n > 0; n -= 4, z += 16, inner += 16, before += 16, dh += 16, dz += 16, da += 16) {
    const kept = loadSome(z, n), r = loadSome(z + gate, n), candidate = loadSome(z + 2 * gate, n);
    const keep = f32x4.abs(kept);
    let d = loadSome(dh, n);
    if (dy != 0) {
      d = f32x4.add(d, loadSome(dy, n));
      dy += 16;
    }
    const moved = f32x4.mul(f32x4.mul(d, f32x4.sub(loadSome(before, n), candidate)), gateSlope4(kept, hard));
    const fresh = f32x4.mul(f32x4.mul(d, f32x4.sub(one, keep)), tanhSlope4(candidate));
    const reset = f32x4.mul(f32x4.mul(fresh, loadSome(inner, n)), gateSlope4(r, hard));
    storeSome(dz, moved, n);
    storeSome(da, moved, n);
    storeSome(dz + gate, reset, n);
    storeSome(da + gate, reset, n);
    storeSome(dz + 2 * gate, fresh, n);
    storeSome(da + 2 * gate, f32x4.mul(fresh, f32x4.abs(r)), n);
    storeSome(dh, f32x4.mul(d, keep), n);
  }
}

/** As `lstmGradient`, and da [batch, time, 3 · units] by a. @param room for [batch, units] */
export function resetAfterGRUGradient(
  batch: i32, steps: i32, units: i32, backwards: bool, hard: bool, z: usize, inner: usize, h0: usize, h: usize, mask: usize, drop: usize,
  dy: usize, allDy: bool, u: usize, dh: usize, dz: usize, da: usize, room: usize, scratch: usize,
): void {
  const state: usize = units << 2, gates = 3 * state;
  const zRow = steps * gates, hRow = steps * state, n = batch * units;
  for (let s = steps - 1; s >= 0; s--) {
    const t = stepOf(s, steps, backwards), at = t * gates;
    const before = s == 0 ? h0 : h + (s - 1) * state, beforeRow = s == 0 ? state : hRow;
    if (mask != 0) partHeld(batch, steps, units, s, t, mask, dy, allDy, dh, room);
    for (let b = 0; b < batch; b++) {
      const row = at + b * zRow, dys = mask != 0 ? 0 : dyAt(dy, allDy, b, s, steps, state);
      const kept = inner + (b * steps + t) * state;
      gradientRow(z + row, units, kept, before + b * beforeRow, dys, dh + b * state, dz + row, da + row, hard);
    }
    if (drop != 0) setAside(n, dh, room, mask != 0);
    multiplyPacked(batch, units, 3 * units, da + at, zRow, u, dh, state, true, scratch);
    joinHeld(n, dh, drop, mask != 0 || drop != 0 ? room : 0);
  }
}
