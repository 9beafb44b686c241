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
  ...rest
} = {}) => ({
  model: buildModel(rest),
  data: part(rows, 3),
  options: {
    loss: 'categoricalCrossentropy',
    optimizer: tf.train.adam(0.02),
    epochs: 4,
    batchSize: 16,
    seed: 5,
    metrics: ['accuracy'],
    validation: hasEndlessDev ? endless : part(20, 4),
    plugins: [l2(1e-3), earlyStopping({ patience: patience ?? 99, minDelta: 0.01 }), ...(isSharp ? [sharp()] : [])],
    ...options,
  },
});
