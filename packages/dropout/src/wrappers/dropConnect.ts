/**
 * DropConnect: weights are dropped, not activations. Wan, Zeiler, Zhang, LeCun & Fergus, "Regularization of neural networks using
 * DropConnect", ICML 2013. On recurrent kernels it is the weight-dropped LSTM of Merity, Keskar & Socher, ICLR 2018: one mask for all time
 * steps of a sequence.
 *
 *     W̃ = keep ? W / keepProb : 0, elementwise, in training        W at inference
 *
 * One mask for the whole batch at each step. The paper draws one for each example, which takes a kernel, and a product, for each of them;
 * the expectation is the same, and the variance of the gradient larger. At inference the mean network stands for the paper's Gaussian
 * moment matching.
 */

import { type Moment, option, type Role, valueAt } from '@keepprob/core';
import { defineReparametrization } from '@keepprob/core/layers';
import { counterDropout } from '@keepprob/core/random';
import type * as tf from '@tensorflow/tfjs-core';
import { type Checked, dropping, type KeepProbOrRate, keeping, oneField } from '../options/rate.ts';

const droppable = ['kernel', 'depthwise', 'recurrent', 'embedding'] as const satisfies readonly Role[];

/** Options of `dropConnect`. */
export type DropConnectOptions = KeepProbOrRate<{
  /** Which weights of the layer; by default 'kernel', 'depthwise' and 'recurrent'. `['recurrent']` is the weight-dropped LSTM. */
  readonly roles?: readonly (typeof droppable)[number][];
}>;

/**
 * keep ? w / keepProb : 0, with one draw of this moment that all rows of the batch share.
 * @param noiseShape shape of the mask: 1 shares a draw along an axis; that of w by default
 * @example
 * dropWeights(tf.ones([4, 2]), 0.5, at).shape; // [4, 2]
 */
export const dropWeights = (
  w: tf.Tensor,
  keepProb: number,
  at: Moment,
  noiseShape: readonly number[] = w.shape,
): tf.Tensor => counterDropout(w, { keepProb, noiseShape, key: at.key(), rows: [0, noiseShape[0] ?? 1] });

/**
 * DropConnect (Wan et al. 2013): a layer whose weights are dropped in training, with one mask for the whole batch at each step. Biases are kept. On recurrent
 * kernels it is the weight-dropped LSTM (Merity, Keskar & Socher 2018). The backward pass draws the mask again.
 *
 *     W̃ = keep ? W / keepProb : 0 in training        W at inference
 *
 * Inside `tf.layers.timeDistributed` every time step has its own mask; around it, all time steps share one.
 * @example
 * model.add(dropConnect(tf.layers.dense({ units: 2, activation: 'softmax' }), { keepProb: 0.5 }));
 * dropConnect(tf.layers.lstm({ units: 16 }), { rate: 0.5, roles: ['recurrent'] });
 * @throws OptionError for both or neither of keepProb and rate, a value out of (0, 1], an unknown role, a layer without such weights (when
 * it is built), a recurrent cell
 */
export const dropConnect = defineReparametrization<Checked<DropConnectOptions>, DropConnectOptions>({
  name: 'dropConnect',
  className: 'KeepprobDropConnect',
  options: {
    ...keeping,
    roles: option.someOf(droppable, { fallback: ['kernel', 'depthwise', 'recurrent'] }),
  },
  noise: { keepProb: { ...dropping, target: 'weights', unlike: 'it drops weights, not activations' } },
  normalize: oneField('dropConnect'),
  roles: ({ roles }) => roles,
  kernel: (w, _, { keepProb }, at) => (at ? dropWeights(w, valueAt(keepProb, at), at) : w),
});
