/** Geometric transforms of images: TF.js' kernel Transform, whose stock `reflect` is wrong to the left of and above an image. */
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

/** The numbers of the fill modes in the module. 'wrap' is left to stock. */
const FILL_MODES: Readonly<Record<string, number>> = { constant: 0, nearest: 1, reflect: 2 };
/** How many numbers a transform has. */
const TERMS = 8;

export const transform: Kernel = (bound, { image, transforms }, attrs) => {
  const { interpolation, fillMode, fillValue, outputShape } = attrs;
  const mode = FILL_MODES[fillMode];
  if (!image || !transforms || !isFloat(image, transforms) || mode === undefined) return undefined;
  const [batch = 0, height = 0, width = 0, channels = 0] = image.shape;
  const [outHeight, outWidth] = outputShape ?? [height, width];
  if (sizeOf(image.shape) === 0 || outHeight * outWidth === 0) return undefined;
  const y = bound.output([batch, outHeight, outWidth, channels]);
  const step = transforms.shape[0] === 1 ? 0 : 4 * TERMS;
  bound.run.warp(
    ...([bound.at(image), bound.at(y), batch, height, width, channels, outHeight, outWidth] as const),
    ...([bound.at(transforms), step, mode, interpolation !== 'nearest', fillValue] as const),
  );
  return y;
};
