/**
 * Embedding dropout: words are dropped from the vocabulary, each with every place where it stands in the batch. Gal & Ghahramani, "A
 * theoretically grounded application of dropout in recurrent neural networks", NIPS 2016, §4.2; Merity, Keskar & Socher, ICLR 2018, §4.3.
 *
 *     Ẽ[word] = keep[word] ? E[word] / keepProb : 0 in training        E at inference
 */
import { valueAt } from '@keepprob/core';
import { defineReparametrization } from '@keepprob/core/layers';
import { type Checked, dropping, type KeepProbOrRate, keeping, oneField } from '../options/rate.ts';
import { dropWeights } from './dropConnect.ts';

/** Options of `embeddingDropout`. */
export type EmbeddingDropoutOptions = KeepProbOrRate;

/**
 * An embedding whose words are dropped from the vocabulary (Gal & Ghahramani 2016, §4.2; Merity, Keskar & Socher 2018, §4.3), one draw for the whole batch
 * at each step. It costs a pass over the whole matrix, as the update of the matrix does. `wordDropout`, in contrast, drops positions, not words.
 *
 *     Ẽ[word] = keep[word] ? E[word] / keepProb : 0 in training        E at inference
 * @example
 * const net = tf.sequential();
 * net.add(embeddingDropout(tf.layers.embedding({ inputDim: 1000, outputDim: 16, inputLength: 20 }), { keepProb: 0.9 }));
 * @throws OptionError for both or neither of keepProb and rate, a value out of (0, 1], a layer without embeddings (when it is built)
 */
export const embeddingDropout = defineReparametrization<Checked<EmbeddingDropoutOptions>, EmbeddingDropoutOptions>({
  name: 'embeddingDropout',
  className: 'KeepprobEmbeddingDropout',
  options: keeping,
  noise: {
    keepProb: { ...dropping, target: 'weights', unlike: 'it drops rows of the embedding matrix, not activations' },
  },
  normalize: oneField('embeddingDropout'),
  roles: () => ['embedding'],
  kernel(embeddings, { fanInAxes }, { keepProb }, at) {
    if (!at) return embeddings;
    const rows = embeddings.shape.map((n, axis) => (fanInAxes.includes(axis) ? 1 : n));
    return dropWeights(embeddings, valueAt(keepProb, at), at, rows);
  },
});
