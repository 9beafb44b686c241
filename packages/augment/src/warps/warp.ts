/** What all plugins that move pixels have in common. */
import { type Batch, type Moment, type OptionSpecs, option } from '@keepprob/core';
import {
  changeImages,
  type Draws,
  type ImageOptions,
  imageOptions,
  type Numbers,
  type Size,
  sizeOf,
} from '../images.ts';
import { type Affine, affineWarp, rescaled } from './affine.ts';
import type { FillMode, Interpolation } from './transform.ts';

/** Options of every plugin that moves pixels. */
export interface WarpOptions extends ImageOptions {
  /** 'bilinear' by default; 'nearest' takes the nearest pixel. */
  readonly interpolation?: Interpolation;
  /** What fills the area outside the image: 'reflect' by default, the 'nearest' pixel, or a 'constant'. */
  readonly fillMode?: FillMode;
  /** The value of 'constant'; 0 by default. */
  readonly fillValue?: number;
}

export const warpOptions: OptionSpecs<WarpOptions> = {
  interpolation: option.oneOf<Interpolation>(['bilinear', 'nearest'], { fallback: 'bilinear' }),
  fillMode: option.oneOf<FillMode>(['reflect', 'nearest', 'constant'], { fallback: 'reflect' }),
  fillValue: option.number({ fallback: 0 }),
  ...imageOptions,
};

export interface ImageWarp<N extends number> {
  readonly owner: string;
  readonly options: Required<WarpOptions>;
  /** Random numbers for each row. */
  readonly numbers: N;
  /** The map of one row, from its random numbers and the size of its image. */
  map(draws: Numbers<N>, size: Size): Affine;
}

/** A `batch` hook of one affine map per row. Labels that are images move along, by the nearest pixel, with 0 for a constant. */
export function warpImages<N extends number>(
  batch: Batch,
  at: Moment,
  { owner, options, numbers, map }: ImageWarp<N>,
): Batch {
  const { input, ...args } = options;
  const mapsOf = (size: Size, draws: Draws<N>): Affine[] => draws.map(d => map(d, size));
  return changeImages(batch, at, {
    owner,
    input,
    numbers,
    image: (t, draws) => affineWarp(t, mapsOf(sizeOf(t), draws), args),
    label(t, draws, _, of) {
      const maps = mapsOf(of, draws).map(m => rescaled(m, of, sizeOf(t)));
      return affineWarp(t, maps, { ...args, interpolation: 'nearest', fillValue: 0 });
    },
  });
}
