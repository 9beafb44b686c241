import { definePlugin, option } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { adjustColorsWithin, type ColorChange, NO_CHANGE } from '../colors/color.ts';
import { autoContrast, posterize, sharpen, solarize } from '../colors/filters.ts';
import { type ValueRange, valueRangeOption } from '../colors/valueRange.ts';
import { changeImages, type Draws, type ImageOptions, imageOptions, type Size, sizeOf } from '../images.ts';
import { type Affine, affineWarp, rescaled, rotation, shear, translation, zoom } from '../warps/affine.ts';

/** Options of `randAugment`. */
export interface RandAugmentOptions extends ImageOptions {
  /** Operations per sample, one after the other; 2 by default (N in the paper). */
  readonly count?: number;
  /** From 0 to 10; 9 by default (M in the paper). */
  readonly magnitude?: number;
  /** The values of black and white; [0, 1] by default. Set it if your pixels have another range. */
  readonly valueRange?: ValueRange;
}

/** What an operation does at strength m = ± magnitude / 10, the sign of which is drawn. */
const WARPS: Readonly<Record<string, (m: number, size: Size) => Affine>> = {
  rotate: m => rotation((m * 30 * Math.PI) / 180),
  shearX: m => shear(0.3 * m, 0),
  shearY: m => shear(0, 0.3 * m),
  translateX: (m, [, width]) => translation(0, 0.45 * m * width),
  translateY: (m, [height]) => translation(0.45 * m * height, 0),
};
const COLORS: Readonly<Record<string, (m: number) => Partial<ColorChange>>> = {
  brightness: m => ({ brightness: 1 + 0.9 * m }),
  contrast: m => ({ contrast: 1 + 0.9 * m }),
  color: m => ({ saturation: 1 + 0.9 * m }),
};
const FILTERS: Readonly<Record<string, (t: tf.Tensor4D, m: number, range: ValueRange) => tf.Tensor4D>> = {
  autoContrast: (t, _, range) => autoContrast(t, range),
  posterize: (t, m, range) => posterize(t, 8 - Math.round(4 * Math.abs(m)), range),
  solarize: (t, m, range) => solarize(t, range[1] - Math.abs(m) * (range[1] - range[0]), range),
};
const OPERATIONS = [
  'identity',
  'sharpness',
  ...Object.keys(WARPS),
  ...Object.keys(COLORS),
  ...Object.keys(FILTERS),
] as const;

/** One operation of one row. */
interface Drawn {
  readonly name: string;
  /** ± magnitude / 10. */
  readonly strength: number;
}

/** The nth operation of every row: two of its random numbers. */
const drawn = (draws: Draws<number>, n: number, magnitude: number): Drawn[] =>
  draws.map(row => {
    const [kind = 0, sign = 0] = row.slice(2 * n);
    const name = OPERATIONS[Math.floor(kind * OPERATIONS.length)] ?? 'identity';
    return { name, strength: ((sign < 0.5 ? -1 : 1) * magnitude) / 10 };
  });

const SAME = zoom(1, 1);

/** `of`: size of the images, if these are labels. */
function warp(images: tf.Tensor4D, rows: readonly Drawn[], fillValue: number, of?: Size): tf.Tensor4D {
  const own = sizeOf(images);
  const size = of ?? own;
  const maps = rows.map(({ name, strength }) => rescaled(WARPS[name]?.(strength, size) ?? SAME, size, own));
  const interpolation = of ? 'nearest' : 'bilinear';
  return affineWarp(images, maps, { interpolation, fillMode: 'constant', fillValue });
}

/** What is done to the rows that drew one kind of operation. Pixels stay between black and white. */
type Change = (images: tf.Tensor4D, rows: readonly Drawn[], range: ValueRange) => tf.Tensor4D;

const clip = (images: tf.Tensor4D, [black, white]: ValueRange): tf.Tensor4D => tf.clipByValue(images, black, white);

function recolor(images: tf.Tensor4D, rows: readonly Drawn[], range: ValueRange): tf.Tensor4D {
  const changes = rows.map(({ name, strength }) => ({ ...NO_CHANGE, ...COLORS[name]?.(strength) }));
  return adjustColorsWithin(images, changes, range);
}

/** By the kind that `kindOf` gives an operation. All rows have one magnitude, and filters take no sign. */
const CHANGES: Readonly<Record<string, Change>> = {
  warp: (images, rows, range) => clip(warp(images, rows, (range[0] + range[1]) / 2), range),
  color: recolor,
  sharpness: (images, rows, range) =>
    clip(
      sharpen(
        images,
        rows.map(({ strength }) => 1 + 0.9 * strength),
      ),
      range,
    ),
  ...Object.fromEntries(
    Object.entries(FILTERS).map(([name, filter]): [string, Change] => [
      name,
      (images, [first], range) => filter(clip(images, range), first?.strength ?? 0, range),
    ]),
  ),
  identity: (images, _, range) => clip(images, range),
};
const kindOf = ({ name }: Drawn): string => (WARPS[name] ? 'warp' : COLORS[name] ? 'color' : name);

/** GPUs compile a program for each shape: there, a kind has one of so many sizes. */
const SIZES = 8;

/** One operation on each row: the rows of a kind are taken together, changed, and put back. */
function apply(images: tf.Tensor4D, rows: readonly Drawn[], range: ValueRange): tf.Tensor4D {
  const unit = tf.getBackend().startsWith('webg') ? Math.ceil(rows.length / SIZES) : 1;
  const places: number[] = [];
  const parts: tf.Tensor4D[] = [];
  let end = 0;
  for (const [kind, change] of Object.entries(CHANGES)) {
    const mine = rows.flatMap((row, i) => (kindOf(row) === kind ? [i] : []));
    if (!mine.length) continue;
    const spare = new Array<number>(unit * Math.ceil(mine.length / unit) - mine.length).fill(mine[0] ?? 0);
    const taken = [...mine, ...spare];
    const drawn = taken.flatMap(i => rows[i] ?? []);
    parts.push(change(tf.gather(images, tf.tensor1d(taken, 'int32')), drawn, range));
    mine.forEach((row, i) => {
      places[row] = end + i;
    });
    end += taken.length;
  }
  return tf.gather(tf.concat(parts), tf.tensor1d(places, 'int32'));
}

/**
 * RandAugment (Cubuk et al. 2020): `count` operations per sample, each drawn from 13 with equal probability, all of the same magnitude. At magnitude M,
 * m = M / 10, with a random sign where there is ±:
 *
 *     rotate ± 30° m   shearX, shearY ± 0.3 m   translateX, translateY ± 0.45 m of the side   (bilinear, gray outside)
 *     brightness, contrast, color, sharpness: factor 1 ± 0.9 m
 *     posterize to 8 − round(4 m) bits   solarize above white − m (white − black)   autoContrast   identity
 *
 * The paper's equalize is omitted, since it needs a histogram of each image. Labels that are images move with them.
 *
 * `randAugment()`, `randAugment({ count, magnitude, valueRange })`. Images have 1 or 3 channels; with one channel, color is the identity.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [randAugment()] });
 * randAugment({ count: 1, magnitude: 5, valueRange: [0, 255] });
 * @throws OptionError for a count that is not an integer from 1 to 8, a magnitude outside [0, 10], or a value range out of order
 */
export const randAugment = definePlugin<RandAugmentOptions>({
  name: 'randAugment',
  options: {
    count: option.number({ min: 1, max: 8, integer: true, fallback: 2 }),
    magnitude: option.number({ min: 0, max: 10, fallback: 9 }),
    valueRange: valueRangeOption,
    ...imageOptions,
  },
  setup: ({ count, magnitude, valueRange, input }) => ({
    batch(batch, at) {
      const each = (t: tf.Tensor4D, draws: Draws<number>, f: (t: tf.Tensor4D, rows: readonly Drawn[]) => tf.Tensor4D) =>
        Array.from({ length: count }, (_, n) => drawn(draws, n, magnitude)).reduce(f, t);
      return changeImages(batch, at, {
        owner: 'randAugment',
        input,
        numbers: 2 * count,
        channels: [1, 3],
        image: (t, draws) => each(t, draws, (images, rows) => apply(images, rows, valueRange)),
        label: (t, draws, _, of) => each(t, draws, (labels, rows) => warp(labels, rows, 0, of)),
      });
    },
  }),
});
