/** A long run on WebGL takes no more tensors, and no more textures, at its end than at its beginning. */
import { dropout } from '@keepprob/dropout';
import { l2 } from '@keepprob/l2';
import { fit } from '@keepprob/trainer';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-webgl';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { expect, test } from 'vitest';

/** `npm run test:long` takes many (vitest.config.ts). */
const epochs = import.meta.env.CASES === 'all' ? 500 : 9;

interface Textures {
  readonly textureManager: { getNumUsedTextures(): number; getNumFreeTextures(): number };
}

test(`${4 * epochs} updates with plugins and an evaluation after every fourth one`, async () => {
  expect(await tf.setBackend('webgl')).toBe(true);
  const model = tfl.sequential({
    layers: [
      tfl.layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [8, 8, 1], activation: 'relu' }),
      tfl.layers.flatten(),
      dropout({ keepProb: 0.8 }),
      tfl.layers.dense({ units: 3, activation: 'softmax' }),
    ],
  });
  const x = tf.randomNormal([40, 8, 8, 1], 0, 1, 'float32', 1);
  const y = tf.oneHot(
    Int32Array.from({ length: 40 }, (_, i) => i % 3),
    3,
  );
  const held: object[] = [];
  const { history } = await fit(
    model,
    { x, y },
    {
      ...{ loss: 'categoricalCrossentropy', optimizer: 'adam', epochs, batchSize: 10, seed: 1, progress: false },
      plugins: [l2(1e-4)],
      trainEvaluation: false,
      validation: { x: tf.slice(x, 0, 10), y: tf.slice(y, 0, 10) },
      listeners: [
        ({ type, epoch }) => {
          // what is drawn with for the first time may be kept for the next time
          if (type !== 'epoch' || epoch < epochs / 3) return;
          const { numTensors, numBytes, numDataBuffers } = tf.memory();
          const { textureManager } = tf.backend() as unknown as Textures;
          const [used, free] = [textureManager.getNumUsedTextures(), textureManager.getNumFreeTextures()];
          held.push({ numTensors, numBytes, numDataBuffers, textures: used + free, data: tf.backend().numDataIds() });
        },
      ],
    },
  );
  expect(history.cost!.at(-1)!).toBeLessThan(history.cost![0]!);
  expect(held.length).toBeGreaterThan(epochs / 2);
  for (const now of held) expect(now).toEqual(held[0]);
});
