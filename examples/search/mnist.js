// mnist.js
import { keepProbs } from '@keepprob/dropout';
import { install } from '@keepprob/kernels/wasm';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

await tf.setBackend('wasm');
await install();

export const network = seed => {
  const dense = (units, name, more) =>
    tf.layers.dense({ units, name, kernelInitializer: tf.initializers.heNormal({ seed: seed++ }), ...more });
  return tf.sequential({
    layers: [
      dense(64, 'hidden1', { activation: 'relu', inputShape: [784] }),
      dense(64, 'hidden2', { activation: 'relu' }),
      dense(10, 'digit', { activation: 'softmax' }),
    ],
  });
};

export default ({ keepProbs: behind, input }, { seed }) => ({
  model: keepProbs(network(seed), behind, { input }),
  options: {
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
    optimizer: tf.train.adam(2e-3),
    epochs: 15,
    batchSize: 50,
  },
});
