/** Plugins of the page's own: one listens to the learning-rate control, the others look at the training and change nothing. */
import type { Hooks, TrainingPlugin } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';

export const plugin = (name: string, hooks: Hooks): TrainingPlugin => ({
  name,
  apiVersion: 1,
  config: {},
  setup: () => hooks,
});

export const steerLearningRate = (learningRate: () => number): TrainingPlugin =>
  plugin('steerLearningRate', { epochEnd: () => ({ learningRate: learningRate() }) });

/** One kernel's weights: Σ w², and the share of them that carries it, (Σ w²)² / (n Σ w⁴): 1 when all are equally large. */
export interface KernelSpread {
  readonly squaredNorm: number;
  readonly spread: number;
}

/** Of every kernel in order, at the end of every epoch. */
export const watchSpread = (tell: (kernels: readonly KernelSpread[]) => void): TrainingPlugin =>
  plugin('watchSpread', {
    epochEnd: (_, weights) => {
      const kernels = weights.filter(weight => weight.role === 'kernel');
      tell(kernels.map(({ variable }) => spreadOf(variable)));
    },
  });

const spreadOf = (kernel: tf.Tensor): KernelSpread =>
  tf.tidy(() => {
    const squares = tf.square(kernel);
    const [squaredNorm = 0, fourths = 0] = tf.stack([tf.sum(squares), tf.sum(tf.square(squares))]).dataSync();
    return { squaredNorm, spread: fourths > 0 ? squaredNorm ** 2 / (kernel.size * fourths) : 0 };
  });
