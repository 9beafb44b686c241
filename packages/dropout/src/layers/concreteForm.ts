/**
 * Concrete dropout and its penalty with their gradients in closed form. With L = logit r, m = (1 − z) / (1 − r) and H the entropy of a draw,
 *
 *     ∂m/∂L = m (r − (1 − m (1 − r)) / t)        ∂(1 / (1 − r))/∂L = e^L        ∂H/∂L = −L r (1 − r)
 */
import { elasticPenalty, type RandomKey } from '@keepprob/core';
import {
  CONCRETE_GRAD_KERNEL,
  CONCRETE_KERNEL,
  CONCRETE_PENALTY_GRAD_KERNEL,
  CONCRETE_PENALTY_KERNEL,
  type ConcreteKernelAttrs,
  isTaped,
  keyAttrs,
  runExtraKernel,
} from '@keepprob/core/kernels';
import { logisticNoise } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';

/** m = (1 − z) / (1 − r) for a tensor of noise logit u. */
export function scaleOf(rateLogit: tf.Tensor, noise: tf.Tensor, temperature: number): tf.Tensor {
  const kept = tf.sigmoid(tf.div(tf.add(rateLogit, noise), -temperature));
  return tf.mul(kept, tf.add(1, tf.exp(rateLogit))); // 1 / (1 − r) = 1 + e^L
}

/** What makes the noise logit u, as often as one likes. */
export interface ConcreteDraw {
  readonly noiseShape: readonly number[];
  readonly key: RandomKey;
  /** Index of the first number. */
  readonly first: number;
  /** t */
  readonly temperature: number;
}

const noiseOf = ({ noiseShape, key, first }: ConcreteDraw): tf.Tensor => logisticNoise(noiseShape, key, { first });

/** x m and m: in one pass where the backend has a kernel, and the noise does not repeat. */
function forward(x: tf.Tensor, rateLogit: tf.Tensor, draw: ConcreteDraw): readonly [y: tf.Tensor, m: tf.Tensor] {
  const { key, first, temperature, noiseShape } = draw;
  const attrs: ConcreteKernelAttrs = { ...keyAttrs(key), first, temperature };
  const isFast = x.dtype === 'float32' && tf.util.arraysEqual(x.shape, [...noiseShape]);
  const [y, m] = (isFast && runExtraKernel<tf.Tensor[]>(CONCRETE_KERNEL, { x, rateLogit }, attrs)) || [];
  if (y && m) return [y, m];
  const scale = scaleOf(rateLogit, noiseOf(draw), temperature);
  return [tf.mul(x, scale), scale];
}

/** By x and by L. */
function backward(
  dy: tf.Tensor,
  [x, rateLogit, m]: readonly [tf.Tensor, tf.Tensor, tf.Tensor],
  temperature: number,
): tf.Tensor[] {
  const isFast = x.dtype === 'float32' && tf.util.arraysEqual(x.shape, m.shape) && !isTaped();
  const fast = isFast && runExtraKernel<tf.Tensor[]>(CONCRETE_GRAD_KERNEL, { dy, x, m, rateLogit }, { temperature });
  if (fast) return fast;
  const rate = tf.sigmoid(rateLogit);
  const steep = tf.add(tf.mul(m, tf.div(tf.sub(1, rate), temperature)), tf.sub(rate, 1 / temperature));
  const dx = tf.mul(dy, m);
  return [dx, tf.reshape(tf.sum(tf.mul(tf.mul(dx, x), steep)), rateLogit.shape)];
}

/** x m. m stays on the tape. */
export function concreteForward(x: tf.Tensor, rateLogit: tf.Tensor, draw: ConcreteDraw): tf.Tensor {
  const op = tf.customGrad((...args) => {
    const [x, rateLogit, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const [value, m] = forward(x, rateLogit, draw);
    save([x, rateLogit, m]);
    return {
      value,
      gradFunc(dy: tf.Tensor, saved: tf.Tensor[]) {
        const [x, rateLogit, kept] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
        const m = isTaped() ? scaleOf(rateLogit, noiseOf(draw), draw.temperature) : kept;
        return backward(dy, [x, rateLogit, m], draw.temperature);
      },
    };
  });
  return op(x, rateLogit);
}

/** Factors of the two parts of the penalty. */
export interface ConcretePenaltyOptions {
  readonly weightRegularizer: number;
  readonly dropoutRegularizer: number;
}

/** Σ ‖W‖². */
const squares = (kernels: readonly tf.Tensor[]): tf.Scalar => elasticPenalty(kernels, { l2: 1 });

interface Factors {
  readonly ofWeights: number;
  readonly ofDraws: number;
}

const named = (kernels: readonly tf.Tensor[]): tf.NamedTensorMap =>
  Object.fromEntries(kernels.map((kernel, i) => [`w${i}`, kernel]));
const areFloats = (tensors: readonly tf.Tensor[]): boolean => tensors.every(({ dtype }) => dtype === 'float32');

/** The penalty, and Σ ‖W‖². */
function penalty(rateLogit: tf.Tensor, kernels: readonly tf.Tensor[], factors: Factors): [tf.Tensor, tf.Tensor] {
  const inputs = { rateLogit, ...named(kernels) };
  const isFast = areFloats([rateLogit, ...kernels]);
  const [value, squared] = (isFast && runExtraKernel<tf.Tensor[]>(CONCRETE_PENALTY_KERNEL, inputs, factors)) || [];
  if (value && squared) return [value, squared];
  const total = squares(kernels);
  const logit = tf.reshape(rateLogit, []);
  const rate = tf.sigmoid(logit);
  const entropy = tf.add(tf.mul(rate, tf.softplus(tf.neg(logit))), tf.mul(tf.sub(1, rate), tf.softplus(logit)));
  const ofWeights = tf.mul(tf.mul(factors.ofWeights, total), tf.add(1, tf.exp(logit)));
  return [tf.sub(ofWeights, tf.mul(factors.ofDraws, entropy)), total];
}

/** By L and by each W. */
function penaltyGradients(
  dy: tf.Tensor,
  [rateLogit, kernels, kept]: readonly [tf.Tensor, readonly tf.Tensor[], tf.Tensor],
  factors: Factors,
): tf.Tensor[] {
  const inputs = { dy, rateLogit, total: kept, ...named(kernels) };
  const isFast = areFloats([rateLogit, ...kernels]) && !isTaped();
  const fast = isFast && runExtraKernel<tf.Tensor[]>(CONCRETE_PENALTY_GRAD_KERNEL, inputs, factors);
  if (fast) return fast;
  const { ofWeights, ofDraws } = factors;
  const total = isTaped() ? squares(kernels) : kept;
  const power = tf.exp(rateLogit);
  // r (1 − r), without losing what is small
  const spread = tf.mul(tf.sigmoid(rateLogit), tf.sigmoid(tf.neg(rateLogit)));
  const byRate = tf.add(tf.mul(tf.mul(total, ofWeights), power), tf.mul(tf.mul(rateLogit, spread), ofDraws));
  const times = tf.mul(dy, tf.mul(tf.reshape(tf.add(power, 1), []), 2 * ofWeights));
  return [tf.mul(byRate, dy), ...kernels.map(kernel => tf.mul(kernel, times))];
}

/** weightRegularizer Σ ‖W‖² / (1 − r) − dropoutRegularizer D H, rank 0. */
export function penaltyOf(
  rateLogit: tf.Tensor,
  kernels: readonly tf.Tensor[],
  features: number,
  { weightRegularizer, dropoutRegularizer }: ConcretePenaltyOptions,
): tf.Scalar {
  const factors: Factors = { ofWeights: weightRegularizer, ofDraws: dropoutRegularizer * features };
  const op = tf.customGrad((...args) => {
    const [inputs, save] = [args.slice(0, -1) as [tf.Tensor, ...tf.Tensor[]], args.at(-1) as tf.GradSaveFunc];
    const [rateLogit, ...kernels] = inputs;
    const [value, total] = penalty(rateLogit, kernels, factors);
    save([...inputs, total]);
    return {
      value,
      gradFunc(dy: tf.Tensor, saved: tf.Tensor[]) {
        const [rateLogit, kernels, total] = [saved[0]!, saved.slice(1, -1), saved.at(-1)!];
        return penaltyGradients(dy, [rateLogit, kernels, total], factors);
      },
    };
  });
  return op(rateLogit, ...kernels) as tf.Scalar;
}
