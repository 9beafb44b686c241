/** The trial of the search section: a small net, so that what is beyond its training shows. */
import { dropout } from '@keepprob/dropout';
import type { Trial } from '@keepprob/search';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';

const trial: Trial<{ readonly keep: number }> = ({ keep }, { seed }) => {
  const kernelInitializer = initializers.glorotUniform({ seed });
  return {
    model: sequential({
      layers: [
        layers.dense({ units: 6, activation: 'relu', inputShape: [4], kernelInitializer }),
        dropout({ keepProb: keep }),
        layers.dense({ units: 2, activation: 'softmax', kernelInitializer }),
      ],
    }),
    options: { loss: 'categoricalCrossentropy', optimizer: tf.train.adam(0.05), epochs: 2, batchSize: 16 },
  };
};
export default trial;
