import { DataError, definePlugin, option } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import { type Box, boxShare, clipBox, pasteBoxes } from '../erasing/boxes.ts';
import type { Size } from '../images.ts';
import { areImages, type ImageOptions, imageOptions, imagesOf, rowDraws, rowsOf } from '../images.ts';
import { checkLabels, type LabelKind, labelsOption } from '../labels/labels.ts';
import { betas } from './betas.ts';
import { mixLabels } from './labels.ts';
import { partners } from './partners.ts';
import { countedRows } from './weights.ts';

/** Options of `cutmix`. */
export interface CutmixOptions extends ImageOptions {
  /** α > 0 of λ ~ Beta(α, α), the fraction that stays; 1 in the paper, which makes it uniform. */
  readonly alpha: number;
  /** Fraction of the samples that are mixed; 1 by default (½ for CIFAR in the paper). */
  readonly probability?: number;
  /** 'classes' (the default) or 'values', as for `mixup`. */
  readonly labels?: LabelKind;
}

/**
 * A box that covers 1 − λ of the image, around the pixel that u and v in [0, 1) pick. It is cut off at the borders.
 * @example
 * cutmixBox(0.75, 0.5, 0.5, [8, 8]); // { top: 2, bottom: 6, left: 2, right: 6 }
 */
export function cutmixBox(lambda: number, u: number, v: number, [height, width]: Size): Box {
  const tall = Math.floor(height * Math.sqrt(1 - lambda));
  const wide = Math.floor(width * Math.sqrt(1 - lambda));
  const top = Math.floor(u * height) - Math.floor(tall / 2);
  const left = Math.floor(v * width) - Math.floor(wide / 2);
  return clipBox({ top, bottom: top + tall, left, right: left + wide }, [height, width]);
}

/**
 * CutMix: a box of each image shows its partner's pixels; labels and sample weights become λ own + (1 − λ) partner's, where 1 − λ is the share
 * of pixels that changed, exactly (Yun et al. 2019, eqs. 1 and 2, with a box and a partner for each sample instead of each batch). Partners are chosen
 * as in `mixup`, and a row of weight 0 has no effect either. Labels that are images of the same size are cut and pasted in the same way. Metrics see the original labels.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [cutmix(1)] });
 * @throws DataError for labels that are class numbers, and for image inputs of different sizes: the label can follow only one
 */
export const cutmix = definePlugin<CutmixOptions, 'alpha'>({
  name: 'cutmix',
  shorthand: 'alpha',
  streams: ['lambda', 'partner'],
  options: {
    alpha: option.number({ above: 0 }),
    probability: option.number({ min: 0, max: 1, fallback: 1 }),
    labels: labelsOption,
    ...imageOptions,
  },
  setup: ({ alpha, probability, labels, input }) => ({
    batch(batch, at) {
      checkLabels('cutmix', batch.y, labels);
      const images = imagesOf('cutmix', batch.x, input);
      const size = sizeOf(images);
      const rows = rowsOf(batch);
      const [first] = at.rows;
      const lambdas = betas(alpha, at.key('lambda'), rows, first);
      const boxes = rowDraws(at, rows, 3).map(([chosen, u, v], i) =>
        cutmixBox(chosen < probability ? (lambdas[i] ?? 1) : 1, u, v, size),
      );
      const own = tf.tensor1d(boxes.map(box => 1 - boxShare(box, size)));
      const counted = countedRows(batch, rows);
      const partner = tf.tensor1d(partners(at.key('partner'), rows, first, counted), 'int32');
      const paste = (t: tf.Tensor4D): tf.Tensor => pasteBoxes(t, tf.gather(t, partner), boxes);
      const isCut = (t: tf.Tensor): t is tf.Tensor4D =>
        areImages(t) && t.shape[1] === size[0] && t.shape[2] === size[1];
      return {
        ...mixLabels(batch, own, partner, t => (isCut(t) ? paste(t) : undefined)),
        x: { ...batch.x, ...Object.fromEntries(images.map(([name, t]) => [name, paste(t)])) },
      };
    },
  }),
});

/** The size that all images have. */
function sizeOf(images: ReturnType<typeof imagesOf>): Size {
  let size: Size | undefined;
  for (const [name, { shape }] of images) {
    const [, height, width] = shape;
    size ??= [height, width];
    if (size[0] === height && size[1] === width) continue;
    const expected = `images of [${size.join(', ')}] like the first input (name the one to cut by \`input\`)`;
    throw DataError.of(`cutmix, input "${name}"`, expected, `[${height}, ${width}]`);
  }
  return size ?? [0, 0];
}
