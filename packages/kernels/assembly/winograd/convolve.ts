/**
 * Convolution with filters of 3 × 3, unstrided, by Winograd's F(4 × 4, 3 × 3): 36 products for each pair of channels and 16 outputs, where the definition
 * takes 144. A tile's inputs and the filter become values at 36 points; at each point, the values of many tiles times those of the filter are one
 * product of matrices, whose sums over channels become outputs.
 *
 * NaN and Infinity spread over a tile on the way. A row of tiles in which an output is not finite is computed by definition instead. So it is where finite
 * numbers overflow on the way only. What is computed for a tile depends on no other row.
 */
import { channels, convolve, inHeight, inWidth, outHeight, outWidth, padLeft, padTop } from '../conv';
import { fillRows } from '../activation';
import { blockA, blockB, blockLength, MC, multiplyPacked, NC, packedSize } from '../gemm';
import { panelWidth } from '../pack';
import { MR } from '../tile';
import { IN, OUT, POINTS } from './lines';
import { gatherOutput, pitchOf, spreadFilter, spreadInput, square } from './tiles';

/** Bytes of values and products at a time: what a thread has room for. */
const ROOM: i32 = 1 << 20;

/** Tiles that are taken at a time; 0 where there is no room for so many channels. */
function tilesAtATime(c: i32, n: i32): i32 {
  const room = ROOM - POINTS * 256;
  return min(MC, (room / ((POINTS * (c + n)) << 2) / MR) * MR);
}

/** Bytes of working memory for c channels in and n out; 0 where there is not enough. */
export function tilesBytes(c: i32, n: i32): i32 {
  const tiles = tilesAtATime(c, n);
  return <i32>(POINTS * (pitchOf(tiles * c) + pitchOf(tiles * n))) * i32(tiles > 0);
}

/** Bytes from a filter's values at one point to those at the next. */
// @ts-ignore: decorator
@inline
function planeOf(c: i32, n: i32): usize {
  return pitchOf(packedSize(n, c));
}

/** Bytes of a filter's values. */
export function spreadFilterBytes(c: i32, n: i32): i32 {
  return POINTS * <i32>planeOf(c, n);
}

/** Below this, values of a filter are finite. */
const LARGE: f32 = 1e36;

/** Values of a filter [3, 3, c, n] at 36 points: at each, panels as `packAll` makes them. n % 4 = 0. Returns whether all are finite, before anything is written. */
export function spreadFilters(filter: usize, c: i32, n: i32, to: usize, scratch: usize): bool {
  const tap: usize = (c * n) << 2;
  const large = f32x4.splat(LARGE);
  let small = i32x4.splat(-1);
  for (let at = filter; at < filter + 9 * tap; at += 16) small = v128.and(small, f32x4.lt(f32x4.abs(v128.load(at)), large));
  if (!i32x4.all_true(small)) return false;
  const plane = planeOf(c, n);
  const block = blockLength(c);
  for (let jc = 0; jc < n; jc += NC) {
    const nc = min(NC, n - jc);
    for (let pc = 0; pc < c; pc += block) {
      const kc = min(block, c - pc);
      let panel = to;
      for (let j = 0; j < nc; j += 8) {
        const wide = panelWidth(nc - j);
        for (let k = 0; k < kc; k++) {
          const from = filter + (((pc + k) * n + jc + j) << 2);
          for (let q = 0; q < wide; q += 4, panel += 16) spreadFilter(from + (q << 2), tap, panel, plane, blockA(scratch));
        }
      }
      to += packedSize(nc, kc) << 2;
    }
  }
  return true;
}

/** Rows of outputs before row r of tiles, in all images. */
// @ts-ignore: decorator
@inline
export function rowsBefore(r: i32, height: i32): i32 {
  const down = (height + OUT - 1) / OUT;
  const image = r / down;
  return image * height + min(height, (r - image * down) * OUT);
}

/** y[p, o] for rows [first, last) of tiles in all images, the first pixel at y; the values of the filter are at u; bias per channel, or 0. */
export function convolveTiles(
  x: usize, end: usize, filter: usize, y: usize, first: i32, last: i32, n: i32, u: usize, bias: usize, room: usize, scratch: usize,
): void {
  const c = channels;
  const many = tilesAtATime(c, n);
  const across = (outWidth + OUT - 1) / OUT, down = (outHeight + OUT - 1) / OUT;
  const values = room, pitchIn = pitchOf(many * c), pitchOut = pitchOf(many * n);
  const products = values + POINTS * pitchIn;
  const table = blockA(scratch), spare = blockB(scratch);
  const plane = planeOf(c, n);
  const imageBytes: usize = (inHeight * inWidth * c) << 2;
  const pixel: usize = n << 2;
  const line: usize = outWidth * pixel;
  const start = rowsBefore(first, outHeight);
  // where inputs and outputs are: a row of tiles, and a tile of it
  let rowIn = first, tileIn = 0, rowOut = first, tileOut = 0;
  let finite = true;
  for (let left = (last - first) * across; left > 0; left -= many) {
    const m = min(many, left);
    for (let i = 0; i < m; i++) {
      const image = rowIn / down;
      const at = square(
        x + image * imageBytes, inHeight, inWidth, c, 0, c, (rowIn - image * down) * OUT - padTop, tileIn * OUT - padLeft, IN, spare,
      );
      spreadInput(at, c, values + ((i * c) << 2), pitchIn, table);
      if (++tileIn == across) {
        tileIn = 0;
        rowIn++;
      }
    }
    for (let p = 0; p < POINTS; p++) {
      multiplyPacked(m, n, c, values + p * pitchIn, c << 2, u + p * plane, products + p * pitchOut, pixel, false, scratch);
    }
    for (let i = 0; i < m; i++) {
      const before = rowsBefore(rowOut, outHeight);
      const rows = rowsBefore(rowOut + 1, outHeight) - before;
      const to = y + (before - start) * line;
      const columns = min(OUT, outWidth - tileOut * OUT);
      finite =
        gatherOutput(
          products + ((i * n) << 2), pitchOut, n, bias, to + tileOut * OUT * pixel, pixel, line, rows, columns, table,
        ) && finite;
      if (++tileOut < across) continue;
      if (!finite) {
        const pixels = rows * outWidth;
        if (bias) fillRows(to, pixels, n, bias);
        convolve(x, end, filter, to, before * outWidth, pixels, n, bias != 0, scratch);
        finite = true;
      }
      tileOut = 0;
      rowOut++;
    }
  }
}
