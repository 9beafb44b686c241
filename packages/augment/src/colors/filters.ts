/** Changes of pixels that are not linear in them, or look at their neighbours. Images are [batch, height, width, channels]. */
import * as tf from '@tensorflow/tfjs-core';
import type { ValueRange } from './valueRange.ts';

/**
 * Inverts pixels brighter than `threshold`: x ← black + white − x.
 * @example
 * solarize(tf.fill([1, 1, 1, 1], 0.8), 0.5, [0, 1]); // [[[[0.2]]]]
 */
export const solarize = (images: tf.Tensor4D, threshold: number, [black, white]: ValueRange): tf.Tensor4D =>
  tf.tidy(() => tf.where(tf.greater(images, threshold), tf.sub(black + white, images), images) as tf.Tensor4D);

/**
 * Keeps the highest `bits` of 8: of the 256 levels of a byte, the lower bits are cleared.
 * @example
 * posterize(tf.fill([1, 1, 1, 1], 0.8), 1, [0, 1]); // [[[[0.502]]]]
 */
export const posterize = (images: tf.Tensor4D, bits: number, [black, white]: ValueRange): tf.Tensor4D =>
  tf.tidy(() => {
    const step = 2 ** (8 - bits);
    // half a level is added so that 128 / 255 in float32 counts as level 128
    const level = tf.add(tf.mul(tf.sub(images, black), 255 / (white - black)), 0.5);
    return tf.add(tf.mul(tf.floor(tf.div(level, step)), (step * (white - black)) / 255), black) as tf.Tensor4D;
  });

/**
 * Stretches each channel of each image to the whole range. A channel with a single value does not change.
 * @example
 * autoContrast(tf.tensor4d([0.25, 0.5, 0.75], [1, 3, 1, 1]), [0, 1]); // [[[[0]], [[0.5]], [[1]]]]
 */
export const autoContrast = (images: tf.Tensor4D, [black, white]: ValueRange): tf.Tensor4D =>
  tf.tidy(() => {
    const least = tf.min(images, [1, 2], true);
    const extent = tf.sub(tf.max(images, [1, 2], true), least);
    const scale = tf.divNoNan(white - black, extent);
    const start = tf.where(tf.greater(extent, 0), tf.fill(extent.shape, black), least);
    return tf.add(tf.mul(tf.sub(images, least), scale), start) as tf.Tensor4D;
  });

/**
 * f x + (1 − f) smooth x, one factor per image: smooth is the mean of 3 × 3 pixels, with the middle one counted five times; edges are mirrored.
 * @example
 * sharpen(images, Array(16).fill(1.5)).shape; // [16, 8, 8, 3]
 */
export const sharpen = (images: tf.Tensor4D, factors: readonly number[]): tf.Tensor4D =>
  tf.tidy(() => {
    const channels = images.shape[3];
    const weights = tf.tensor([1, 1, 1, 1, 5, 1, 1, 1, 1], [3, 3, 1, 1]);
    const kernel = tf.tile(tf.div(weights, 13), [1, 1, channels, 1]) as tf.Tensor4D;
    const padded = tf.mirrorPad(images, [[0, 0], [1, 1], [1, 1], [0, 0]], 'symmetric'); // biome-ignore format: one axis each
    const smooth = tf.depthwiseConv2d(padded, kernel, 1, 'valid');
    const own = tf.tensor4d(Float32Array.from(factors), [factors.length, 1, 1, 1]);
    return tf.add(tf.mul(images, own), tf.mul(smooth, tf.sub(1, own))) as tf.Tensor4D;
  });
