/** Gradients with respect to the weights of recurrent layers, each as one product over all rows and time steps. */
import { gemm } from '../gemm.ts';
import type { Kernel } from '../kernel.ts';
import { sizeOf } from '../kernel.ts';
import { given, place, sizesOf } from './sequence.ts';

/** Σ over all rows of aᵀ b: a […, m], b […, n] → [m, n]. */
export const rowsProduct: Kernel = (bound, inputs) => {
  const [a, b] = [given(inputs, 'a'), given(inputs, 'b')];
  const [m, n] = [a.shape.at(-1) ?? 0, b.shape.at(-1) ?? 0];
  const out = bound.output([m, n]);
  const left = { at: bound.at(a), row: m, transpose: true };
  gemm(bound, { m, n, k: sizeOf(a.shape) / m }, left, { at: bound.at(b), row: n }, { at: bound.at(out), row: n });
  return out;
};

/**
 * With respect to U: Σ hᵀ dz, with the h that each step read. If gates [.., 3 · units] of a GRU are given, its candidate, the last of three parts, read r ∘ h.
 * Inputs u, h0, h, dz, gates?, drop?.
 */
export const stateProduct: Kernel<{ readonly backwards: boolean }> = (bound, inputs, { backwards }) => {
  const [u, h0, h, dz] = [given(inputs, 'u'), given(inputs, 'h0'), given(inputs, 'h'), given(inputs, 'dz')];
  const { batch, steps, units } = sizesOf(dz, u);
  const [rows, row] = [batch * steps, u.shape[1] ?? 0];
  const { gates, drop } = inputs;
  const out = bound.output(u.shape);
  bound.withBytes(4 * rows * units, seen => {
    const add = (from: number, to: number): void => {
      const [left, right] = [
        { at: seen, row: units, transpose: true },
        { at: bound.at(dz) + 4 * from, row },
      ];
      gemm(bound, { m: units, n: to - from, k: rows }, left, right, { at: bound.at(out) + 4 * from, row });
    };
    bound.run.statesBefore(batch, steps, units, backwards, bound.at(h0), bound.at(h), place(bound, drop), seen);
    add(0, gates ? 2 * units : row);
    if (!gates) return;
    bound.run.resetStates(rows, units, bound.at(gates), seen);
    add(2 * units, row);
  });
  return out;
};
