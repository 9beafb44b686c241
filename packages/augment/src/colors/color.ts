/** Changes of colour that are linear in the pixels: each image through one matrix. */
import { COLORS_KERNEL, type ColorsKernelAttrs, isTaped, runExtraKernel } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { ValueRange } from './valueRange.ts';

/** Factors of brightness, contrast and saturation, 1 for none; hue in turns, 0 for none. They act in this order. */
export interface ColorChange {
  /** b ≥ 0: x ← b x. */
  readonly brightness: number;
  /** c ≥ 0: x ← c x + (1 − c) mean luma of the image. */
  readonly contrast: number;
  /** s ≥ 0: x ← s x + (1 − s) luma of the pixel. */
  readonly saturation: number;
  /** In turns: 0.5 is the complementary colour. */
  readonly hue: number;
}
export const NO_CHANGE: ColorChange = { brightness: 1, contrast: 1, saturation: 1, hue: 0 };

/** Shares of red, green and blue in the luma (ITU-R BT.601). */
const LUMA = [0.299, 0.587, 0.114] as const;
const lumaOf = (channels: number): readonly number[] => (channels === 3 ? LUMA : [1]);

/**
 * The matrix that turns hues by an angle about the axis of grays. A third of a turn maps red to green, green to blue and blue to red, like a shift of the hue in HSV.
 * Other angles keep r + g + b, where HSV keeps max and min.
 * @example
 * hueMatrix(1 / 3); // [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
 */
export function hueMatrix(turns: number): number[][] {
  const [cos, sin] = [Math.cos(2 * Math.PI * turns), Math.sin(2 * Math.PI * turns)];
  const [same, next, last] = [
    (1 + 2 * cos) / 3,
    (1 - cos) / 3 - sin / Math.sqrt(3),
    (1 - cos) / 3 + sin / Math.sqrt(3),
  ];
  return [
    [same, next, last],
    [last, same, next],
    [next, last, same],
  ];
}

/** The matrix of one change: brightness × contrast × hue · saturation. */
function colorMatrix({ brightness, contrast, saturation, hue }: ColorChange, luma: readonly number[]): number[][] {
  const identity = luma.map((_, i) => luma.map((_, j) => (i === j ? 1 : 0)));
  const turned = luma.length === 3 && hue !== 0 ? hueMatrix(hue) : identity;
  // rows of a hue matrix sum to 1, so H (s I + (1 − s) 1 lᵀ) = s H + (1 − s) 1 lᵀ
  return turned.map(row =>
    row.map((h, j) => brightness * contrast * (saturation * h + (1 - saturation) * (luma[j] ?? 0))),
  );
}

/**
 * Changes the colours of images [batch, height, width, 1 or 3], with one change per image: x ← b x, then c x + (1 − c) mean luma of the image, then
 * s x + (1 − s) luma, then a turn of the hue. Values are measured from `black`. Nothing is clipped. Images with one channel have neither saturation nor hue.
 * @example
 * const changes = Array(16).fill({ brightness: 1.2, contrast: 1, saturation: 0.5, hue: 0 });
 * adjustColors(images, changes).shape; // [16, 8, 8, 3]
 */
export const adjustColors = (images: tf.Tensor4D, changes: readonly ColorChange[], black = 0): tf.Tensor4D =>
  changed(images, changes, black, [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);

/** The same, clipped to the values of black and white: one pass over the images where the backend has a kernel for it. */
export const adjustColorsWithin = (
  images: tf.Tensor4D,
  changes: readonly ColorChange[],
  range: ValueRange,
): tf.Tensor4D => changed(images, changes, range[0], range);

function changed(images: tf.Tensor4D, changes: readonly ColorChange[], black: number, range: ValueRange): tf.Tensor4D {
  const luma = lumaOf(images.shape[3]);
  const attrs: ColorsKernelAttrs = {
    matrices: Float32Array.from(changes.flatMap(change => colorMatrix(change, luma).flat())),
    towardsMean: Float32Array.from(changes, ({ brightness, contrast }) => brightness * (1 - contrast)),
    constants: Float32Array.from(changes, ({ brightness }) => black * (1 - brightness)),
    luma,
    range,
  };
  const isFast = images.dtype === 'float32' && !isTaped();
  return (isFast && runExtraKernel<tf.Tensor4D>(COLORS_KERNEL, { images }, attrs)) || byOperations(images, attrs);
}

function byOperations(
  images: tf.Tensor4D,
  { matrices, towardsMean, constants, luma, range }: ColorsKernelAttrs,
): tf.Tensor4D {
  const [rows, height, width, channels] = images.shape;
  const column = (values: ArrayLike<number>): tf.Tensor3D => tf.tensor3d(Float32Array.from(values), [rows, 1, 1]);
  const isThere = (values: ArrayLike<number>): boolean => Array.from(values).some(value => value !== 0);
  return tf.tidy(() => {
    const pixels = tf.reshape<tf.Rank.R3>(images, [rows, height * width, channels]);
    const matrix = tf.tensor3d(Float32Array.from(matrices), [rows, channels, channels]);
    let changed: tf.Tensor = tf.matMul(pixels, matrix, false, true); // transposed: pixels are rows
    if (isThere(towardsMean)) {
      const mean = tf.sum(tf.mul(tf.mean(pixels, 1, true), tf.tensor3d([...luma], [1, 1, channels])), 2, true);
      changed = tf.add(changed, tf.mul(mean, column(towardsMean)));
    }
    if (isThere(constants)) changed = tf.add(changed, column(constants));
    if (range.some(Number.isFinite)) changed = tf.clipByValue(changed, ...range);
    return tf.reshape<tf.Rank.R4>(changed, images.shape);
  });
}
