/** Rectangles of images, one for each image. */
import * as tf from '@tensorflow/tfjs-core';
import type { Size } from '../images.ts';

/** Pixels with top ≤ row < bottom and left ≤ column < right. */
export interface Box {
  /** First row. */
  readonly top: number;
  /** The row after the last one. */
  readonly bottom: number;
  /** First column. */
  readonly left: number;
  /** The column after the last one. */
  readonly right: number;
}

/** The part of the box inside an image. */
export function clipBox({ top, bottom, left, right }: Box, [height, width]: Size): Box {
  const clip = (n: number, most: number): number => Math.min(Math.max(n, 0), most);
  return { top: clip(top, height), bottom: clip(bottom, height), left: clip(left, width), right: clip(right, width) };
}

/**
 * Share of the image that a box in it covers.
 * @example
 * boxShare({ top: 0, bottom: 4, left: 0, right: 4 }, [8, 8]); // 0.25
 */
export const boxShare = ({ top, bottom, left, right }: Box, [height, width]: Size): number =>
  ((bottom - top) * (right - left)) / (height * width);

/**
 * True inside the boxes: a bool tensor with the shape of the images. It is an outer product of rows and columns, computed as a matrix product: on cpu and wasm,
 * comparing and broadcasting [batch, height, width, 1] costs several times as much.
 * @example
 * insideBoxes([{ top: 0, bottom: 1, left: 0, right: 2 }], [1, 2, 2, 1]); // [[[[1], [1]], [[0], [0]]]]
 */
export function insideBoxes(boxes: readonly Box[], [rows, height, width, channels]: tf.Tensor4D['shape']): tf.Tensor4D {
  const across = width * channels;
  const vertical = new Float32Array(boxes.length * height);
  const horizontal = new Float32Array(boxes.length * across);
  for (const [i, { top, bottom, left, right }] of boxes.entries()) {
    vertical.fill(1, i * height + top, i * height + bottom);
    horizontal.fill(1, i * across + left * channels, i * across + right * channels);
  }
  return tf.tidy(() => {
    const both = tf.matMul(
      tf.tensor3d(vertical, [boxes.length, height, 1]),
      tf.tensor3d(horizontal, [boxes.length, 1, across]),
    );
    return tf.reshape<tf.Rank.R4>(tf.cast(both, 'bool'), [rows, height, width, channels]);
  });
}

/**
 * Fills the boxes in the images with one value.
 * @example
 * fillBoxes(tf.zeros([1, 2, 2, 1]), [{ top: 0, bottom: 1, left: 0, right: 2 }], 1); // [[[[1], [1]], [[0], [0]]]]
 */
export const fillBoxes = (images: tf.Tensor4D, boxes: readonly Box[], value: number): tf.Tensor4D =>
  tf.tidy(() => tf.where(insideBoxes(boxes, images.shape), tf.fill(images.shape, value), images) as tf.Tensor4D);

/**
 * Pastes the contents of the boxes from other images.
 * @example
 * pasteBoxes(tf.zeros([1, 2, 2, 1]), tf.ones([1, 2, 2, 1]), [{ top: 0, bottom: 1, left: 0, right: 2 }]); // [[[[1], [1]], [[0], [0]]]]
 */
export const pasteBoxes = (images: tf.Tensor4D, others: tf.Tensor4D, boxes: readonly Box[]): tf.Tensor4D =>
  tf.tidy(() => tf.where(insideBoxes(boxes, images.shape), others, images) as tf.Tensor4D);
