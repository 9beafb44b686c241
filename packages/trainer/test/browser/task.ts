/** A small problem in a worker of the page. */
import { dropout } from '@keepprob/dropout';
import { serveFit, type Task } from '@keepprob/trainer/worker';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

/** Says so at update 3, and then nothing more. */
function hang({ type, step }: { type: string; step: number }): void {
  if (type !== 'step' || step !== 3) return;
  postMessage({ type: 'hanging' });
  for (;;);
}

export const makeTask = ({ epochs = 3, hangs = false } = {}): Task => ({
  model: tfl.sequential({
    layers: [
      tfl.layers.dense({
        units: 8,
        activation: 'relu',
        inputShape: [4],
        kernelInitializer: tfl.initializers.glorotUniform({ seed: 1 }),
      }),
      dropout({ keepProb: 0.5 }),
      tfl.layers.dense({ units: 1, kernelInitializer: tfl.initializers.glorotUniform({ seed: 2 }) }),
    ],
  }),
  data: { x: tf.randomNormal([40, 4], 0, 1, 'float32', 3), y: tf.randomNormal([40, 1], 0, 1, 'float32', 4) },
  options: {
    loss: 'meanSquaredError',
    optimizer: tf.train.adam(0.02),
    epochs,
    batchSize: 16,
    seed: 5,
    listeners: hangs ? [hang] : [],
  },
});

if (typeof document === 'undefined') serveFit<Parameters<typeof makeTask>[0]>(args => makeTask(args));
