/** A run, and where it ended in Node: in every browser it ends there, too. */
import { dropout } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect } from 'vitest';
import { fit } from '../../src/index.ts';

/** WebGL's own default is another one. */
const EPSILON = 1e-7;

const seeded = (seed: number) => tfl.initializers.glorotUniform({ seed });

/** J of each epoch on Node's cpu backend. */
const COST = [1.1052579, 1.0610574, 1.1085778, 0.9638869, 0.979672];

/** Updates with dropout, Adam and exp on the backend in use, four in each epoch; in float32 backends add up in their own order. */
export async function expectKnownRun(epochs = COST.length): Promise<void> {
  const before = tf.memory().numTensors;
  const model = tfl.sequential({
    layers: [
      tfl.layers.dense({ units: 16, activation: 'tanh', inputShape: [4], kernelInitializer: seeded(1) }),
      dropout({ keepProb: 0.5 }),
      tfl.layers.dense({ units: 3, activation: 'softmax', kernelInitializer: seeded(2) }),
    ],
  });
  const optimizer = tf.train.adam(0.02, 0.9, 0.999, EPSILON);
  const x = tf.tensor2d(
    Float32Array.from({ length: 240 }, (_, i) => ((i * 37) % 101) / 50 - 1),
    [60, 4],
  );
  const y = tf.oneHot(
    Int32Array.from({ length: 60 }, (_, i) => ((i * 37) % 101) % 3),
    3,
  );
  const run = await fit(
    model,
    { x, y },
    {
      loss: 'categoricalCrossentropy',
      optimizer,
      epochs,
      batchSize: 16,
      seed: 5,
      progress: false,
    },
  );
  const { cost } = run.history;
  expect(cost).toHaveLength(epochs);
  for (const [i, number] of COST.slice(0, epochs).entries()) expect(Math.abs(cost![i]! - number)).toBeLessThan(2e-6);
  tf.dispose([x, y]);
  optimizer.dispose();
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
}
