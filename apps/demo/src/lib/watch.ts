/** Plugins of the page's own: one listens to the learning-rate control, two look at the training and change nothing. */
import type { Hooks, TrainingPlugin } from '@keepprob/core';
import { layerPluginsOf } from '@keepprob/core/layers';
import { keepBits } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Settings } from './params.ts';
import { type Picture, sizes } from './protocol.ts';

const plugin = (name: string, hooks: Hooks): TrainingPlugin => ({
  name,
  apiVersion: 1,
  config: {},
  setup: () => hooks,
});

export const steerLearningRate = (settings: () => Settings): TrainingPlugin =>
  plugin('steerLearningRate', { epochEnd: () => ({ learningRate: settings().learningRate }) });

/** Σ w² over the kernels, at the end of every epoch. */
export const watchNorm = (tell: (squaredNorm: number) => void): TrainingPlugin =>
  plugin('watchNorm', {
    epochEnd: (_, weights) => {
      const kernels = weights.filter(weight => weight.role === 'kernel');
      tell(tf.addN(kernels.map(({ variable }) => tf.sum(tf.square(variable)))).dataSync()[0] ?? 0);
    },
  });

/**
 * The smaller network that a step gives to the first digit of its batch. Nothing is intercepted: the mask of a step is a
 * function of its key, so it is computed again.
 * @param wanted whether the page can take another picture now
 */
export function watchThinning(
  model: LayersModel,
  settings: () => Settings,
  wanted: () => boolean,
  tell: (picture: Picture) => void,
): TrainingPlugin {
  const sites = layerPluginsOf(model).map(layer => layer.name);
  return plugin('watchThinning', {
    batch(batch, at) {
      const [x] = Object.values(batch.x);
      if (!x || !wanted()) return batch;
      const { keepProbInput, keepProb1, keepProb2 } = settings();
      const { seed, step } = at.key();
      const places = [
        ['input', keepProbInput],
        ['hidden1', keepProb1],
        ['hidden2', keepProb2],
      ] as const;
      const layers = places.map(([name, keepProb]) => {
        const site = sites.indexOf(`${name}_dropout`);
        return { name, kept: keepBits([1, sizes[name]], keepProb, { seed, step, site, draw: 0 }, at.rows) };
      });
      const digit = Float32Array.from(tf.slice(x, [0, 0], [1, sizes.input]).dataSync());
      tell({ step, digit, layers });
      return batch;
    },
  });
}
