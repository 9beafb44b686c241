/** A simple recurrent layer over all time steps of a batch (Elman 1990): h′ = tanh(x W + b + h U). Tensors and parameters are as in lstm.ts. */
import { tanh4, tanhSlope4 } from './curves';
import { multiplyPacked } from './gemm';
import { dyAt, inputsOf, stepOf } from './sequence';
import { loadSome, storeSome } from './simd';

export function simpleRNN(
  batch: i32, steps: i32, units: i32, backwards: bool, features: i32, x: usize, w: usize, bias: usize, u: usize, h0: usize, z: usize, h: usize,
  allH: bool, scratch: usize,
): void {
  const state: usize = units << 2;
  const allZ = features == 0;
  const zRow = allZ ? steps * state : state, hRow = allH ? steps * state : state;
  let before = h0, beforeRow = state;
  for (let s = 0; s < steps; s++) {
    const t = stepOf(s, steps, backwards);
    const zs = allZ ? z + t * state : z, hs = allH ? h + s * state : h;
    if (!allZ) inputsOf(batch, steps, units, features, t, x, w, bias, z, scratch);
    multiplyPacked(batch, units, units, before, beforeRow, u, zs, zRow, true, scratch);
    for (let b = 0; b < batch; b++) {
      let from = zs + b * zRow, to = hs + b * hRow;
      for (let n = units; n > 0; n -= 4, from += 16, to += 16) storeSome(to, tanh4(loadSome(from, n)), n);
    }
    before = hs;
    beforeRow = hRow;
  }
}

export function simpleRNNGradient(
  batch: i32, steps: i32, units: i32, backwards: bool, h: usize, dy: usize, allDy: bool, u: usize, dh: usize, dz: usize, scratch: usize,
): void {
  const state: usize = units << 2, row = steps * state;
  for (let s = steps - 1; s >= 0; s--) {
    const at = stepOf(s, steps, backwards) * state;
    for (let b = 0; b < batch; b++) {
      let value = h + b * row + s * state, from = dyAt(dy, allDy, b, s, steps, state), d = dh + b * state, to = dz + b * row + at;
      for (let n = units; n > 0; n -= 4, value += 16, d += 16, to += 16) {
        let sum = loadSome(d, n);
        if (from != 0) {
          sum = f32x4.add(sum, loadSome(from, n));
          from += 16;
        }
        storeSome(to, f32x4.mul(sum, tanhSlope4(loadSome(value, n))), n);
      }
    }
    multiplyPacked(batch, units, units, dz + at, row, u, dh, state, false, scratch);
  }
}
