/** What the recurrent layers have in common. x, gates and their gradients are in the order of time; states in the order of steps, which may go backwards in time. */
import { multiplyPacked } from './gemm';

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

/** For each time, the state before its step: to [batch, time, units], of h [batch, step, units]. */
export function statesBefore(batch: i32, steps: i32, units: i32, backwards: bool, h0: usize, h: usize, to: usize): void {
  const state: usize = units << 2;
  for (let b = 0; b < batch; b++) {
    const row = b * steps * state;
    for (let s = 0; s < steps; s++) {
      memory.copy(to + row + stepOf(s, steps, backwards) * state, s == 0 ? h0 + b * state : h + row + (s - 1) * state, state);
    }
  }
}
