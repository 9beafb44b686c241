/**
 * Kernels that a backend may bring besides its own, such as those of `@keepprob/kernels`. They are looked up by name in TF.js' kernel
 * registry, under the backend in use: whoever registers one is used, and nothing here depends on it.
 */
import * as tf from '@tensorflow/tfjs-core';
import { API_VERSION, type RandomKey } from './contract.ts';

/** Of this version of the contract: a kernel made for another one is not found. */
const named = (name: string): string => `Keepprob${name}.${API_VERSION}`;

/** inputs { x: float32 } → keep ? x × scale : 0, with the mask of `mask.ts`. */
export const DROPOUT_KERNEL = /* @__PURE__ */ named('Dropout');

/** A key as the words of a counter-based generator: uint32. */
export interface KeyAttrs {
  /** Low 32 bits of the seed. */
  readonly seedLow: number;
  /** High bits of the seed. */
  readonly seedHigh: number;
  /** The update. */
  readonly step: number;
  /** Which plugin draws. */
  readonly site: number;
  /** Which of its calls in the pass this is. */
  readonly draw: number;
}

/**
 * A key as uint32 words, for kernels.
 * @example
 * keyAttrs({ seed: 2 ** 32 + 7, step: 3, site: 1, draw: 0 }); // { seedLow: 7, seedHigh: 1, step: 3, site: 1, draw: 0 }
 */
export const keyAttrs = ({ seed, step, site, draw }: RandomKey): KeyAttrs => ({
  seedLow: seed >>> 0,
  seedHigh: Math.floor(seed / 2 ** 32) >>> 0,
  step,
  site,
  draw,
});

/** All that makes a mask; every number but `scale` is a uint32. */
export interface DropoutKernelAttrs extends KeyAttrs {
  /** As long as x's shape; dimensions of 1 broadcast. */
  readonly noiseShape: readonly number[];
  /** e0: number of the first element of the noise in the global batch. */
  readonly first: number;
  /** T: keep iff u ≥ T. */
  readonly threshold: number;
  /** What kept elements are multiplied by: `keepScale`. */
  readonly scale: number;
}

/** No inputs → float32 numbers of a distribution, as `noise.ts` makes them. */
export const NOISE_KERNEL = /* @__PURE__ */ named('Noise');

/** All that makes a tensor of noise. */
export interface NoiseKernelAttrs extends KeyAttrs {
  /** Which distribution. */
  readonly distribution: 'normal' | 'logistic';
  /** Shape of the result. */
  readonly shape: readonly number[];
  /** Added to every number. */
  readonly mean: number;
  /** What every number is multiplied by, before the mean is added. */
  readonly scale: number;
  /** Index of the first number. */
  readonly first: number;
}

/** inputs { x: float32 }, attrs { to: Float32Array } → nothing; the numbers of x are then in `to`. */
export const READ_KERNEL = /* @__PURE__ */ named('Read');

/** inputs { t0, t1, … } → a scalar that is finite if and only if every number of them is. */
export const FINITE_KERNEL = /* @__PURE__ */ named('Finite');

/** inputs { w0, w1, … }, attrs { lambdas } → Σ λᵢ Σ wᵢ², rank 0. */
export const L2_KERNEL = /* @__PURE__ */ named('L2');

/** inputs { w }, attrs { maxNorm } → w [.., units] with every unit projected to ‖w‖₂ ≤ maxNorm. */
export const PROJECT_KERNEL = /* @__PURE__ */ named('ProjectColumns');

/**
 * Updates: inputs { w, g, and slots }, attrs { rate, l2, keep, … } → the new [w, ...slots]. The gradient is g + l2 · w, and w is first
 * multiplied by keep. A kernel may write over its inputs where their data have no other owner.
 */
export const SGD_KERNEL = /* @__PURE__ */ named('Sgd');
/** Slot v; attrs mu, nesterov. */
export const MOMENTUM_KERNEL = /* @__PURE__ */ named('Momentum');
/** Slots m, v; attrs beta1, beta2, correction1 = 1 − β₁^t, correction2 = 1 − β₂^t, epsilon. */
export const ADAM_KERNEL = /* @__PURE__ */ named('Adam');

/** What the `call` of a recurrent cell does otherwise than that of its class, for whoever computes whole sequences in its place. */
export interface CellCall {
  /** What becomes of h, [batch, units], where the recurrent kernel reads it: at every step of a sequence a product with the same numbers. */
  readonly drop?: (h: tf.Tensor) => tf.Tensor;
  /** A GRU whose reset gate is behind the recurrent kernel, with biases [2, 3 · units]. */
  readonly resetAfter?: boolean;
}

const CELL_CALL: unique symbol = Symbol.for(`keepprob.cellCall.${API_VERSION}`);

/**
 * Says of a cell's `call` what it does, once and for all.
 * @example
 * const call = describeCellCall(([x, h]) => [tf.add(x, h), h], { resetAfter: true });
 * cellCallOf(call); // { resetAfter: true }
 */
export const describeCellCall = <F extends object>(call: F, described: CellCall): F =>
  Object.assign(call, { [CELL_CALL]: Object.freeze({ ...described }) });

/**
 * What is said of a cell's `call`; undefined if nothing is.
 * @example
 * cellCallOf(tf.layers.gruCell({ units: 3 }).call) === undefined; // true
 */
export const cellCallOf = (call: object & { readonly [CELL_CALL]?: CellCall }): CellCall | undefined => call[CELL_CALL];

/**
 * Whether the backend in use has a kernel of this name.
 * @example
 * hasExtraKernel(DROPOUT_KERNEL); // false
 * // true once `install` of @keepprob/kernels has run
 */
export const hasExtraKernel = (name: string): boolean => tf.getKernel(name, tf.getBackend()) !== undefined;

/**
 * Runs a kernel of the backend in use; undefined if it has none with this name.
 * @example
 * runExtraKernel('NoSuchKernel', { x }, {}); // undefined
 */
export function runExtraKernel<T extends tf.Tensor | tf.Tensor[] = tf.Tensor>(
  name: string,
  inputs: tf.NamedTensorMap,
  attrs: object,
): T | undefined {
  return hasExtraKernel(name) ? tf.engine().runKernel<T>(name, inputs, attrs as tf.NamedAttrMap) : undefined;
}
