/**
 * Seam with TF.js' kernel Transform, as of 4.22, which has two faults that are dealt with here:
 * on the cpu backend it returns after the first image of a batch; on wasm, `reflect` is wrong left of and above the image.
 * (Its `wrap` is wrong on every backend, and is not offered.)
 */
import * as tf from '@tensorflow/tfjs-core';

/** The value between pixels: the nearest pixel, or a weighted mean of four. */
export type Interpolation = 'nearest' | 'bilinear';
/** What fills the area outside an image: one value, the nearest pixel, or the mirror image. */
export type FillMode = 'constant' | 'nearest' | 'reflect';

/** x' = a x + b y + c, y' = d x + e y + f, from a pixel of the result to the place in the image that it shows. */
export type PixelMap = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

export interface TransformArguments {
  readonly interpolation: Interpolation;
  readonly fillMode: FillMode;
  readonly fillValue: number;
  /** Of the result. */
  readonly size: readonly [height: number, width: number];
}

type Size = readonly [height: number, width: number];

/** Whole periods of the reflection, 2 × length, to add to a coordinate so that it is nowhere negative. */
function periods([p, q, r]: readonly [number, number, number], [height, width]: Size, length: number) {
  const right = p * (width - 1);
  const down = q * (height - 1);
  const least = r + Math.min(0, right) + Math.min(0, down);
  return 2 * length * Math.ceil((0.5 - least) / (2 * length));
}

/** Images [batch, height, width, channels] through one map each. float32. */
export function transform(images: tf.Tensor4D, maps: readonly PixelMap[], args: TransformArguments): tf.Tensor4D {
  const { interpolation, fillMode, fillValue, size } = args;
  const [rows, height, width] = images.shape;
  const eight = new Float32Array(8 * rows);
  for (const [i, [a, b, c, d, e, f]] of maps.entries()) {
    const [right, down] =
      fillMode === 'reflect' ? [periods([a, b, c], size, width), periods([d, e, f], size, height)] : [0, 0];
    eight.set([a, b, c + right, d, e, f + down], 8 * i);
  }
  const run = (some: tf.Tensor4D, terms: tf.Tensor2D): tf.Tensor4D =>
    tf.image.transform(some, terms, interpolation, fillMode, fillValue, [...size]);
  if (tf.getBackend() !== 'cpu') return run(images, tf.tensor2d(eight, [rows, 8]));
  return tf.concat(
    tf
      .split(images, rows)
      .map((image, i) => run(image as tf.Tensor4D, tf.tensor2d(eight.slice(8 * i, 8 * i + 8), [1, 8]))),
  );
}
