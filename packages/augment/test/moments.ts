/** Moments as a driver would hand them to one plugin, and batches of images. */
import type { Batch, Moment, TrainingPlugin } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs';

export interface When {
  readonly step?: number;
  readonly epoch?: number;
  readonly seed?: number;
  readonly rows?: readonly [number, number];
}

/** What the plugin makes of a batch in a fresh run. */
export function changed(plugin: TrainingPlugin, batch: Batch, when: When = {}): Batch {
  const { step = 0, epoch = 0, seed = 7, rows = [0, Object.values(batch.x)[0]!.shape[0]!] } = when;
  const draws = new Map<number, number>();
  const at: Moment = {
    step,
    phase: 'train',
    epoch,
    learningRate: 0.1,
    rows,
    key(stream) {
      const known = plugin.streams ?? [];
      if (stream !== undefined && !known.includes(stream)) throw new Error(`stream "${stream}" is not declared`);
      const site = 65_536 + (stream === undefined ? 0 : known.indexOf(stream) + 1);
      const draw = draws.get(site) ?? 0;
      draws.set(site, draw + 1);
      return { seed, step, site, draw };
    },
  };
  return plugin.setup({ host: 'fit', site: 65_536 }).batch!(batch, at);
}

/** Pixels in [0, 1), one-hot labels. */
export function images(shape: readonly [number, number, number, number], seed = 1): Batch {
  const classes = Array.from({ length: shape[0] }, (_, i) => i % 3);
  return {
    x: { image: tf.randomUniform([...shape], 0, 1, 'float32', seed) },
    y: { label: tf.cast(tf.oneHot(tf.tensor1d(classes, 'int32'), 3), 'float32') },
  };
}

export const values = (t: tf.Tensor | undefined): number[] => [...t!.dataSync()];

/** Largest |a − b| of two tensors of the same shape. */
export function distance(a: tf.Tensor, b: tf.Tensor): number {
  if (!tf.util.arraysEqual(a.shape, b.shape)) return Number.NaN;
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!);
}
