/**
 * Trains with everything switched on, and after each tenth of the updates prints what the process holds, garbage collected. Needs --expose-gc.
 *
 *     node --expose-gc longRun.mjs directory updates
 */
import { dropout } from '@keepprob/dropout';
import { l2, maxNorm, weightDecay } from '@keepprob/l2';
import { cosine, schedule } from '@keepprob/schedules';
import { earlyStopping } from '@keepprob/stopping';
import { fit } from '@keepprob/trainer';
import { csv, directoryStore, jsonLines, tensorBoard } from '@keepprob/trainer/node';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import * as tfl from '@tensorflow/tfjs-layers';

// a pool of Node would be counted as a whole, or not at all
Buffer.poolSize = 0;
const ROWS = 400;
const BATCH = 8;
const [directory, count] = process.argv.slice(2);
const updates = Number(count);
const tenth = updates / 10;
const model = tfl.sequential({
  layers: [
    tfl.layers.dense({ units: 8, activation: 'relu', inputShape: [4] }),
    dropout({ keepProb: 0.8 }),
    tfl.layers.batchNormalization(),
    tfl.layers.dense({ units: 2, activation: 'softmax' }),
  ],
});
const labels = Array.from({ length: ROWS }, (_, i) => i % 2);
const part = () => ({ x: tf.randomNormal([ROWS, 4]), y: tf.oneHot(tf.tensor1d(labels, 'int32'), 2) });

function report() {
  gc();
  gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  const { numTensors, numBytes, numDataBuffers } = tf.memory();
  console.log(JSON.stringify({ numTensors, numDataBuffers, numBytes, heapUsed, arrayBuffers }));
}

await fit(model, part(), {
  loss: 'categoricalCrossentropy',
  optimizer: tf.train.adam(0.01),
  epochs: (updates * BATCH) / ROWS,
  batchSize: BATCH,
  seed: 1,
  metrics: ['accuracy'],
  validation: part(),
  plugins: [
    schedule({ learningRate: cosine({ from: 0.01, to: 0.001, steps: updates }) }),
    l2(1e-4),
    weightDecay(0.01),
    maxNorm(3),
    earlyStopping({ patience: 1000 }),
  ],
  checkpoint: { store: directoryStore(`${directory}/checkpoints`), every: tenth },
  listeners: [jsonLines(`${directory}/run.jsonl`), csv(`${directory}/run.csv`), tensorBoard(`${directory}/events`)],
  progress: ({ type, step }) => {
    if (type === 'step' && step % tenth === 0) report();
  },
});
