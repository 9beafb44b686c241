/** Penalties on the size of tensors, or on their distance from start values: L1, the elastic net, L2-SP and activity penalties. */
import * as tf from '@tensorflow/tfjs-core';
import { ELASTIC_GRAD_KERNEL, ELASTIC_KERNEL, hasExtraKernel, runExtraKernel } from '../kernels.ts';
import { isTaped } from '../run/tape.ts';

/** Options of `elasticPenalty`. */
export interface ElasticPenaltyOptions {
  /** λ₁ of Σ |x − x₀|; 0 by default. */
  readonly l1?: number;
  /** λ₂ of Σ (x − x₀)²; 0 by default. */
  readonly l2?: number;
  /** x₀ of each tensor, a constant of its shape; 0 by default. */
  readonly starts?: readonly tf.Tensor[];
}

interface Of {
  readonly l1: number;
  readonly l2: number;
  readonly start: tf.Tensor | undefined;
}

const distance = (x: tf.Tensor, { start }: Of): tf.Tensor => (start ? tf.sub(x, start) : x);

function value(x: tf.Tensor, of: Of): tf.Tensor {
  const [u, { l1, l2 }] = [distance(x, of), of];
  const terms = [
    ...(l1 === 0 ? [] : [tf.mul(tf.sum(tf.abs(u)), l1)]),
    ...(l2 === 0 ? [] : [tf.mul(tf.sum(tf.square(u)), l2)]),
  ];
  return terms.reduce((sum, term) => tf.add(sum, term), tf.scalar(0) as tf.Tensor);
}

/** Uses `step`, which has fast kernels: on wasm, stock `sign` takes longer than Σ|x| and everything else together. */
const sign = (x: tf.Tensor): tf.Tensor => tf.sub(tf.step(x), tf.step(tf.neg(x)));

function gradient(dy: tf.Tensor, x: tf.Tensor, of: Of): tf.Tensor {
  const [u, { l1, l2 }] = [distance(x, of), of];
  const terms = [
    ...(l1 === 0 ? [] : [tf.mul(sign(u), tf.mul(dy, l1))]),
    ...(l2 === 0 ? [] : [tf.mul(u, tf.mul(dy, 2 * l2))]),
  ];
  return terms.length > 0 ? terms.reduce((sum, term) => tf.add(sum, term)) : tf.zerosLike(x);
}

/** Whether kernels can be used: not if this is differentiated again, which needs operations on the tape. */
const areFast = (tensors: readonly tf.Tensor[]): boolean =>
  !isTaped() && hasExtraKernel(ELASTIC_KERNEL) && tensors.every(({ dtype }) => dtype === 'float32');

const named = (tensors: readonly tf.Tensor[], name: string): tf.NamedTensorMap =>
  Object.fromEntries(tensors.map((tensor, i) => [`${name}${i}`, tensor]));

/**
 * λ₁ Σ |x − x₀| + λ₂ Σ (x − x₀)² over all elements of some tensors, rank 0. Its gradient λ₁ sign(x − x₀) + 2 λ₂ (x − x₀) is given in closed form, with
 * sign 0 = 0, so none of its operations are on the tape. It takes one pass over each tensor forward and one backward if the backend has kernels for them.
 * @example
 * elasticPenalty([tf.tensor1d([1, -2])], { l1: 0.1 }); // 0.3
 * elasticPenalty([tf.tensor1d([1, -2])], { l2: 1, starts: [tf.tensor1d([0, -2])] }); // 1
 */
export function elasticPenalty(
  tensors: readonly tf.Tensor[],
  { l1 = 0, l2 = 0, starts = [] }: ElasticPenaltyOptions = {},
): tf.Scalar {
  if (tensors.length === 0) return tf.scalar(0);
  const of = tensors.map((_, i): Of => ({ l1, l2, start: starts[i] }));
  const op = tf.customGrad((...args) => {
    const [inputs, save] = [args.slice(0, -1) as tf.Tensor[], args.at(-1) as tf.GradSaveFunc];
    save(inputs);
    const fast = areFast([...inputs, ...starts])
      ? runExtraKernel<tf.Scalar>(ELASTIC_KERNEL, { ...named(inputs, 'x'), ...named(starts, 'start') }, { l1, l2 })
      : undefined;
    return {
      value: fast ?? inputs.map((x, i) => value(x, of[i] as Of)).reduce((sum, term) => tf.add(sum, term)),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) =>
        saved.map((x, i) => {
          const start = starts[i];
          const quick = areFast(start ? [x, start] : [x])
            ? runExtraKernel(ELASTIC_GRAD_KERNEL, { x, dy, ...(start && { start }) }, { l1, l2 })
            : undefined;
          return quick ?? gradient(dy, x, of[i] as Of);
        }),
    };
  });
  return op(...tensors) as tf.Scalar;
}
