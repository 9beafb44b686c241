/** Affine maps of images, each from a place in the result to the place in the image that is seen there. */
import * as tf from '@tensorflow/tfjs-core';
import type { Size } from '../images.ts';
import { type FillMode, type Interpolation, type PixelMap, transform } from './transform.ts';

/** x' = a x + b y + c, y' = d x + e y + f, in pixels from the centres; x to the right, y down. */
export type Affine = PixelMap;

/**
 * The map of `outer` after `inner`.
 * @example
 * compose(zoom(2, 2), translation(0, 1)); // [2, 0, -2, 0, 2, 0]
 */
export function compose(outer: Affine, inner: Affine): Affine {
  const [a, b, c, d, e, f] = outer;
  const [p, q, r, s, t, u] = inner;
  return [a * p + b * s, a * q + b * t, a * r + b * u + c, d * p + e * s, d * q + e * t, d * r + e * u + f];
}

/**
 * Turns the contents counter-clockwise by an angle in radians.
 * @example
 * affineWarp(images, Array(16).fill(rotation(Math.PI / 12)));
 */
export const rotation = (angle: number): Affine => {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cos, -sin, 0, sin, cos, 0];
};
/**
 * Shows `height` and `width` times as much of the scene: above 1, things get smaller.
 * @example
 * zoom(1.2, 1.2); // [1.2, 0, 0, 0, 1.2, 0]
 */
export const zoom = (height: number, width: number): Affine => [width, 0, 0, 0, height, 0];
/**
 * Moves the contents down and to the right, in pixels.
 * @example
 * translation(2, 1); // [1, 0, -1, 0, 1, -2]
 */
export const translation = (down: number, right: number): Affine => [1, 0, -right, 0, 1, -down];
/**
 * x' = x + p y, y' = y + q x.
 * @example
 * shear(0.2, 0); // [1, 0.2, 0, 0, 1, 0]
 */
export const shear = (p: number, q: number): Affine => [1, p, 0, q, 1, 0];
/**
 * Swaps left and right, top and bottom, or both.
 * @example
 * affineWarp(images, Array(16).fill(flip(true, false)), { interpolation: 'nearest' });
 */
export const flip = (horizontal: boolean, vertical: boolean): Affine => [
  horizontal ? -1 : 1,
  0,
  0,
  0,
  vertical ? -1 : 1,
  0,
];

/** The same map on a picture of another size of the same things: what is at the centre stays there, and all else moves by the same share. */
export function rescaled([a, b, c, d, e, f]: Affine, from: Size, to: Size): Affine {
  const [down, right] = [to[0] / from[0], to[1] / from[1]];
  return [a, (b * right) / down, c * right, (d * down) / right, e, f * down];
}

/** How `affineWarp` reads between pixels and beyond the borders. */
export interface WarpArguments {
  /** 'bilinear' by default; 'nearest' takes the nearest pixel. */
  readonly interpolation?: Interpolation;
  /** What fills the area outside the image: 'reflect' (d c b a | a b c d | d c b a) by default, the 'nearest' pixel, or a 'constant'. */
  readonly fillMode?: FillMode;
  /** The value of 'constant'; 0 by default. */
  readonly fillValue?: number;
  /** Size of the result; that of the images by default. */
  readonly size?: Size;
}

/**
 * Applies one affine map to each of the images [batch, height, width, channels], in one kernel. The dtype is kept; integers take the nearest pixel.
 * Only a few numbers per image are sent to the device.
 * @example
 * affineWarp(images, Array(16).fill(rotation(Math.PI / 12)), { fillMode: 'constant' }).shape; // [16, 8, 8, 3]
 */
export function affineWarp(images: tf.Tensor4D, maps: readonly Affine[], args: WarpArguments = {}): tf.Tensor4D {
  const [, height, width] = images.shape;
  const { fillMode = 'reflect', fillValue = 0, size = [height, width] } = args;
  const exact = images.dtype !== 'float32' || args.interpolation === 'nearest';
  const centre = (n: number): number => (n - 1) / 2;
  const [x, y] = [centre(size[1]), centre(size[0])];
  const inPixels = maps.map(
    ([a, b, c, d, e, f]): PixelMap => [
      a,
      b,
      c + centre(width) - a * x - b * y,
      d,
      e,
      f + centre(height) - d * x - e * y,
    ],
  );
  return tf.tidy(() => {
    const interpolation = exact ? 'nearest' : 'bilinear';
    const warped = transform(tf.cast(images, 'float32'), inPixels, { interpolation, fillMode, fillValue, size });
    return tf.cast(warped, images.dtype);
  });
}
