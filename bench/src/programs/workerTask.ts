/** The module of a worker: the dense network with dropout and L2, at the batch that several workers share. */
import { dropout } from '@keepprob/dropout';
import { install } from '@keepprob/kernels/wasm';
import { l2 } from '@keepprob/l2';
import { serveFit } from '@keepprob/trainer/worker';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

export interface WorkerArgs {
  readonly batch: number;
  readonly steps: number;
  readonly hidden: number;
}

serveFit(async ({ batch, steps, hidden }: WorkerArgs) => {
  await tf.setBackend('wasm');
  await install();
  const rows = batch * steps;
  const relu = { units: hidden, activation: 'relu' } as const;
  return {
    model: tf.sequential({
      layers: [
        tf.layers.dense({ ...relu, inputShape: [784] }),
        dropout({ keepProb: 0.5 }),
        tf.layers.dense(relu),
        dropout({ keepProb: 0.5 }),
        tf.layers.dense({ units: 10, activation: 'softmax' }),
      ],
    }),
    data: {
      x: tf.randomUniform([rows, 784]),
      y: tf.oneHot(
        tf.tensor1d(
          Int32Array.from({ length: rows }, (_, i) => i % 10),
          'int32',
        ),
        10,
      ),
    },
    options: {
      loss: 'categoricalCrossentropy',
      optimizer: tf.train.momentum(0.01, 0.9),
      batchSize: batch,
      seed: 1,
      plugins: [l2(1e-4)],
      trainEvaluation: false,
    },
  };
});
