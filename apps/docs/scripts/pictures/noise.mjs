/** What a layer with noise does to an input of ones, drawn by the layer itself. */
import * as tf from '@tensorflow/tfjs';
import { grids } from './svg.mjs';

/** The output of a layer in training, as nested lists. */
function output(layer, input) {
  const result = tf.tidy(() => layer.apply(input, { training: true }).arraySync());
  input.dispose();
  return result;
}
const ones = shape => tf.ones(shape);
/** [height, width, channels] as one table for each channel. */
const byChannel = image => image[0][0].map((_, c) => image.map(row => row.map(pixel => pixel[c])));

const samples = { rows: 'samples', columns: 'units' };
const vectors = entry => ({
  svg: grids([output(made(entry), ones([8, 20]))], samples),
  alt: 'What the layer gives in training for an input of ones: eight samples below each other, twenty units side by side. Empty cells are 0.',
});
const images = entry => ({
  svg: grids(byChannel(output(made(entry), ones([1, 10, 10, 3]))[0]), {
    rows: 'height',
    columns: 'three channels, width',
  }),
  alt: 'What the layer gives in training for an image of ones with three channels. Empty cells are 0.',
});

const made = entry => entry.make({ ...entry.options, seed: 5, ...more[entry.name] });
/** Stronger than the options to begin with where those would hardly show. */
const more = {
  dropBlock2D: { keepProb: 0.8, blockSize: 3 },
  spatialDropout1D: { keepProb: 0.7 },
  spatialDropout2D: { keepProb: 0.6 },
  featureAlphaDropout: { keepProb: 0.6 },
  dropPath: { keepProb: 0.6 },
  wordDropout: { keepProb: 0.8 },
};

export const noise = {
  dropout: vectors,
  alphaDropout: vectors,
  gaussianDropout: vectors,
  gaussianNoise: vectors,
  dropPath: vectors,
  spatialDropout2D: images,
  dropBlock2D: images,
  spatialDropout1D: entry => ({
    svg: grids([output(made(entry), ones([1, 8, 20]))[0]], { rows: 'time', columns: 'channels' }),
    alt: 'What the layer gives in training for a sequence of ones: eight steps below each other, twenty channels side by side. Whole channels are empty.',
  }),
  wordDropout: entry => ({
    svg: grids([output(made(entry), tf.fill([8, 20], 9)).map(row => row.map(id => Number(id === 9)))], {
      rows: 'sentences',
      columns: 'words',
    }),
    alt: 'Eight sentences of twenty words. Empty cells are words that became the unknown word.',
  }),
};
