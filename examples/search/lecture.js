// lecture.js
import { keepProbs } from '@keepprob/dropout';
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

await tf.setBackend('wasm');
await install();

export const network = seed =>
  tf.sequential({
    layers: [7, 7, 3, 2, 1].map((units, i) =>
      tf.layers.dense({
        units,
        name: units === 1 ? 'output' : `hidden${i + 1}`,
        activation: units === 1 ? 'sigmoid' : 'tanh',
        kernelInitializer: tf.initializers.glorotNormal({ seed: seed + i }),
        ...(i === 0 && { inputShape: [3] }),
      }),
    ),
  });

export default ({ keepProbs: behind, input }, { seed }) => ({
  model: keepProbs(network(seed), behind, { input }),
  options: {
    loss: 'binaryCrossentropy',
    metrics: ['accuracy'],
    optimizer: tf.train.adam(0.03),
    epochs: 40,
    batchSize: 80,
  },
});
