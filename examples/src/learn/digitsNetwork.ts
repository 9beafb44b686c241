/** Dense networks on digits, with what the paper's recipe drops. */
import { keepProbs } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs';
import { replaced } from './replaced.ts';

/** keepProb behind the hidden layers and at the pixels: Srivastava et al. 2014, §6.1.1. */
export const HIDDEN = 0.5;
export const INPUT = 0.8;

/** 784-…-10 with these hidden layers, He initialization. */
export function digitsNetwork(
  hidden: readonly number[],
  seed: number,
  activation: 'relu' | 'tanh' = 'relu',
): tf.LayersModel {
  const initializer = (at: number) => tf.initializers.heNormal({ seed: 10 * seed + at + 1 });
  const first = (at: number): object => (at === 0 ? { inputShape: [784] } : {});
  return tf.sequential({
    layers: [
      ...hidden.map((units, at) =>
        tf.layers.dense({
          ...{ units, activation, kernelInitializer: initializer(at), name: `hidden${at + 1}` },
          ...first(at),
        }),
      ),
      tf.layers.dense({
        ...{ units: 10, activation: 'softmax', kernelInitializer: initializer(hidden.length), name: 'digit' },
        ...first(hidden.length),
      }),
    ],
  });
}

/** With dropout behind each hidden layer and at the input, in place of the model. */
export const thinned = (model: tf.LayersModel): tf.LayersModel => {
  const hidden = model.layers.map(({ name }) => name).filter(name => name.startsWith('hidden'));
  const table = Object.fromEntries(hidden.map(name => [name, HIDDEN]));
  return replaced(model, plain => keepProbs(plain, table, { input: INPUT }));
};
