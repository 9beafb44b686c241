/**
 * An LSTM over all time steps of a batch (Hochreiter & Schmidhuber 1997, with forget gate), gates in the order i, f, g, o:
 *
 *     z = x W + b + h U      c′ = σ(f) c + σ(i) tanh(g)      h′ = σ(o) tanh(c′)
 *
 * Tensors lie as [batch, time, …]. Each row of the batch is computed by itself, in the same way whatever the others are.
 */
import { gateSlope4, gates, tanhSlope4, tanhs } from './curves';
import { multiplyPacked } from './gemm';
import { copyStates, dropStates, dyAt, holdStates, inputsOf, joinHeld, partHeld, stepOf } from './sequence';
import { loadSome, storeSome } from './simd';

/** One row: z [4 n] becomes the gates, with the sign of `gate4`. */
function stepRow(z: usize, n: i32, before: usize, c: usize, h: usize, hard: bool): void {
  const gate: usize = n << 2;
  gates(z, 2 * n, hard);
  tanhs(z + 2 * gate, z + 2 * gate, n);
  gates(z + 3 * gate, n, hard);
  for (let left = n, at: usize = 0; left > 0; left -= 4, at += 16) {
    const i = f32x4.abs(loadSome(z + at, left)), f = f32x4.abs(loadSome(z + gate + at, left)), g = loadSome(z + 2 * gate + at, left);
    storeSome(c + at, f32x4.add(f32x4.mul(f, loadSome(before + at, left)), f32x4.mul(i, g)), left);
  }
  tanhs(c, h, n);
  for (let left = n, at: usize = 0; left > 0; left -= 4, at += 16) {
    storeSome(h + at, f32x4.mul(f32x4.abs(loadSome(z + 3 * gate + at, left)), loadSome(h + at, left)), left);
  }
}

/**
 * @param features where not 0, x W + b is computed here, and z has room for one step; where 0, it lies in z, which keeps the gates of all steps
 * @param u `packAll` of U; likewise w
 * @param mask [batch, time], 0 where a step does not count; drop [batch, units], what h is multiplied by where U reads it; 0 where there is none
 * @param allH whether h has room for all steps, or for one; c has it where z has it
 * @param room for 3 · [batch, units] where there is a mask or a drop
 */
export function lstm(
  batch: i32, steps: i32, units: i32, backwards: bool, hard: bool, features: i32, x: usize, w: usize, bias: usize, u: usize, h0: usize,
  c0: usize, mask: usize, drop: usize, z: usize, h: usize, allH: bool, c: usize, room: usize, scratch: usize,
): void {
  const state: usize = units << 2, gates = 4 * state;
  const heldH = room + batch * state, heldC = heldH + batch * state;
  const allZ = features == 0;
  const zRow = allZ ? steps * gates : gates, cRow = allZ ? steps * state : state, hRow = allH ? steps * state : state;
  let hBefore = h0, cBefore = c0, hBeforeRow = state, cBeforeRow = state;
  for (let s = 0; s < steps; s++) {
    const t = stepOf(s, steps, backwards);
    const zs = allZ ? z + t * gates : z, cs = allZ ? c + s * state : c, hs = allH ? h + s * state : h;
    if (!allZ) inputsOf(batch, steps, 4 * units, features, t, x, w, bias, z, scratch);
    if (drop != 0) dropStates(batch, units, hBefore, hBeforeRow, drop, room);
    if (mask != 0) {
      copyStates(batch, units, hBefore, hBeforeRow, heldH);
      copyStates(batch, units, cBefore, cBeforeRow, heldC);
    }
    const read = drop != 0 ? room : hBefore, readRow = drop != 0 ? state : hBeforeRow;
    multiplyPacked(batch, 4 * units, units, read, readRow, u, zs, zRow, true, scratch);
    for (let b = 0; b < batch; b++) {
      stepRow(zs + b * zRow, units, cBefore + b * cBeforeRow, cs + b * cRow, hs + b * hRow, hard);
    }
    if (mask != 0) {
      holdStates(batch, steps, units, t, mask, heldH, hs, hRow);
      holdStates(batch, steps, units, t, mask, heldC, cs, cRow);
    }
    hBefore = hs;
    hBeforeRow = hRow;
    cBefore = cs;
    cBeforeRow = cRow;
  }
}

/** dz of one row from dh (+ dy where it is not 0) and dc, which becomes that of the step before. */
function gradientRow(z: usize, n: i32, before: usize, c: usize, dy: usize, dh: usize, dc: usize, dz: usize, hard: bool): void {
  const gate: usize = n << 2;
  // tanh c, where the gradient of a gate is put afterwards
  tanhs(c, dz, n);
  for (; n > 0; n -= 4, z += 16, before += 16, dh += 16, dc += 16, dz += 16) {
    const keptI = loadSome(z, n), keptF = loadSome(z + gate, n), g = loadSome(z + 2 * gate, n), keptO = loadSome(z + 3 * gate, n);
    const i = f32x4.abs(keptI), f = f32x4.abs(keptF), o = f32x4.abs(keptO);
    let d = loadSome(dh, n);
    if (dy != 0) {
      d = f32x4.add(d, loadSome(dy, n));
      dy += 16;
    }
    const t = loadSome(dz, n);
    const carried = f32x4.add(loadSome(dc, n), f32x4.mul(f32x4.mul(d, o), tanhSlope4(t)));
    storeSome(dz, f32x4.mul(f32x4.mul(carried, g), gateSlope4(keptI, hard)), n);
    storeSome(dz + gate, f32x4.mul(f32x4.mul(carried, loadSome(before, n)), gateSlope4(keptF, hard)), n);
    storeSome(dz + 2 * gate, f32x4.mul(f32x4.mul(carried, i), tanhSlope4(g)), n);
    storeSome(dz + 3 * gate, f32x4.mul(f32x4.mul(d, t), gateSlope4(keptO, hard)), n);
    storeSome(dc, f32x4.mul(carried, f), n);
  }
}

/**
 * dz by z of all steps, another tensor, and dh and dc: by the states behind the last step when called, by those before the first one afterwards.
 * @param u `packAll` of Uᵀ
 * @param allDy whether dy is [batch, time, units], or [batch, units] by the last h
 * @param room for 2 · [batch, units] where there is a mask
 */
export function lstmGradient(
  batch: i32, steps: i32, units: i32, backwards: bool, hard: bool, z: usize, c0: usize, c: usize, mask: usize, drop: usize, dy: usize,
  allDy: bool, u: usize, dh: usize, dc: usize, dz: usize, room: usize, scratch: usize,
): void {
  const state: usize = units << 2, gates = 4 * state;
  const zRow = steps * gates, cRow = steps * state;
  const n = batch * units, heldH = mask == 0 ? 0 : room, heldC = mask == 0 ? 0 : room + batch * state;
  for (let s = steps - 1; s >= 0; s--) {
    const t = stepOf(s, steps, backwards), at = t * gates;
    if (mask != 0) {
      partHeld(batch, steps, units, s, t, mask, dy, allDy, dh, heldH);
      partHeld(batch, steps, units, s, t, mask, 0, false, dc, heldC);
    }
    for (let b = 0; b < batch; b++) {
      const row = at + b * zRow, cs = c + s * state + b * cRow;
      const before = s == 0 ? c0 + b * state : cs - state;
      const dys = mask != 0 ? 0 : dyAt(dy, allDy, b, s, steps, state);
      gradientRow(z + row, units, before, cs, dys, dh + b * state, dc + b * state, dz + row, hard);
    }
    multiplyPacked(batch, units, 4 * units, dz + at, zRow, u, dh, state, false, scratch);
    joinHeld(n, dh, drop, heldH);
    joinHeld(n, dc, 0, heldC);
  }
}
