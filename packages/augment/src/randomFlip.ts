import { definePlugin, option, type TrainingPlugin } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { changeImages, type Draws, type ImageOptions, imageOptions } from './images.ts';
import { selectRows } from './selectRows.ts';

export interface RandomFlipOptions extends ImageOptions {
  /** Left and right change places; true by default. */
  readonly horizontal?: boolean;
  /** Top and bottom change places; false by default. */
  readonly vertical?: boolean;
  /** Of each of the two, for each sample; ½ by default. */
  readonly probability?: number;
}

/**
 * Flips each image with probability ½, horizontally, vertically or both. Exact: no pixel is interpolated. Labels that are images move along.
 *
 * `randomFlip()`, `randomFlip({ horizontal, vertical, probability })`. Not where left and right mean something: digits, text.
 */
export const randomFlip: (options?: RandomFlipOptions | number) => TrainingPlugin = definePlugin<RandomFlipOptions>({
  name: 'randomFlip',
  options: {
    horizontal: option.boolean({ fallback: true }),
    vertical: option.boolean({ fallback: false }),
    probability: option.number({ min: 0, max: 1, fallback: 0.5 }),
    ...imageOptions,
  },
  setup: ({ horizontal, vertical, probability, input }) => ({
    batch(batch, at) {
      const some = (t: tf.Tensor, axis: number, chosen: readonly boolean[]): tf.Tensor =>
        chosen.includes(true) ? selectRows(chosen, tf.reverse(t, axis), t) : t;
      const flip = (t: tf.Tensor, draws: Draws): tf.Tensor => {
        const across = horizontal
          ? some(
              t,
              2,
              draws.map(([u]) => u! < probability),
            )
          : t;
        return vertical
          ? some(
              across,
              1,
              draws.map(([, v]) => v! < probability),
            )
          : across;
      };
      return changeImages(batch, at, { owner: 'randomFlip', input, numbers: 2, image: flip, label: flip });
    },
  }),
});
