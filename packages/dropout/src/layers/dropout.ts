import { type Moment, valueAt } from '@keepprob/core';
import { defineLayer, type NoiseShape } from '@keepprob/core/layers';
import { counterDropout } from '@keepprob/core/random';
import type * as tf from '@tensorflow/tfjs-core';
import { checkNoiseShape, drawFor, noiseShapeOption } from '../options/noiseShape.ts';
import { type Checked, dropping, type KeepProbOrRate, keeping, oneField } from '../options/rate.ts';

/** Options of `dropout`. */
export type DropoutOptions = KeepProbOrRate<{
  /** The shape of the mask, as in Keras: `[null, 1, null]` drops whole features of a sequence. By default each element has its own draw. */
  readonly noiseShape?: NoiseShape;
}>;

/**
 * y = keep ? x / keepProb : 0, elementwise, with the mask of this moment.
 * @example
 * dropoutForward(x, 0.5, [null, 1], at).shape; // [64, 4]
 */
export const dropoutForward = (x: tf.Tensor, keepProb: number, noiseShape: NoiseShape, at: Moment): tf.Tensor =>
  counterDropout(x, drawFor(x.shape, keepProb, noiseShape, at));

/**
 * Inverted dropout (Srivastava et al. 2014): in training each element is kept with probability keepProb and divided by
 * it, or set to 0; at inference it is the identity. Every step draws a fresh mask, and the same seed gives the same masks on
 * every backend. The backward pass draws the mask again, so only the output stays on the tape.
 *
 * Inputs may have any rank. The layer also takes the arguments of every TF.js layer, such as `name`. For Monte-Carlo dropout see `predictWithUncertainty`.
 * @example
 * model.add(dropout({ keepProb: 0.5 })); // or { rate: 0.5 }
 * dropout({ rate: 0.5, noiseShape: [null, 1, null], name: 'drop1' }); // whole features of a sequence
 * @throws OptionError for both or neither of keepProb and rate, or a value out of (0, 1]
 */
export const dropout = defineLayer<Checked<DropoutOptions>, DropoutOptions>({
  name: 'dropout',
  className: 'KeepprobDropout',
  options: { ...keeping, noiseShape: noiseShapeOption },
  noise: { keepProb: { ...dropping, noiseShape: (_, { noiseShape }) => noiseShape } },
  normalize: oneField('dropout'),
  checkShape: (shape, { noiseShape }) => checkNoiseShape('dropout', shape, noiseShape),
  forward: (x, { keepProb, noiseShape }, at) => dropoutForward(x, valueAt(keepProb, at), noiseShape, at),
});
