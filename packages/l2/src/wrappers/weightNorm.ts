/**
 * Weight normalization: the length of each unit's incoming weights and their direction are trained apart.
 * Salimans & Kingma, "Weight normalization: a simple reparameterization to accelerate training of deep neural networks", NIPS 2016.
 *
 *     w = g v / ‖v‖        ∂g = ⟨∂w, v⟩ / ‖v‖        ∂v = (g / ‖v‖) (∂w − ∂g v / ‖v‖)        (eq. 2 and 3)
 */
import { divisor, unitDots, unitNorms } from '@keepprob/core';
import { isTaped, runExtraKernel, WEIGHT_NORM_GRAD_KERNEL, WEIGHT_NORM_KERNEL } from '@keepprob/core/kernels';
import { defineReparametrization } from '@keepprob/core/layers';
import { normalNoise } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';

/** Whether a kernel for [.., units] is one for this. */
const isForKernel = (v: tf.Tensor, axes: readonly number[]): boolean =>
  v.dtype === 'float32' && axes.length > 0 && axes.length === v.rank - 1 && axes.every((axis, i) => axis === i);

/** w, and ‖v‖ with 1 in place of 0. */
function forward(v: tf.Tensor, g: tf.Tensor, axes: readonly number[]): readonly [w: tf.Tensor, norm: tf.Tensor] {
  const [w, norm] = (isForKernel(v, axes) && runExtraKernel<tf.Tensor[]>(WEIGHT_NORM_KERNEL, { v, g }, {})) || [];
  if (w && norm) return [w, norm];
  const length = divisor(unitNorms(v, axes));
  return [tf.mul(v, tf.div(g, length)), length];
}

/** By v and by g. */
function backward(
  dw: tf.Tensor,
  [v, g, kept]: readonly [tf.Tensor, tf.Tensor, tf.Tensor],
  axes: readonly number[],
): tf.Tensor[] {
  const isFast = isForKernel(v, axes) && !isTaped();
  const fast = isFast && runExtraKernel<tf.Tensor[]>(WEIGHT_NORM_GRAD_KERNEL, { dw, v, g, norm: kept }, {});
  if (fast) return fast;
  const norm = isTaped() ? divisor(unitNorms(v, axes)) : kept;
  const dg = tf.div(unitDots(dw, v, axes), norm);
  return [tf.mul(tf.sub(dw, tf.mul(v, tf.div(dg, norm))), tf.div(g, norm)), dg];
}

/**
 * w = g v / ‖v‖, with its gradient in closed form. A unit of zeros stays zero.
 * @param v the directions, of the kernel's shape
 * @param g the lengths, of that shape with 1 in place of `axes`
 * @param axes those summed into one unit
 * @example
 * normalizeWeight(tf.tensor2d([[3], [4]]), tf.tensor2d([[10]]), [0]); // [[6], [8]]
 */
export function normalizeWeight(v: tf.Tensor, g: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const op = tf.customGrad((...inputs) => {
    const [v, g, save] = inputs as unknown as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const [value, norm] = forward(v, g, axes);
    save([v, g, norm]);
    return { value, gradFunc: (dw, saved) => backward(dw, saved as [tf.Tensor, tf.Tensor, tf.Tensor], axes) };
  });
  return op(v, g);
}

/**
 * v with a direction, of length 1, in place of each unit of zeros: with g = 0 and v = 0 neither would ever have a gradient. The kernel stays g v / ‖v‖ = 0.
 * The same directions each time, by their index in the kernel.
 */
function withDirections(v: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const random = normalNoise(v.shape, { seed: 0, step: 0, site: 0, draw: 0 });
  const isZero = tf.sub(1, tf.step(unitNorms(v, axes)));
  return tf.add(v, tf.mul(tf.div(random, divisor(unitNorms(random, axes))), isZero));
}

/**
 * Weight normalization (Salimans & Kingma 2016): the length g of each unit's incoming weights and their direction v are trained separately, w = g v / ‖v‖.
 * It takes any layer with kernels: dense, convolutions, recurrent layers (the recurrent kernel too), or a model. v is the layer's own kernel; g starts
 * as ‖v‖, so that the layer at first computes the same as before. A unit of zeros gets a direction for its v, so that it also learns. L2, weight decay and max-norm
 * act on g: since ‖w‖ = |g|, they have the same effect on w as without the wrapper.
 * @example
 * model.add(weightNorm(tf.layers.dense({ units: 2, activation: 'softmax' })));
 * @throws OptionError for a layer without kernels (when it is built), a recurrent cell
 */
export const weightNorm = defineReparametrization<object>({
  name: 'weightNorm',
  className: 'KeepprobWeightNorm',
  options: {},
  own: { g: { trainable: true, standsForKernel: true, initial: unitNorms } },
  start: withDirections,
  kernel: (v, { own, fanInAxes }) => normalizeWeight(v, own.g as tf.Variable, fanInAxes),
});
