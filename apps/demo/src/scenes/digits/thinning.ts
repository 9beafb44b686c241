/** Looks at a step's masks, and changes nothing. */
import type { TrainingPlugin } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { masksOf } from '../../stage/worker/masks.ts';
import { plugin } from '../../stage/worker/plugins.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { type Picture, sizes } from './reports.ts';

/**
 * The smaller network that a step gives to the first digit of its batch.
 * @param wanted whether the page can take another picture now
 */
export function watchThinning(
  model: LayersModel,
  settings: () => Settings,
  wanted: () => boolean,
  tell: (picture: Picture) => void,
): TrainingPlugin {
  const masks = masksOf(model);
  return plugin('watchThinning', {
    batch(batch, at) {
      const [x] = Object.values(batch.x);
      if (!x || !wanted()) return batch;
      const { input, hidden1, hidden2 } = keepProbsOf(settings());
      const layers = masks(
        [
          { name: 'input', units: sizes.input, keepProb: input },
          { name: 'hidden1', units: sizes.hidden1, keepProb: hidden1 },
          { name: 'hidden2', units: sizes.hidden2, keepProb: hidden2 },
        ],
        at,
      );
      const digit = Float32Array.from(tf.slice(x, [0, 0], [1, sizes.input]).dataSync());
      tell({ step: at.key().step, digit, layers });
      return batch;
    },
  });
}
