export {
  type Affine,
  affineWarp,
  compose,
  flip,
  rotation,
  type Size,
  shear,
  translation,
  type WarpArguments,
  zoom,
} from './affine.ts';
export { type Box, boxShare, fillBoxes, insideBoxes, pasteBoxes } from './boxes.ts';
export { adjustColors, type ColorChange, hueMatrix } from './color.ts';
export { type ColorJitterOptions, colorJitter } from './colorJitter.ts';
export { type CutmixOptions, cutmix, cutmixBox } from './cutmix.ts';
export { type CutoutOptions, cutout, cutoutBox } from './cutout.ts';
export { fromEpoch, untilEpoch } from './epochs.ts';
export { autoContrast, posterize, sharpen, solarize } from './filters.ts';
export type { ImageOptions } from './images.ts';
export { addNoise, type InputNoiseOptions, inputNoise } from './inputNoise.ts';
export { type LabelSmoothingOptions, labelSmoothing, smoothLabels } from './labelSmoothing.ts';
export { type MixupOptions, mixRows, mixup } from './mixup.ts';
export { oneOf } from './oneOf.ts';
export { PARTNER_BLOCK, partners } from './partners.ts';
export { type RandAugmentOptions, randAugment } from './randAugment.ts';
export { type RandomAffineOptions, randomAffine } from './randomAffine.ts';
export { randomApply } from './randomApply.ts';
export { cropWindow, type RandomCropOptions, randomCrop } from './randomCrop.ts';
export { erasingBox, type RandomErasingOptions, randomErasing } from './randomErasing.ts';
export { type RandomFlipOptions, randomFlip } from './randomFlip.ts';
export { type RandomGrayscaleOptions, randomGrayscale } from './randomGrayscale.ts';
export { type RandomRotationOptions, randomRotation } from './randomRotation.ts';
export { type RandomShearOptions, randomShear } from './randomShear.ts';
export { type RandomTranslationOptions, randomTranslation } from './randomTranslation.ts';
export { type RandomZoomOptions, randomZoom } from './randomZoom.ts';
export type { Range } from './range.ts';
export { selectRows } from './selectRows.ts';
export type { FillMode, Interpolation } from './transform.ts';
export type { ValueRange } from './valueRange.ts';
export type { WarpOptions } from './warp.ts';
