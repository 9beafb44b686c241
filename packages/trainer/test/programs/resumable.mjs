/** A run that can be killed: trains with a checkpoint after every update, says which update is done, and at the end prints its weights. */
import { dropout } from '@keepprob/dropout';
import { earlyStopping } from '@keepprob/stopping';
import { fit } from '@keepprob/trainer';
import { directoryStore } from '@keepprob/trainer/node';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';

const seeded = seed => tfl.initializers.glorotUniform({ seed });
const model = tfl.sequential({
  layers: [
    tfl.layers.dense({ units: 16, activation: 'relu', inputShape: [4], kernelInitializer: seeded(1) }),
    dropout({ keepProb: 0.5 }),
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
const [directory] = process.argv.slice(2);
await fit(model, part(100, 3), {
  loss: 'categoricalCrossentropy',
  optimizer: tf.train.adam(0.01),
  epochs: 10,
  batchSize: 8,
  seed: 1,
  validation: part(20, 4),
  plugins: [earlyStopping({ patience: 9 })],
  progress: ({ type, step }) => {
    if (type === 'step') process.stdout.write(`step ${step}\n`);
  },
  ...(directory && { checkpoint: { store: directoryStore(directory), every: 1 }, resume: true }),
});
process.stdout.write(`weights ${JSON.stringify(model.getWeights().map(w => [...w.dataSync()]))}\n`);
