/**
 * Gradient by a filter of 3 × 3: dy as a filter of 4 × 4 over squares of 6 × 6 inputs, Winograd's F(3 × 3, 4 × 4), at the points of `convolve.ts`. At each
 * point, the values of channels times those of dy, summed over all tiles, are one product of matrices; the sums become gradients at the end.
 * Eight channels out of which a gradient is not finite are computed by definition instead.
 */
import { channels, convolveFilterGradient, inHeight, inWidth, outHeight, outWidth, padLeft, padTop } from '../conv';
import { blockA, blockB } from '../gemm';
import { tile } from '../tile';
import { IN, OUT, POINTS } from './lines';
import { gatherFilter, isOdd, pitchOf, spreadInput, spreadSlope, square } from './tiles';

/** Bytes of sums and values at a time: what a thread has room for. */
const ROOM: i32 = 1 << 20;
/** Channels on each side that are taken at a time, at most. */
const MOST: i32 = 48;
/** Tiles that are taken at a time, at most. */
const TILES: i32 = 128;

/** Equal parts of at most 48 channels, each a multiple of 8. */
// @ts-ignore: decorator
@inline
function part(channels: i32): i32 {
  const parts = (channels + MOST - 1) / MOST;
  return ((channels + parts - 1) / parts + 7) & ~7;
}

function tilesAtATime(c: i32, n: i32): i32 {
  const room = ROOM - POINTS * 384 - ((POINTS * c * n) << 2);
  return min(TILES, room / ((POINTS * (c + n)) << 2));
}

/** Bytes of working memory for c channels in and n out. */
export function gradientTilesBytes(c: i32, n: i32): i32 {
  const cb = part(c), nb = part(n), tiles = tilesAtATime(cb, nb);
  return <i32>(POINTS * (pitchOf(cb * nb) + pitchOf(tiles * cb) + pitchOf(tiles * nb)));
}

/** dw[fy, fx, c, o] for output channels [column0, column1), the first of them at dw, rows of dw `dwRow` bytes apart. `padded` is as there, in the same room. */
export function filterGradientTiles(
  x: usize, dy: usize, dw: usize, dwRow: usize, images: i32, column0: i32, column1: i32, n: i32, padded: usize,
  room: usize, scratch: usize,
): void {
  const c = channels;
  const cb = part(c), nb = part(n), many = tilesAtATime(cb, nb);
  const pitchSum = pitchOf(cb * nb), pitchX = pitchOf(many * cb), pitchY = pitchOf(many * nb);
  const sums = room;
  const valuesX = sums + POINTS * pitchSum;
  const valuesY = valuesX + POINTS * pitchX;
  const table = blockA(scratch), spare = blockB(scratch);
  const across = (outWidth + OUT - 1) / OUT, down = (outHeight + OUT - 1) / OUT;
  const bytesX: usize = (inHeight * inWidth * c) << 2, bytesY: usize = (outHeight * outWidth * n) << 2;
  for (let c0 = 0; c0 < c; c0 += cb) {
    const mc = min(cb, c - c0);
    for (let n0 = column0; n0 < column1; n0 += nb) {
      const nc = min(nb, column1 - n0);
      let image = 0, ty = 0, tx = 0;
      let adds = false;
      for (let left = images * down * across; left > 0; left -= many) {
        const k = min(many, left);
        for (let i = 0; i < k; i++) {
          const from = square(
            x + image * bytesX, inHeight, inWidth, c, c0, mc, ty * OUT - padTop, tx * OUT - padLeft, IN, spare,
          );
          spreadInput(from, mc, valuesX + ((i * mc) << 2), pitchX, table);
          const slope = square(dy + image * bytesY, outHeight, outWidth, n, n0, nc, ty * OUT, tx * OUT, OUT, spare);
          spreadSlope(slope, nc, valuesY + ((i * nc) << 2), pitchY, table);
          if (++tx < across) continue;
          tx = 0;
          if (++ty < down) continue;
          ty = 0;
          image++;
        }
        for (let p = 0; p < POINTS; p++) {
          const a = valuesX + p * pitchX;
          for (let j = 0; j < nc; j += 8) {
            const cols = min(8, nc - j);
            const b = valuesY + p * pitchY + (j << 2);
            for (let i = 0; i < mc; i += 4) {
              const at = sums + p * pitchSum + ((i * nc + j) << 2);
              tile(4, cols, cols, a + (i << 2), mc << 2, b, nc << 2, at, nc << 2, k, adds, scratch);
            }
          }
        }
        adds = true;
      }
      for (let i = 0; i < mc; i++) {
        for (let j = 0; j < nc; j += 4) {
          const to = dw + (c0 + i) * dwRow + ((n0 - column0 + j) << 2);
          gatherFilter(sums + ((i * nc + j) << 2), pitchSum, to, c * dwRow, table);
        }
      }
    }
  }
  for (let j = column0; j < column1; j += 8) {
    const last = min(j + 8, column1);
    const at = dw + ((j - column0) << 2);
    if (isFinite8(at, dwRow, 9 * c, last - j)) continue;
    convolveFilterGradient(x, dy, at, dwRow, images, j, last, n, false, padded, scratch);
  }
}

function isFinite8(from: usize, row: usize, rows: i32, columns: i32): bool {
  let odd = f32x4.splat(0);
  for (let i = 0; i < rows; i++, from += row) {
    for (let j = 0; j < columns; j += 4) {
      const v = v128.load(from + (j << 2));
      odd = f32x4.add(odd, f32x4.sub(v, v));
    }
  }
  return !isOdd(odd);
}
