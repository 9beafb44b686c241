export { adjustColors, type ColorChange, hueMatrix } from './colors/color.ts';
export { autoContrast, posterize, sharpen, solarize } from './colors/filters.ts';
export type { ValueRange } from './colors/valueRange.ts';
export { selectRows } from './combinators/selectRows.ts';
export { type Box, boxShare, fillBoxes, insideBoxes, pasteBoxes } from './erasing/boxes.ts';
export type { ImageOptions, Size } from './images.ts';
export type { LabelKind } from './labels/labels.ts';
export { PARTNER_BLOCK, partners } from './mixing/partners.ts';
export type { Range } from './range.ts';
export * from './techniques.ts';
export {
  type Affine,
  affineWarp,
  compose,
  flip,
  rotation,
  shear,
  translation,
  type WarpArguments,
  zoom,
} from './warps/affine.ts';
export type { FillMode, Interpolation } from './warps/transform.ts';
export type { WarpOptions } from './warps/warp.ts';
