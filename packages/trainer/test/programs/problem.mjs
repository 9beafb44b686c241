/** A small problem, the same in every thread. */
import { definePlugin } from '@keepprob/core';
import { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { earlyStopping } from '@keepprob/stopping';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

const seeded = seed => tfl.initializers.glorotUniform({ seed });
export const buildModel = ({ batchNorm = false } = {}) =>
  tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 8, activation: 'relu', inputShape: [4], kernelInitializer: seeded(1) }),
      dropout({ keepProb: 0.5 }),
      ...(batchNorm ? [tfl.layers.batchNormalization()] : []),
      tfl.layers.dense({ units: 2, activation: 'softmax', kernelInitializer: seeded(2) }),
    ],
  });

const part = (rows, seed) => ({
  x: tf.randomNormal([rows, 4], 0, 1, 'float32', seed),
  y: tf.oneHot(
    tf.tensor1d(
      Array.from({ length: rows }, (_, i) => i % 2),
      'int32',
    ),
    2,
  ),
});

/** A number for each word of sentences that end at a 0: rows count 1 to 4 steps, the first ones of a batch fewer. */
const buildTagger = () =>
  tfl.sequential({
    layers: [
      tfl.layers.embedding({
        inputDim: 9,
        outputDim: 3,
        maskZero: true,
        inputLength: 4,
        embeddingsInitializer: seeded(1),
      }),
      tfl.layers.dense({ units: 1, kernelInitializer: seeded(2) }),
    ],
  });

const sentences = rows => {
  const words = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: 4 }, (_, step) => (step <= Math.floor((row % 16) / 4) ? 1 + ((row + step) % 8) : 0)),
  );
  return { x: words, y: words.map(steps => steps.map(word => [word / 4])) };
};

/** The gradient at w + ρ g / ‖g‖, as SAM takes it: two passes, the second of which depends on the first over the whole batch. */
const sharp = definePlugin({
  name: 'sharp',
  options: {},
  setup: () => ({
    step(inner, batch, weights) {
      const here = inner(batch);
      const moved = weights.map(({ variable, path }) => [variable, tf.clone(variable), here.gradients.get(path)]);
      const squares = moved.map(([, , g]) => tf.sum(tf.square(g))).reduce((a, b) => tf.add(a, b));
      for (const [w, before, g] of moved) w.assign(tf.add(before, tf.mul(g, tf.div(0.5, tf.sqrt(squares)))));
      const { gradients } = inner(batch);
      for (const [w, before] of moved) w.assign(before);
      return { ...here, gradients };
    },
  }),
});

/** Dev data without end. */
async function* endless() {
  for (;;) yield part(20, 4);
}

export const makeTask = ({
  rows = 50,
  options = {},
  patience,
  isSharp = false,
  hasEndlessDev = false,
  isMasked = false,
  ...rest
} = {}) => ({
  model: isMasked ? buildTagger() : buildModel(rest),
  data: isMasked ? sentences(rows) : part(rows, 3),
  options: {
    loss: isMasked ? 'meanSquaredError' : 'categoricalCrossentropy',
    optimizer: tf.train.adam(0.02),
    epochs: 4,
    batchSize: 16,
    seed: 5,
    metrics: [isMasked ? 'mae' : 'accuracy'],
    shuffle: !isMasked,
    validation: isMasked ? sentences(20) : hasEndlessDev ? endless : part(20, 4),
    plugins: [l2(1e-3), earlyStopping({ patience: patience ?? 99, minDelta: 0.01 }), ...(isSharp ? [sharp()] : [])],
    ...options,
  },
});
