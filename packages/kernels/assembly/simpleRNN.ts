/** A simple recurrent layer over all time steps of a batch (Elman 1990): h′ = tanh(x W + b + h U). Tensors and parameters are as in lstm.ts. */
import { tanhSlope4, tanhs } from './curves';
import { multiplyPacked } from './gemm';
import { copyStates, dropStates, dyAt, holdStates, inputsOf, joinHeld, partHeld, stepOf } from './sequence';
import { loadSome, storeSome } from './simd';

/** @param room for 2 · [batch, units] where there is a mask or a drop */
export function simpleRNN(
  batch: i32, steps: i32, units: i32, backwards: bool, features: i32, x: usize, w: usize, bias: usize, u: usize, h0: usize, mask: usize,
  drop: usize, z: usize, h: usize, allH: bool, room: usize, scratch: usize,
): void {
  const state: usize = units << 2;
  const allZ = features == 0;
  const zRow = allZ ? steps * state : state, hRow = allH ? steps * state : state;
  const held = room + batch * state;
  let before = h0, beforeRow = state;
  for (let s = 0; s < steps; s++) {
    const t = stepOf(s, steps, backwards);
    const zs = allZ ? z + t * state : z, hs = allH ? h + s * state : h;
    if (!allZ) inputsOf(batch, steps, units, features, t, x, w, bias, z, scratch);
    if (drop != 0) dropStates(batch, units, before, beforeRow, drop, room);
    if (mask != 0) copyStates(batch, units, before, beforeRow, held);
    const read = drop != 0 ? room : before, readRow = drop != 0 ? state : beforeRow;
    multiplyPacked(batch, units, units, read, readRow, u, zs, zRow, true, scratch);
    for (let b = 0; b < batch; b++) tanhs(zs + b * zRow, hs + b * hRow, units);
    if (mask != 0) holdStates(batch, steps, units, t, mask, held, hs, hRow);
    before = hs;
    beforeRow = hRow;
  }
}

/** dz of one row: (dh + dy) (1 − h²). */
function gradientRow(h: usize, n: i32, dy: usize, dh: usize, dz: usize): void {
  for (; n > 0; n -= 4, h += 16, dh += 16, dz += 16) {
    let d = loadSome(dh, n);
    if (dy != 0) {
      d = f32x4.add(d, loadSome(dy, n));
      dy += 16;
    }
    storeSome(dz, f32x4.mul(d, tanhSlope4(loadSome(h, n))), n);
  }
}

/** As `lstmGradient`. @param room for [batch, units] where there is a mask */
export function simpleRNNGradient(
  batch: i32, steps: i32, units: i32, backwards: bool, h: usize, mask: usize, drop: usize, dy: usize, allDy: bool, u: usize, dh: usize,
  dz: usize, room: usize, scratch: usize,
): void {
  const state: usize = units << 2, row = steps * state;
  for (let s = steps - 1; s >= 0; s--) {
    const t = stepOf(s, steps, backwards), at = t * state;
    if (mask != 0) partHeld(batch, steps, units, s, t, mask, dy, allDy, dh, room);
    for (let b = 0; b < batch; b++) {
      const dys = mask != 0 ? 0 : dyAt(dy, allDy, b, s, steps, state);
      gradientRow(h + b * row + s * state, units, dys, dh + b * state, dz + b * row + at);
    }
    multiplyPacked(batch, units, units, dz + at, row, u, dh, state, false, scratch);
    joinHeld(batch * units, dh, drop, mask != 0 ? room : 0);
  }
}
