/**
 * A GRU over all time steps of a batch (Cho et al. 2014), with the reset gate before the recurrent kernel, gates in the order z, r, candidate:
 *
 *     z, r = σ(x W + b + h U)      h̃ = tanh(x W + b + (r ∘ h) U)      h′ = z h + (1 − z) h̃
 *
 * Tensors and parameters are as in lstm.ts. U is packed in two parts, of the gates (2 · units columns) and of the candidate.
 */
import { gateSlope4, gates as gatesOf, tanhSlope4, tanhs } from './curves';
import { multiplyPacked } from './gemm';
import { copyStates, dropStates, dyAt, holdStates, inputsOf, joinHeld, partHeld, setAside, stepOf } from './sequence';
import { loadSome, storeSome } from './simd';

/** z and r of one row, and what the candidate sees of h. */
function gatesRow(z: usize, n: i32, h: usize, seen: usize, hard: bool): void {
  gatesOf(z, 2 * n, hard);
  for (let r = z + (n << 2); n > 0; n -= 4, r += 16, h += 16, seen += 16) {
    storeSome(seen, f32x4.mul(f32x4.abs(loadSome(r, n)), loadSome(h, n)), n);
  }
}

function stateRow(z: usize, n: i32, before: usize, h: usize): void {
  const candidates: usize = n << 3;
  tanhs(z + candidates, z + candidates, n);
  for (; n > 0; n -= 4, z += 16, before += 16, h += 16) {
    const keep = f32x4.abs(loadSome(z, n));
    const fresh = f32x4.mul(f32x4.sub(f32x4.splat(1), keep), loadSome(z + candidates, n));
    storeSome(h, f32x4.add(f32x4.mul(keep, loadSome(before, n)), fresh), n);
  }
}

/**
 * @param dropsCarry whether the h that is carried over is dropped, too, as TF.js has it
 * @param room for 3 · [batch, units]
 */
export function gru(
  batch: i32, steps: i32, units: i32, backwards: bool, hard: bool, features: i32, x: usize, w: usize, bias: usize, uGates: usize,
  uCandidate: usize, h0: usize, mask: usize, drop: usize, dropsCarry: bool, z: usize, h: usize, allH: bool, room: usize, scratch: usize,
): void {
  const state: usize = units << 2, gates = 3 * state;
  const allZ = features == 0;
  const zRow = allZ ? steps * gates : gates, hRow = allH ? steps * state : state;
  const seen = room, dropped = seen + batch * state, held = dropped + batch * state;
  let before = h0, beforeRow = state;
  for (let s = 0; s < steps; s++) {
    const t = stepOf(s, steps, backwards);
    const zs = allZ ? z + t * gates : z, hs = allH ? h + s * state : h;
    if (!allZ) inputsOf(batch, steps, 3 * units, features, t, x, w, bias, z, scratch);
    if (drop != 0) dropStates(batch, units, before, beforeRow, drop, dropped);
    if (mask != 0) copyStates(batch, units, before, beforeRow, held);
    const read = drop != 0 ? dropped : before, readRow = drop != 0 ? state : beforeRow;
    const carry = dropsCarry ? read : before, carryRow = dropsCarry ? readRow : beforeRow;
    multiplyPacked(batch, 2 * units, units, read, readRow, uGates, zs, zRow, true, scratch);
    for (let b = 0; b < batch; b++) gatesRow(zs + b * zRow, units, read + b * readRow, seen + b * state, hard);
    multiplyPacked(batch, units, units, seen, state, uCandidate, zs + 2 * state, zRow, true, scratch);
    for (let b = 0; b < batch; b++) stateRow(zs + b * zRow, units, carry + b * carryRow, hs + b * hRow);
    if (mask != 0) holdStates(batch, steps, units, t, mask, held, hs, hRow);
    before = hs;
    beforeRow = hRow;
  }
}

/** By z and by the candidate; dh becomes the part of it that h was carried over by. */
function carriedRow(z: usize, n: i32, before: usize, dy: usize, dh: usize, dz: usize, hard: bool): void {
  const gate: usize = n << 2;
  for (; n > 0; n -= 4, z += 16, before += 16, dh += 16, dz += 16) {
    const kept = loadSome(z, n), candidate = loadSome(z + 2 * gate, n);
    const keep = f32x4.abs(kept);
    let d = loadSome(dh, n);
    if (dy != 0) {
      d = f32x4.add(d, loadSome(dy, n));
      dy += 16;
    }
    const moved = f32x4.mul(d, f32x4.sub(loadSome(before, n), candidate));
    storeSome(dz, f32x4.mul(moved, gateSlope4(kept, hard)), n);
    const fresh = f32x4.mul(d, f32x4.sub(f32x4.splat(1), keep));
    storeSome(dz + 2 * gate, f32x4.mul(fresh, tanhSlope4(candidate)), n);
    storeSome(dh, f32x4.mul(d, keep), n);
  }
}

/** By r, of the gradient by what the candidate saw of h. */
function resetRow(z: usize, n: i32, before: usize, dSeen: usize, dh: usize, dz: usize, hard: bool): void {
  const gate: usize = n << 2;
  for (; n > 0; n -= 4, z += 16, before += 16, dSeen += 16, dh += 16, dz += 16) {
    const r = loadSome(z + gate, n), d = loadSome(dSeen, n);
    storeSome(dz + gate, f32x4.mul(f32x4.mul(d, loadSome(before, n)), gateSlope4(r, hard)), n);
    storeSome(dh, f32x4.add(loadSome(dh, n), f32x4.mul(d, f32x4.abs(r))), n);
  }
}

/** As `lstmGradient`. @param uGates `packAll` of its transpose; likewise uCandidate; room for 3 · [batch, units] */
export function gruGradient(
  batch: i32, steps: i32, units: i32, backwards: bool, hard: bool, z: usize, h0: usize, h: usize, mask: usize, drop: usize, dropsCarry: bool,
  dy: usize, allDy: bool, uGates: usize, uCandidate: usize, dh: usize, dz: usize, room: usize, scratch: usize,
): void {
  const state: usize = units << 2, gates = 3 * state;
  const zRow = steps * gates, hRow = steps * state;
  const dSeen = room, dropped = dSeen + batch * state, held = dropped + batch * state;
  const n = batch * units, isApart = drop != 0 && !dropsCarry;
  for (let s = steps - 1; s >= 0; s--) {
    const t = stepOf(s, steps, backwards), at = t * gates;
    const before = s == 0 ? h0 : h + (s - 1) * state, beforeRow = s == 0 ? state : hRow;
    if (drop != 0) dropStates(batch, units, before, beforeRow, drop, dropped);
    const read = drop != 0 ? dropped : before, readRow = drop != 0 ? state : beforeRow;
    const carry = dropsCarry ? read : before, carryRow = dropsCarry ? readRow : beforeRow;
    if (mask != 0) partHeld(batch, steps, units, s, t, mask, dy, allDy, dh, held);
    for (let b = 0; b < batch; b++) {
      const row = at + b * zRow, dys = mask != 0 ? 0 : dyAt(dy, allDy, b, s, steps, state);
      carriedRow(z + row, units, carry + b * carryRow, dys, dh + b * state, dz + row, hard);
    }
    if (isApart) setAside(n, dh, held, mask != 0);
    multiplyPacked(batch, units, units, dz + at + 2 * state, zRow, uCandidate, dSeen, state, false, scratch);
    for (let b = 0; b < batch; b++) {
      const row = at + b * zRow;
      resetRow(z + row, units, read + b * readRow, dSeen + b * state, dh + b * state, dz + row, hard);
    }
    multiplyPacked(batch, units, 2 * units, dz + at, zRow, uGates, dh, state, true, scratch);
    joinHeld(n, dh, drop, mask != 0 || isApart ? held : 0);
  }
}

/** h [rows, units] ← r ∘ h, of gates [rows, 3 · units]. */
export function resetStates(rows: i32, units: i32, z: usize, h: usize): void {
  const state: usize = units << 2;
  for (let i = 0; i < rows; i++) {
    let r = z + i * 3 * state + state, to = h + i * state;
    for (let n = units; n > 0; n -= 4, r += 16, to += 16) {
      storeSome(to, f32x4.mul(f32x4.abs(loadSome(r, n)), loadSome(to, n)), n);
    }
  }
}
