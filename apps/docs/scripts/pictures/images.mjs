/** Digits before and after an augmentation. */
import { definePlugin } from '@keepprob/core';
import { mnist } from '@keepprob/datasets';
import { fit } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs';
import { png } from './png.mjs';
import { gallery } from './svg.mjs';

const COUNT = 6;
const SIDE = 28;
const digits = await mnist({ train: COUNT, test: 1, seed: 4 });

const picturesOf = values =>
  Array.from({ length: COUNT }, (_, i) =>
    png(Array.from(values.subarray(i * SIDE * SIDE, (i + 1) * SIDE * SIDE)), SIDE),
  );

/** The batch that reaches the model. */
async function augmented(plugin) {
  let seen;
  const watch = definePlugin({
    name: 'watch',
    options: {},
    setup: () => ({
      batch(batch) {
        seen = Float32Array.from(Object.values(batch.x)[0].dataSync());
        return batch;
      },
    }),
  });
  const model = tf.sequential({
    layers: [tf.layers.flatten({ inputShape: [SIDE, SIDE, 1] }), tf.layers.dense({ units: 10, activation: 'softmax' })],
  });
  const { x, y } = digits.train;
  await fit(
    model,
    { x: { data: x.data, shape: [COUNT, SIDE, SIDE, 1] }, y },
    {
      ...{ loss: 'categoricalCrossentropy', optimizer: 'sgd', batchSize: COUNT, shuffle: false, seed: 3 },
      ...{ plugins: [plugin, watch()], trainEvaluation: false, progress: false },
    },
  );
  model.dispose();
  return seen;
}

const moved = options => async entry => ({
  svg: gallery(
    [
      { name: 'before', sources: picturesOf(digits.train.x.data) },
      { name: 'after', sources: picturesOf(await augmented(entry.make(options))) },
    ],
    56,
  ),
  alt: `Six handwritten digits, and below them the same six after ${entry.name}.`,
});

export const byImage = {
  mixup: moved({ alpha: 1 }),
  cutmix: moved({ alpha: 1 }),
  inputNoise: moved({ stddev: 0.2 }),
  randomFlip: moved({}),
  randomCrop: moved({ padding: 6 }),
  randomRotation: moved({ factor: 0.1, fillMode: 'constant' }),
  randomZoom: moved({ heightFactor: 0.3, fillMode: 'constant' }),
  randomTranslation: moved({ heightFactor: 0.2, widthFactor: 0.2, fillMode: 'constant' }),
  randomShear: moved({ xFactor: 0.4, fillMode: 'constant' }),
  randomAffine: moved({ rotation: 0.06, zoom: 0.2, translation: 0.15, shear: 0.2, fillMode: 'constant' }),
  cutout: moved({ size: 10 }),
  randomErasing: moved({ probability: 1 }),
};
