/** A small net on the cpu backend; what it is told to do wrong stands in its values. */
import { dropout } from '@keepprob/dropout';
import '@tensorflow/tfjs-backend-cpu';
import { train } from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';

const { dense } = tfl.layers;

/** @type {import('../../src/contract.ts').Trial<{ keep: number, rate?: number }>} */
const trial = ({ keep, rate = 0.05 }, { seed }) => {
  const kernelInitializer = tfl.initializers.glorotUniform({ seed });
  return {
    model: tfl.sequential({
      layers: [
        dense({ units: 6, activation: 'relu', inputShape: [4], kernelInitializer }),
        dropout({ keepProb: keep }),
        dense({ units: 2, activation: 'softmax', kernelInitializer }),
      ],
    }),
    options: {
      loss: 'categoricalCrossentropy',
      optimizer: train.adam(rate),
      epochs: 2,
      batchSize: 16,
      metrics: ['accuracy'],
    },
  };
};

export default trial;
