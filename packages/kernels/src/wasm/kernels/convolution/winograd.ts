/** Decides whether a convolution of images uses Winograd's algorithm (assembly/winograd) or its definition. */
import { type Bound, kind } from '../../backend/module.ts';
import type { geometryOf } from './geometry.ts';

type Geometry = ReturnType<typeof geometryOf>;

/** A convolution of images. */
export interface Planes {
  readonly geometry: Geometry;
  readonly images: number;
  readonly outChannels: number;
}

/** The cost, in products, of transforming a tile, for each input and output channel. Measured, like the following, with and without relaxed SIMD. */
const OF_A_TILE = 170;
/** The cost of transforming a filter back, for each pair of channels. */
const OF_A_FILTER = 150;
/** The cost of transforming a filter and reading its values repeatedly: those of a large one do not stay in the cache. */
const ofItsValues = (pairs: number): number => OF_A_FILTER + pairs / 100;
/** Winograd's estimated cost must be below this fraction. */
const GAIN = 0.8;

/**
 * Whether Winograd is clearly faster: for a tile of 4 × 4 outputs, 36 products for each pair of channels and the transforms, against 9 products for each actual
 * output. The filter counts as for a single image, so that the choice, and thus the result of a row, does not depend on the batch. Channels must be multiples of 4.
 */
function pays({ geometry, outChannels: o }: Omit<Planes, 'images'>, ofAFilter: (pairs: number) => number): boolean {
  const [, , c, height, width, filterHeight, filterWidth, ...steps] = geometry;
  if (filterHeight !== 3 || filterWidth !== 3 || steps.slice(0, 4).some(step => step !== 1)) return false;
  if (c % 4 !== 0 || o % 4 !== 0) return false;
  const tiles = Math.ceil(height / 4) * Math.ceil(width / 4);
  const products = tiles * (36 * c * o + OF_A_TILE * (c + o)) + ofAFilter(c * o) * c * o;
  return products < GAIN * 9 * c * o * height * width;
}

/** For y, and for the gradient with respect to x. */
export const tilesPay = (planes: Omit<Planes, 'images'>): boolean => pays(planes, ofItsValues);
/** For the gradient with respect to the filter. */
export const gradientTilesPay = (planes: Omit<Planes, 'images'>): boolean => pays(planes, () => OF_A_FILTER);

/** y = x ∗ filter + bias (an address, or 0) by Winograd. Returns false if it is not faster, if there is not enough memory, or if the filter is not finite. */
export function convolveTiles(
  bound: Bound,
  planes: Planes,
  at: { readonly x: number; readonly end: number; readonly filter: number; readonly y: number },
  bias = 0,
): boolean {
  const { geometry, images, outChannels: n } = planes;
  const [, , c, height, width] = geometry;
  const { run } = bound;
  const room = tilesPay(planes) ? run.tilesBytes(c, n) : 0;
  if (room === 0) return false;
  const spread = run.spreadFilterBytes(c, n);
  return bound.withBytes(spread + room, values => {
    if (!run.spreadFilters(at.filter, c, n, values, bound.scratch)) return false;
    const pixels = images * height * width;
    bound.do({
      kind: kind.convolveTiles,
      words: [...geometry, at.x, at.end, at.filter, at.y, images, n, values, bias],
      flops: 18 * pixels * c * n,
      resultBytes: 4 * pixels * n,
      room: values + spread,
      roomBytes: room,
    });
    return true;
  });
}
