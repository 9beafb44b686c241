/**
 * Spectral normalization: every kernel is divided by its largest singular value, found by power iteration, so that no layer stretches its
 * input by more than 1. Miyato, Kataoka, Koyama & Yoshida, "Spectral normalization for generative adversarial networks", ICLR 2018.
 *
 *     v ← W u / ‖W u‖        u ← Wᵀ v / ‖Wᵀ v‖        σ = ‖W u‖        W̄ = W / σ
 *
 * W is [fan-in, units]; u, one number for each unit, is kept from step to step. The gradient takes u for a constant, as PyTorch's:
 * ∂W = (∂W̄ − ⟨∂W̄, W̄⟩ v uᵀ) / σ, the paper's eq. 9.
 */

import { divisor, type ForwardMoment, option, type Role, unitDots, unitNorms } from '@keepprob/core';
import {
  isTaped,
  POWER_ITERATION_KERNEL,
  runExtraKernel,
  SPECTRAL_NORM_GRAD_KERNEL,
  SPECTRAL_NORM_KERNEL,
} from '@keepprob/core/kernels';
import { defineReparametrization } from '@keepprob/core/layers';
import { normalNoise } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { columns } from '../constraints/columns.ts';

/** Options of `spectralNorm`. */
export interface SpectralNormOptions {
  /** Power iterations at each step, ≥ 1; 1 by default, as in the paper. */
  readonly powerIterations?: number;
}

/** What it divides; of a layer without one of these the embeddings. */
const KERNELS: readonly Role[] = ['kernel', 'depthwise', 'recurrent'];

/** Iterations on the first kernel, so that σ is right from the first step on. */
const WARM_UP = 15;

/** ‖x‖, of x's rank. */
const norm = (x: tf.Tensor): tf.Tensor => unitNorms(x, []);
const unit = (x: tf.Tensor): tf.Tensor => tf.div(x, divisor(norm(x)));

/** W u, a column. */
const times = (matrix: tf.Tensor2D, u: tf.Tensor): tf.Tensor2D => tf.matMul(matrix, tf.reshape(u, [-1, 1]));

/**
 * u after n power iterations v ← W u / ‖W u‖, u ← Wᵀ v / ‖Wᵀ v‖. A matrix of zeros leaves it as it is. `matrix` is [fan-in, units], u [units].
 * @example
 * powerIteration(tf.tensor2d([[3, 0], [0, 1]]), tf.tensor1d([0.6, 0.8]), 20); // [1, 0]
 */
export function powerIteration(matrix: tf.Tensor2D, u: tf.Tensor, iterations: number): tf.Tensor {
  const isFast = matrix.dtype === 'float32' && matrix.size > 0;
  const fast = isFast ? runExtraKernel(POWER_ITERATION_KERNEL, { w: matrix, u }, { iterations }) : undefined;
  if (fast) return fast;
  return tf.tidy(() => {
    let result = u;
    for (let i = 0; i < iterations; i++) {
      const next = tf.reshape(tf.matMul(matrix, unit(times(matrix, result)) as tf.Tensor2D, true), u.shape);
      const length = norm(next);
      const isZero = tf.sub(1, tf.step(length));
      result = tf.add(tf.div(next, tf.add(length, isZero)), tf.mul(result, isZero));
    }
    return tf.clone(result);
  });
}

/** Whether a kernel for [.., units] is one for this. */
const isForKernel = (w: tf.Tensor, axes: readonly number[]): boolean =>
  w.dtype === 'float32' &&
  w.size > 0 &&
  axes.length > 0 &&
  axes.length === w.rank - 1 &&
  axes.every((axis, i) => axis === i);

/** W / σ, W u and σ. */
function forward(w: tf.Tensor, u: tf.Tensor, axes: readonly number[]): tf.Tensor[] {
  const fast = isForKernel(w, axes) && runExtraKernel<tf.Tensor[]>(SPECTRAL_NORM_KERNEL, { w, u }, {});
  if (fast) return fast;
  const [stretched, sigma] = stretch(w, u, axes);
  return [tf.div(w, sigma), stretched, sigma];
}

/** W u and σ = ‖W u‖, 1 where that is 0. */
function stretch(w: tf.Tensor, u: tf.Tensor, axes: readonly number[]): [stretched: tf.Tensor2D, sigma: tf.Scalar] {
  const stretched = times(columns(w, axes), u);
  return [stretched, tf.reshape(divisor(norm(stretched)), [])];
}

/**
 * W / σ with σ = ‖W u‖; a kernel of zeros stays zero. `axes` are those summed into one unit.
 * @example
 * divideBySpectralNorm(tf.tensor2d([[3, 0], [0, 1]]), tf.tensor1d([1, 0]), [0]); // [[1, 0], [0, 0.3333]]
 */
export function divideBySpectralNorm(w: tf.Tensor, u: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const op = tf.customGrad((...inputs) => {
    const [w, save] = inputs as unknown as [tf.Tensor, tf.GradSaveFunc];
    const [value, stretched, sigma] = forward(w, u, axes) as [tf.Tensor, tf.Tensor, tf.Tensor];
    save([w, u, stretched, sigma]);
    return {
      value,
      gradFunc: (dy, saved) => backward(dy, saved as [tf.Tensor, tf.Tensor, tf.Tensor2D, tf.Scalar], axes),
    };
  });
  return op(w);
}

/** By w. */
function backward(
  dy: tf.Tensor,
  [w, u, ...kept]: readonly [tf.Tensor, tf.Tensor, tf.Tensor2D, tf.Scalar],
  axes: readonly number[],
): tf.Tensor {
  const inputs = { dy, w, u, stretched: kept[0], sigma: kept[1] };
  const isFast = isForKernel(w, axes) && !isTaped();
  const fast = isFast ? runExtraKernel(SPECTRAL_NORM_GRAD_KERNEL, inputs, {}) : undefined;
  if (fast) return fast;
  const [stretched, sigma] = isTaped() ? stretch(w, u, axes) : kept;
  // ⟨dy, W / σ⟩ v / σ, with v = W u / σ
  const along = tf.div(tf.div(tf.reshape(unitDots(dy, w, []), []), sigma), sigma);
  const v = tf.reshape(
    tf.mul(tf.div(stretched, sigma), along),
    w.shape.map((n, axis) => (axes.includes(axis) ? n : 1)),
  );
  const ofUnits = tf.reshape(
    u,
    w.shape.map((n, axis) => (axes.includes(axis) ? 1 : n)),
  );
  return tf.sub(tf.div(dy, sigma), tf.mul(v, ofUnits));
}

/** The update in which each u was last iterated: further uses of a shared layer, parts of the batch and replays of the step take it as it is. */
const iterated = new WeakMap<tf.Variable, object>();

function isNewUpdate(u: tf.Variable, { update }: ForwardMoment): boolean {
  if (iterated.get(u) === update) return false;
  iterated.set(u, update);
  return true;
}

/** A fixed direction, so that the same model starts the same; any one that is not orthogonal to the answer will do. */
const start = (units: number): tf.Tensor =>
  unit(normalNoise([units], { seed: 0, step: 0, site: 0, draw: 0 }) as tf.Tensor1D);

/**
 * Spectral normalization (Miyato, Kataoka, Koyama & Yoshida 2018): divides the kernels of a layer by their largest singular value σ, which power
 * iteration finds. It takes any layer with kernels, a model, or an embedding, whose matrix is [words, features]. A convolution's kernel counts as the matrix
 * [height · width · in, out]. u is saved with the model and changes in training only; σ follows the kernel at inference, too.
 *
 *     v ← W u / ‖W u‖        u ← Wᵀ v / ‖Wᵀ v‖        σ = ‖W u‖        W̄ = W / σ
 *
 * Keras' `SpectralNormalization` overwrites the kernel itself at each training call and takes no gradient of σ. This is the version of the paper and of
 * PyTorch, which keeps W; it therefore has a different class name.
 * @example
 * const critic = tf.sequential({ layers: [spectralNorm(tf.layers.dense({ units: 8, activation: 'relu', inputShape: [4] }))] });
 * critic.add(spectralNorm(tf.layers.dense({ units: 1 })));
 * @throws OptionError for powerIterations below 1, a layer without kernels (when it is built), a recurrent cell
 */
export const spectralNorm = defineReparametrization<SpectralNormOptions>({
  name: 'spectralNorm',
  className: 'KeepprobSpectralNorm',
  options: { powerIterations: option.number({ min: 1, integer: true, fallback: 1 }) },
  roles: (_, found) => (KERNELS.some(role => found.has(role)) ? KERNELS : [...KERNELS, 'embedding']),
  own: {
    u: {
      trainable: false,
      initial(kernel, axes) {
        const matrix = columns(kernel, axes);
        return powerIteration(matrix, start(matrix.shape[1]), WARM_UP);
      },
    },
  },
  kernel(w, { own, fanInAxes }, { powerIterations }, at) {
    const u = own.u as tf.Variable;
    if (at?.phase === 'train' && isNewUpdate(u, at))
      u.assign(powerIteration(columns(w, fanInAxes), u, powerIterations) as tf.Tensor<tf.Rank>);
    return divideBySpectralNorm(w, u, fanInAxes);
  },
});
