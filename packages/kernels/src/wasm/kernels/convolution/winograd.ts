/** Where a convolution of images runs by Winograd's algorithm (assembly/winograd), and by its definition where not. */
import { type Bound, kind } from '../../backend/module.ts';
import type { geometryOf } from './geometry.ts';

type Geometry = ReturnType<typeof geometryOf>;

/** A convolution of images. */
export interface Planes {
  readonly geometry: Geometry;
  readonly images: number;
  readonly outChannels: number;
}

/** What it costs, in products, to transform a tile, for each channel in and out. Measured, as what follows, with and without relaxed SIMD. */
const OF_A_TILE = 170;
/** To transform a filter back, for each pair of channels. */
const OF_A_FILTER = 150;
/** To transform a filter, and to read its values again and again: those of a large one do not stay in the cache. */
const ofItsValues = (pairs: number): number => OF_A_FILTER + pairs / 100;
/** Winograd must promise at least this much. */
const GAIN = 0.8;

/**
 * Whether Winograd is clearly faster: for a tile of 4 × 4 outputs, 36 products for each pair of channels and the transforms, against 9 products for each output that
 * there is. The filter counts as for one image alone, so that the choice, and with it a row's result, does not depend on the batch. Channels come in fours.
 */
function pays({ geometry, outChannels: o }: Omit<Planes, 'images'>, ofAFilter: (pairs: number) => number): boolean {
  const [, , c, height, width, filterHeight, filterWidth, ...steps] = geometry;
  if (filterHeight !== 3 || filterWidth !== 3 || steps.slice(0, 4).some(step => step !== 1)) return false;
  if (c % 4 !== 0 || o % 4 !== 0) return false;
  const tiles = Math.ceil(height / 4) * Math.ceil(width / 4);
  const products = tiles * (36 * c * o + OF_A_TILE * (c + o)) + ofAFilter(c * o) * c * o;
  return products < GAIN * 9 * c * o * height * width;
}

/** For y, and for the gradient by x. */
export const tilesPay = (planes: Omit<Planes, 'images'>): boolean => pays(planes, ofItsValues);
/** For the gradient by the filter. */
export const gradientTilesPay = (planes: Omit<Planes, 'images'>): boolean => pays(planes, () => OF_A_FILTER);

/** y = x ∗ filter + bias (an address, or 0) by Winograd. Returns whether it did: not where it does not pay, nor where there is no room or the filter is not finite. */
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
