/** A small layer trained with one plugin. */
import type { TrainingPlugin } from '@keepprob/core';
import { attach } from '@keepprob/core/stock';
import * as tf from '@tensorflow/tfjs';

/** The kernel [4, 3] after three steps, and what J was at each of them. */
export async function trained(
  plugin: TrainingPlugin,
  learningRate = 0.1,
): Promise<{ kernel: tf.Tensor; cost: number[] }> {
  const layer = tf.layers.dense({
    units: 3,
    inputShape: [4],
    kernelInitializer: tf.initializers.glorotNormal({ seed: 3 }),
  });
  const model = tf.sequential({ layers: [layer] });
  const reg = attach(model, tf.train.sgd(learningRate), plugin);
  model.compile({ optimizer: reg.optimizer, loss: (_, yPred) => tf.mul(tf.sum(yPred), learningRate) });
  const { history } = await model.fit(tf.ones([2, 4]), tf.zeros([2, 3]), { epochs: 3, verbose: 0 });
  return { kernel: model.getWeights()[0]!, cost: history.loss as number[] };
}
export const norms = (kernel: tf.Tensor): number[] => [...tf.norm(kernel, 2, 0).dataSync()];
