/** Small networks for the programs, and where in them a layer goes. */
import { callOf } from './literal.mjs';

/** The rows of each kind of input. */
export const inputs = {
  vectors: "tf.randomNormal([100, 20], 0, 1, 'float32', 1)",
  images: "tf.randomUniform([32, 8, 8, 3], 0, 1, 'float32', 1)",
  volumes: "tf.randomNormal([32, 4, 4, 4, 2], 0, 1, 'float32', 1)",
  series: "tf.randomNormal([32, 8, 4], 0, 1, 'float32', 1)",
  words: "tf.randomUniform([32, 8], 1, 100, 'int32', 1)",
};
export const rowsOf = kind => (kind === 'vectors' ? 100 : 32);

const dense = more => `tf.layers.dense({ units: 32, activation: 'relu'${more} })`;
const embedding = more => `tf.layers.embedding({ inputDim: 100, outputDim: 8${more} })`;
const head = `tf.layers.dense({ units: 2, activation: 'softmax' })`;

/** The layers of a network for each kind of input; `around` is given the arguments that the first layer needs, and makes it. */
const networks = {
  vectors: ({ first = [], around = dense, behind = [] }) => [
    ...first,
    around(first.length ? '' : ', inputShape: [20]'),
    ...behind,
    head,
  ],
  images: ({ behind = [] }) => [
    "tf.layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [8, 8, 3] })",
    ...behind,
    'tf.layers.flatten()',
    head,
  ],
  volumes: ({ behind = [] }) => [
    "tf.layers.conv3d({ filters: 4, kernelSize: 2, activation: 'relu', inputShape: [4, 4, 4, 2] })",
    ...behind,
    'tf.layers.flatten()',
    head,
  ],
  series: ({ around }) => [around(', inputShape: [8, 4]'), head],
  words: ({ first = [], around = embedding, behind = [] }) => [
    ...first,
    around(first.length ? '' : ', inputShape: [8]'),
    ...behind,
    'tf.layers.flatten()',
    head,
  ],
};

/** A network for a kind of input, with what is put into it. */
export const network = (kind, parts = {}) => ({ kind, layers: networks[kind](parts) });

const kinds = { mlp: 'vectors', cnn: 'images', colour: 'images', text: 'words', volume: 'volumes' };
const widths = { vectors: [20], words: [8] };

/** A network with a layer of the catalogue where such a layer goes. */
export function networkWith(entry) {
  const { place, net } = entry.bench;
  const { options } = entry;
  const kind = place === 'recurrent' ? 'series' : kinds[net];
  const parts = {
    first: () => ({ first: [callOf(entry, { ...options, inputShape: widths[kind] })] }),
    behind: () => ({ behind: [callOf(entry, options)] }),
    around: () => ({ around: more => callOf(entry, options, dense(more)) }),
    aroundEmbedding: () => ({ around: more => callOf(entry, options, embedding(more)) }),
    recurrent: () => ({
      around: more => callOf(entry, { ...options, units: 8 }).replace(/ \}\)$/, `${more} })`),
    }),
  };
  return network(kind, parts[place]());
}
