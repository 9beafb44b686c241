export { adjustColors, type ColorChange, hueMatrix } from './colors/color.ts';
export { type ColorJitterOptions, colorJitter } from './colors/colorJitter.ts';
export { autoContrast, posterize, sharpen, solarize } from './colors/filters.ts';
export { type RandomGrayscaleOptions, randomGrayscale } from './colors/randomGrayscale.ts';
export type { ValueRange } from './colors/valueRange.ts';
export { fromEpoch, untilEpoch } from './combinators/epochs.ts';
export { oneOf } from './combinators/oneOf.ts';
export { type RandAugmentOptions, randAugment } from './combinators/randAugment.ts';
export { randomApply } from './combinators/randomApply.ts';
export { selectRows } from './combinators/selectRows.ts';
export { type Box, boxShare, fillBoxes, insideBoxes, pasteBoxes } from './erasing/boxes.ts';
export { type CutoutOptions, cutout, cutoutBox } from './erasing/cutout.ts';
export { erasingBox, type RandomErasingOptions, randomErasing } from './erasing/randomErasing.ts';
export type { ImageOptions } from './images.ts';
export { type LabelSmoothingOptions, labelSmoothing, smoothLabels } from './labels/labelSmoothing.ts';
export { type CutmixOptions, cutmix, cutmixBox } from './mixing/cutmix.ts';
export { type MixupOptions, mixRows, mixup } from './mixing/mixup.ts';
export { PARTNER_BLOCK, partners } from './mixing/partners.ts';
export { addNoise, type InputNoiseOptions, inputNoise } from './noise/inputNoise.ts';
export type { Range } from './range.ts';
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
} from './warps/affine.ts';
export { type RandomAffineOptions, randomAffine } from './warps/randomAffine.ts';
export { cropWindow, type RandomCropOptions, randomCrop } from './warps/randomCrop.ts';
export { type RandomFlipOptions, randomFlip } from './warps/randomFlip.ts';
export { type RandomRotationOptions, randomRotation } from './warps/randomRotation.ts';
export { type RandomShearOptions, randomShear } from './warps/randomShear.ts';
export { type RandomTranslationOptions, randomTranslation } from './warps/randomTranslation.ts';
export { type RandomZoomOptions, randomZoom } from './warps/randomZoom.ts';
export type { FillMode, Interpolation } from './warps/transform.ts';
export type { WarpOptions } from './warps/warp.ts';
