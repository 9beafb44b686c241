import { type Moment, option, valueAt } from '@keepprob/core';
import { defineLayer } from '@keepprob/core/layers';
import { keepBits } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { checkRank } from '../options/channels.ts';
import { type Checked, dropping, type KeepProbOrRate, keeping, oneField } from '../options/rate.ts';

/** Options of `wordDropout`. */
export type WordDropoutOptions = KeepProbOrRate<{
  /** What a dropped word becomes, an integer ≥ 0; 1 by default, as in Keras' vocabularies. */
  readonly unknownId?: number;
  /** The id of the padding, which is never dropped; 0 by default, as in Keras. With null every id may be dropped. */
  readonly maskId?: number | null;
}>;

/**
 * y = keep or id = maskId ? id : unknownId.
 * @example
 * wordDropoutForward(tf.tensor2d([[5, 8, 0]], [1, 3], 'int32'), 0.9, { unknownId: 1, maskId: 0 }, at).shape; // [1, 3]
 */
export function wordDropoutForward(
  ids: tf.Tensor,
  keepProb: number,
  { unknownId, maskId }: { readonly unknownId: number; readonly maskId: number | null },
  at: Moment,
): tf.Tensor {
  const bits = keepBits(ids.shape, keepProb, at.key(), at.rows);
  const op = tf.customGrad((...[input, save]) => {
    const x = input as tf.Tensor;
    const kept = tf.tensor(bits, x.shape, 'bool');
    const stays = maskId === null ? kept : tf.logicalOr(kept, tf.equal(x, tf.scalar(maskId, x.dtype)));
    (save as tf.GradSaveFunc)([stays]);
    return {
      value: tf.where(stays, x, tf.scalar(unknownId, x.dtype)),
      gradFunc: (dy, saved) => tf.where(saved[0] as tf.Tensor, dy as tf.Tensor, tf.zerosLike(dy as tf.Tensor)),
    };
  });
  return op(ids);
}

/**
 * Word dropout: in training each word of a text becomes the unknown word with probability 1 − keepProb, so that a model does not rely on
 * single words and learns what the unknown word means. Nothing is rescaled, since ids are names. Put it in front of the embedding.
 * Bowman, Vilnis, Vinyals, Dai, Jozefowicz & Bengio, "Generating sentences from a continuous space", CoNLL 2016.
 *
 * Inputs are ids [batch, time], int32 or float32.
 * @example
 * const net = tf.sequential({ layers: [wordDropout({ rate: 0.1, inputShape: [20] })] });
 * net.add(tf.layers.embedding({ inputDim: 1000, outputDim: 16 }));
 * @throws OptionError for both or neither of keepProb and rate, a value out of (0, 1], an id below 0, or another rank
 */
export const wordDropout = defineLayer<Checked<WordDropoutOptions>, WordDropoutOptions>({
  name: 'wordDropout',
  className: 'KeepprobWordDropout',
  options: {
    ...keeping,
    unknownId: option.number({ min: 0, integer: true, fallback: 1 }),
    maskId: option.orNull(option.number({ min: 0, integer: true, fallback: 0 })),
  },
  noise: { keepProb: { ...dropping, effect: 'replaces', unlike: 'it replaces words, and divides nothing' } },
  normalize: oneField('wordDropout'),
  checkShape: shape => checkRank('wordDropout', shape, [2]),
  forward: (x, { keepProb, ...ids }, at) => wordDropoutForward(x, valueAt(keepProb, at), ids, at),
});
