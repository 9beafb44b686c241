/**
 * Extra kernels for a backend, such as those of `@keepprob/kernels`. They are looked up by name in TF.js' kernel registry, under the backend in use:
 * any registered kernel is used, and nothing here depends on its origin.
 */
import * as tf from '@tensorflow/tfjs-core';
import { API_VERSION, type RandomKey } from './contract.ts';

export { isTaped } from './run/tape.ts';

/** The name includes the version of the contract, so a kernel made for another version is not found. */
const named = (name: string): string => `Keepprob${name}.${API_VERSION}`;

/** inputs { x: float32 } → keep ? x × scale : 0, with the mask of `mask.ts`. */
export const DROPOUT_KERNEL = /* @__PURE__ */ named('Dropout');

/** A key as the uint32 words of a counter-based generator. */
export interface KeyAttrs {
  /** Low 32 bits of the seed. */
  readonly seedLow: number;
  /** High bits of the seed. */
  readonly seedHigh: number;
  /** Index of the update. */
  readonly step: number;
  /** Identifies the plugin that draws. */
  readonly site: number;
  /** Index of the draw within the forward pass. */
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

/** Attributes of a mask; every number except `scale` is a uint32. */
export interface DropoutKernelAttrs extends KeyAttrs {
  /** Shape of the noise, of the same rank as x; dimensions of 1 broadcast. */
  readonly noiseShape: readonly number[];
  /** e0: index of the first element of the noise in the global batch. */
  readonly first: number;
  /** T: keep iff u ≥ T. */
  readonly threshold: number;
  /** Factor for kept elements: `keepScale`. */
  readonly scale: number;
}

/** No inputs → float32 samples of a distribution, as in `noise.ts`. */
export const NOISE_KERNEL = /* @__PURE__ */ named('Noise');

/** inputs { x: float32 } → x + z, with normal numbers z of `noise.ts`. */
export const ADD_NOISE_KERNEL = /* @__PURE__ */ named('AddNoise');
/** inputs { x: float32 } → x · z, with normal numbers z of `noise.ts`. */
export const MULTIPLY_NOISE_KERNEL = /* @__PURE__ */ named('MultiplyNoise');

/** Attributes of normal numbers z. */
export interface WithNoiseKernelAttrs extends KeyAttrs {
  /** Added to every number. */
  readonly mean: number;
  /** Factor for every number, applied before the mean is added. */
  readonly scale: number;
  /** Index of the first number. */
  readonly first: number;
}

/** Attributes of a tensor of noise. */
export interface NoiseKernelAttrs extends WithNoiseKernelAttrs {
  /** The distribution to sample. */
  readonly distribution: 'normal' | 'logistic';
  /** Shape of the result. */
  readonly shape: readonly number[];
}

/** inputs { x, rateLogit: one number L } → [x m, m] with m = σ(−(L + n) / t) (1 + e^L), for logistic numbers n of `noise.ts`. */
export const CONCRETE_KERNEL = /* @__PURE__ */ named('Concrete');
/** inputs { dy, x, m, rateLogit }, attrs { temperature } → [dy m, Σ dy x ∂m/∂L of the shape of rateLogit]. */
export const CONCRETE_GRAD_KERNEL = /* @__PURE__ */ named('ConcreteGrad');

/** Attributes of the mask of concrete dropout. */
export interface ConcreteKernelAttrs extends KeyAttrs {
  /** The temperature t. */
  readonly temperature: number;
  /** Index of the first number. */
  readonly first: number;
}

/** inputs { rateLogit, w0, w1, … }, attrs { ofWeights, ofDraws } → [ofWeights Σ ‖w‖² (1 + e^L) − ofDraws H, rank 0; Σ ‖w‖²], H the entropy of a draw. */
export const CONCRETE_PENALTY_KERNEL = /* @__PURE__ */ named('ConcretePenalty');
/** inputs { dy, total: Σ ‖w‖², rateLogit, w0, w1, … } → the gradients by rateLogit and by each w. */
export const CONCRETE_PENALTY_GRAD_KERNEL = /* @__PURE__ */ named('ConcretePenaltyGrad');

/** inputs { x: float32, rank 4 } → y, with the mask of `dropBlock2D`. */
export const DROP_BLOCK_KERNEL = /* @__PURE__ */ named('DropBlock');

/** Attributes of the masks of DropBlock; its blocks are drawn as in dropout. */
export interface DropBlockKernelAttrs extends KeyAttrs {
  /** Side of a block. */
  readonly blockSize: number;
  /** Whether channels are the last axis, or the second one. */
  readonly channelsLast: boolean;
  /** e0: index of the first block in the global batch. */
  readonly first: number;
  /** T: a block is kept iff u ≥ T. */
  readonly threshold: number;
}

/** inputs { x: float32 }, attrs { to: Float32Array } → nothing; copies the numbers of x to `to`. */
export const READ_KERNEL = /* @__PURE__ */ named('Read');

/** inputs { t0, t1, … } → a scalar that is finite if and only if every number in them is. */
export const FINITE_KERNEL = /* @__PURE__ */ named('Finite');

/** inputs { w0, w1, … }, attrs { lambdas } → Σ λᵢ Σ wᵢ², rank 0. */
export const L2_KERNEL = /* @__PURE__ */ named('L2');

/** inputs { x0, start0?, x1, … }, attrs { l1, l2 } → Σ λ₁ |u| + λ₂ u² with u = xᵢ − startᵢ, or xᵢ; rank 0. */
export const ELASTIC_KERNEL = /* @__PURE__ */ named('Elastic');
/** inputs { x, start?, dy: rank 0 }, attrs { l1, l2 } → dy (λ₁ sign u + 2 λ₂ u). */
export const ELASTIC_GRAD_KERNEL = /* @__PURE__ */ named('ElasticGrad');

/** inputs { a, b } of one shape [.., units], attrs { of } → Σ a b for each unit, in the shape `of`, which has as many elements as there are units. */
export const DOTS_KERNEL = /* @__PURE__ */ named('Dots');

/** inputs { g, w } of one shape [.., units], attrs { lambda, epsilon, units } → g, each unit clipped to a norm of λ max(‖w‖, ε). */
export const CLIP_UNITS_KERNEL = /* @__PURE__ */ named('ClipUnits');

/** inputs { v: [.., units], g } → [g v / ‖v‖, ‖v‖ of g's shape, 1 in place of 0], by unit. */
export const WEIGHT_NORM_KERNEL = /* @__PURE__ */ named('WeightNorm');
/** inputs { dw, v, g, norm } → the gradients by v and by g. */
export const WEIGHT_NORM_GRAD_KERNEL = /* @__PURE__ */ named('WeightNormGrad');

/** inputs { w: [.., units], u: [units] }, attrs { iterations } → u, moved towards the singular vector of w. */
export const POWER_ITERATION_KERNEL = /* @__PURE__ */ named('PowerIteration');
/** inputs { w, u } → [W / σ, W u as a column, σ = ‖W u‖, 1 in place of 0]. */
export const SPECTRAL_NORM_KERNEL = /* @__PURE__ */ named('SpectralNorm');
/** inputs { dy, w, u, stretched, sigma } → the gradient by w, of constant u. */
export const SPECTRAL_NORM_GRAD_KERNEL = /* @__PURE__ */ named('SpectralNormGrad');

/** inputs { w0, w1, … } of shapes [.., units], attrs { units, factors } → [Σ factorᵢ ‖u‖ over the units u of all wᵢ, rank 0; ‖u‖ of each unit of w0; of w1; …]. */
export const GROUP_NORM_KERNEL = /* @__PURE__ */ named('GroupNorm');
/** inputs { dy: rank 0, w0, norms0, w1, norms1, … }, the same attrs → dy factorᵢ wᵢ / ‖u‖, by unit; ‖u‖ = 0 counts as 1. */
export const GROUP_NORM_GRAD_KERNEL = /* @__PURE__ */ named('GroupNormGrad');

/** How the weights of a group norm are split into units, and how their norms are weighted. */
export interface GroupNormKernelAttrs {
  /** Units of each w. */
  readonly units: readonly number[];
  /** Factor for the norms of each w. */
  readonly factors: readonly number[];
}

/** inputs { images: [batch, height, width, 1 or 3] } → M x + k L + c, clipped, with L the mean luma of the image. */
export const COLORS_KERNEL = /* @__PURE__ */ named('Colors');

/** The parameters of every image, concatenated. */
export interface ColorsKernelAttrs {
  /** M, channels × channels, in row-major order. */
  readonly matrices: ArrayLike<number>;
  /** k, the factors of the mean luma. */
  readonly towardsMean: ArrayLike<number>;
  /** c, the constants. */
  readonly constants: ArrayLike<number>;
  /** Weight of each channel in the luma. */
  readonly luma: readonly number[];
  /** Smallest and largest value; values outside are clipped. NaN stays NaN. */
  readonly range: readonly [low: number, high: number];
}

/** inputs { a, b } of one shape, attrs { share } → a · share + b · (1 − share). */
export const BLEND_KERNEL = /* @__PURE__ */ named('Blend');

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

/** How the `call` of a recurrent cell differs from that of its class, for code that computes whole sequences in its place. */
export interface CellCall {
  /** Changes the h, [batch, units], that the recurrent kernel reads: multiplies it by the same numbers at every step of a sequence. */
  readonly drop?: (h: tf.Tensor) => tf.Tensor;
  /** True for a GRU whose reset gate is applied after the recurrent kernel, with biases [2, 3 · units]. */
  readonly resetAfter?: boolean;
}

const CELL_CALL: unique symbol = Symbol.for(`keepprob.cellCall.${API_VERSION}`);

/**
 * Attaches a description to a cell's `call`.
 * @example
 * const call = describeCellCall(([x, h]) => [tf.add(x, h), h], { resetAfter: true });
 * cellCallOf(call); // { resetAfter: true }
 */
export const describeCellCall = <F extends object>(call: F, described: CellCall): F =>
  Object.assign(call, { [CELL_CALL]: Object.freeze({ ...described }) });

/**
 * The description of a cell's `call`; undefined if it has none.
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
 * Runs a kernel of the backend in use. Returns undefined if there is no kernel with this name.
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
