/**
 * Weight normalization: the length of each unit's incoming weights and their direction are trained apart.
 * Salimans & Kingma, "Weight normalization: a simple reparameterization to accelerate training of deep neural networks", NIPS 2016.
 *
 *     w = g v / ‖v‖        ∂g = ⟨∂w, v⟩ / ‖v‖        ∂v = (g / ‖v‖) (∂w − ∂g v / ‖v‖)        (eq. 2 and 3)
 */
import { defineReparametrization } from '@keepprob/core/layers';
import { normalNoise } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { divisor } from '../constraints/divisor.ts';

/** ‖v‖ over the axes summed into a unit, which stay with size 1. */
const norms = (v: tf.Tensor, axes: readonly number[]): tf.Tensor => tf.sqrt(tf.sum(tf.square(v), [...axes], true));

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
    save([v, g]);
    return {
      value: tf.mul(v, tf.div(g, divisor(norms(v, axes)))),
      gradFunc(dw, saved) {
        const [v, g] = saved as [tf.Tensor, tf.Tensor];
        const norm = divisor(norms(v, axes));
        const unit = tf.div(v, norm);
        const dg = tf.sum(tf.mul(dw, unit), [...axes], true);
        return [tf.mul(tf.sub(dw, tf.mul(dg, unit)), tf.div(g, norm)), dg];
      },
    };
  });
  return op(v, g);
}

/**
 * v with a direction, of length 1, in place of each unit of zeros: with g = 0 and v = 0 neither would ever have a gradient. The kernel stays g v / ‖v‖ = 0.
 * The same directions each time, by their index in the kernel.
 */
function withDirections(v: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const random = normalNoise(v.shape, { seed: 0, step: 0, site: 0, draw: 0 });
  const isZero = tf.sub(1, tf.step(norms(v, axes)));
  return tf.add(v, tf.mul(tf.div(random, divisor(norms(random, axes))), isZero));
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
  own: { g: { trainable: true, standsForKernel: true, initial: norms } },
  start: withDirections,
  kernel: (v, { own, fanInAxes }) => normalizeWeight(v, own.g as tf.Variable, fanInAxes),
});
