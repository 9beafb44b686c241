/**
 * Shared parts of the kernels of recurrent layers. x [batch, time, features], W [features, gates · units], U [units, gates · units]; gates and their gradients are
 * [batch, time, gates · units] in the order of time, states [batch, step, units] in the order of steps, which go back in time with `backwards`.
 */
import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Bound } from '../../backend/module.ts';
import { gemm } from '../gemm.ts';

export interface SequenceAttrs {
  /** Hard sigmoids for gates. */
  readonly hard: boolean;
  readonly backwards: boolean;
  /** Whether `drop` of a GRU applies to the h that is carried over too. */
  readonly dropsCarry?: boolean;
}
export interface ForwardAttrs extends SequenceAttrs {
  /** Whether to keep states and gates of all steps, for the gradient. */
  readonly keep: boolean;
  /** Whether to keep h of all steps. */
  readonly all: boolean;
}

export interface Sizes {
  readonly batch: number;
  readonly steps: number;
  readonly features: number;
  readonly units: number;
}

/** An input that callers always pass. */
export function given(inputs: NamedTensorInfoMap, name: string): TensorInfo {
  const tensor = inputs[name];
  if (!tensor) throw new TypeError(`@keepprob/kernels: a recurrent kernel was called without ${name}.`);
  return tensor;
}

/** The address of an input; 0 if there is none. */
export const place = (bound: Bound, tensor: TensorInfo | undefined | null): number => (tensor ? bound.at(tensor) : 0);

/** The addresses of the mask of steps that count, [batch, time], and of the factor of h where U reads it, [batch, units]. */
export const masksOf = (bound: Bound, { mask, drop }: NamedTensorInfoMap): [mask: number, drop: number] => [
  place(bound, mask),
  place(bound, drop),
];

export function sizesOf(x: TensorInfo, u: TensorInfo): Sizes {
  const [batch = 0, steps = 0, features = 0] = x.shape;
  return { batch, steps, features, units: u.shape[0] ?? 0 };
}

/** op(B) [k, n], to be packed. */
export interface Matrix {
  readonly n: number;
  readonly k: number;
  readonly at: number;
  /** Floats from row to row in memory. */
  readonly row: number;
  readonly transpose: boolean;
}

/** Provides working memory for matrices, which it packs, followed by buffers of these numbers of floats. */
export function withRoom(
  bound: Bound,
  matrices: readonly Matrix[],
  floats: readonly number[],
  f: (packed: number[], room: number[]) => void,
): void {
  const sizes = [...matrices.map(({ n, k }) => 4 * k * 8 * Math.ceil(n / 8)), ...floats.map(n => 4 * n)];
  bound.withBytes(
    sizes.reduce((a, b) => a + b, 0),
    at => {
      let next = at;
      const places = sizes.map(bytes => {
        const place = next;
        next += bytes;
        return place;
      });
      for (const [i, { n, k, at: from, row, transpose }] of matrices.entries()) {
        bound.run.packAll(n, k, from, 4 * row, transpose, places[i] ?? 0);
      }
      f(places.slice(0, matrices.length), places.slice(matrices.length));
    },
  );
}

/** x W + b of all time steps as one product, written to z. */
function inputsOf(bound: Bound, { batch, steps, features }: Sizes, inputs: NamedTensorInfoMap, z: number): void {
  const [x, w] = [given(inputs, 'x'), given(inputs, 'w')];
  const { bias } = inputs;
  const [rows, n] = [batch * steps, w.shape[1] ?? 0];
  if (bias) bound.run.fillRows(z, rows, n, bound.at(bias));
  else bound.run.fill(z, rows * n, 0);
  const [left, right] = [
    { at: bound.at(x), row: features },
    { at: bound.at(w), row: n },
  ];
  gemm(bound, { m: rows, n, k: features }, left, right, { at: z, row: n }, true);
}

/** The inputs of a forward kernel: with `features`, it multiplies x by the packed W itself, step by step. */
export interface Inputs {
  readonly features: number;
  readonly x: number;
  readonly w: number;
  readonly bias: number;
  readonly z: number;
  readonly packed: readonly number[];
  readonly room: readonly number[];
}

/**
 * Runs a forward kernel. With `keep`, it runs on x W + b of all time steps, and that tensor is returned, which afterwards holds the gates; otherwise it runs
 * with memory for one step.
 * @param matrices parts of U
 * @param floats sizes of working memory
 */
export function forward(
  bound: Bound,
  inputs: NamedTensorInfoMap,
  keep: boolean,
  matrices: readonly Matrix[],
  floats: readonly number[],
  run: (inputs: Inputs) => void,
): TensorInfo | undefined {
  const [x, w, u] = [given(inputs, 'x'), given(inputs, 'w'), given(inputs, 'u')];
  const sizes = sizesOf(x, u);
  const n = w.shape[1] ?? 0;
  if (keep) {
    const gates = bound.output([sizes.batch, sizes.steps, n]);
    const z = bound.at(gates);
    inputsOf(bound, sizes, inputs, z);
    const none = { features: 0, x: 0, w: 0, bias: 0 };
    withRoom(bound, matrices, floats, (packed, room) => run({ ...none, z, packed, room }));
    return gates;
  }
  const whole = { n, k: sizes.features, at: bound.at(w), row: n, transpose: false };
  withRoom(bound, [whole, ...matrices], [sizes.batch * n, ...floats], ([packedW = 0, ...packed], [z = 0, ...room]) => {
    const of = { features: sizes.features, x: bound.at(x), w: packedW, bias: place(bound, inputs.bias) };
    run({ ...of, z, packed, room });
  });
  return undefined;
}

/** The gradient with respect to a state, [batch, units], which a kernel carries back: it starts with the gradient of the last state, or 0. */
export function carried(bound: Bound, { batch, units }: Sizes, from: TensorInfo | undefined | null): TensorInfo {
  const out = bound.output([batch, units]);
  const [to, size] = [bound.at(out), batch * units];
  if (!from) bound.run.fill(to, size, 0);
  else bound.backend.wasm.HEAPU8.copyWithin(to >>> 0, bound.at(from) >>> 0, (bound.at(from) >>> 0) + 4 * size);
  return out;
}

/** Whether dy is for all steps, [batch, time, …]. */
export const isByStep = (dy: TensorInfo): boolean => dy.shape.length === 3;
