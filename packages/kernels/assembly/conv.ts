/**
 * Convolution of images [batch, height, width, channels] as a matrix product without the matrix: A, one row of patch per output pixel,
 * is gathered straight into panels.
 *
 *     y[p, o]  = Σ_k patch(p)[k] · filter[k, o]         k = (fy, fx, c)
 *     dw[k, o] = Σ_p patch(p)[k] · dy[p, o]
 *
 * The gradient by x is a convolution of dy again, with a turned filter, once per phase of the strides.
 */
import { blockA, blockB, blockLength, MC, multiplyBlocks, NC } from './gemm';
import { packB, panelWidth, transpose4 } from './pack';
import { MR, tile } from './tile';

// the geometry of one convolution; set before each call
export let inHeight: i32, inWidth: i32, channels: i32, outHeight: i32, outWidth: i32, padTop: i32, padLeft: i32;
let filterHeight: i32, filterWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32;
/** Floats of a patch that lie side by side in the image (a row of the filter where it is not dilated), and how many such runs there are. */
let run: i32, runs: i32, runsPerRow: i32;

export function geometry(
  inHeight_: i32, inWidth_: i32, channels_: i32, outHeight_: i32, outWidth_: i32, filterHeight_: i32, filterWidth_: i32,
  strideY_: i32, strideX_: i32, dilationY_: i32, dilationX_: i32, padTop_: i32, padLeft_: i32,
): void {
  inHeight = inHeight_;
  inWidth = inWidth_;
  channels = channels_;
  outHeight = outHeight_;
  outWidth = outWidth_;
  filterHeight = filterHeight_;
  filterWidth = filterWidth_;
  strideY = strideY_;
  strideX = strideX_;
  dilationY = dilationY_;
  dilationX = dilationX_;
  padTop = padTop_;
  padLeft = padLeft_;
  const whole = dilationX_ == 1;
  run = whole ? filterWidth_ * channels_ : channels_;
  runsPerRow = whole ? 1 : filterWidth_;
  runs = filterHeight_ * runsPerRow;
}

// where a run of the patch of one pixel begins, and which of its floats are inside the image
let runFrom: usize, runLow: i32, runHigh: i32;

/** The run of filter row fy (and column fx, where runs are columns) at output pixel (oy, ox): floats [runLow, runHigh) are at runFrom. */
// @ts-ignore: decorator
@inline
function findRun(image: usize, oy: i32, ox: i32, fy: i32, fx: i32): void {
  const iy = oy * strideY - padTop + fy * dilationY;
  const first = (ox * strideX - padLeft + fx * dilationX) * channels;
  if (<u32>iy >= <u32>inHeight) {
    runLow = 0;
    runHigh = 0;
    return;
  }
  runLow = min(run, max(0, -first));
  runHigh = max(runLow, min(run, inWidth * channels - first));
  runFrom = image + ((iy * inWidth * channels + first) << 2);
}

/** Floats [low, high) of the run to `target`, `step` bytes apart. */
// @ts-ignore: decorator
@inline
function gather(low: i32, high: i32, target: usize, step: usize): void {
  const inside = min(max(runLow, low), high);
  const end = min(max(runHigh, inside), high);
  let j = low;
  for (; j < inside; j++, target += step) store<f32>(target, 0);
  let source = runFrom + (inside << 2);
  for (; j < end; j++, target += step, source += 4) store<u32>(target, load<u32>(source));
  for (; j < high; j++, target += step) store<f32>(target, 0);
}

/** Four floats of each of MR pixels, `pixel` bytes apart, to rows of MR. */
// @ts-ignore: decorator
@inline
function gather4(source: usize, pixel: usize, target: usize): void {
  const step: usize = MR << 2;
  transpose4(source, pixel, target, step);
  for (let r = 4; r < MR; r++) {
    const from = source + r * pixel;
    const to = target + (r << 2);
    store<u32>(to, load<u32>(from));
    store<u32>(to + step, load<u32>(from, 4));
    store<u32>(to + 2 * step, load<u32>(from, 8));
    store<u32>(to + 3 * step, load<u32>(from, 12));
  }
}

/** A whole panel of pixels side by side whose patches lie inside the image: nothing to test, four floats at a time. */
function packInside(source: usize, end: usize, firstRun: i32, low: i32, kc: i32, to: usize): void {
  const pixel: usize = (strideX * channels) << 2;
  const step: usize = MR << 2;
  let fy = firstRun / runsPerRow;
  let fx = firstRun - fy * runsPerRow;
  while (kc > 0) {
    let from = source + (((fy * dilationY * inWidth + fx * dilationX) * channels + low) << 2);
    let n = min(run - low, kc);
    kc -= n;
    for (; n >= 4; n -= 4, from += 16, to += 4 * step) gather4(from, pixel, to);
    // fewer than four: the others are overwritten by the next run, where there is one and the image has them
    if (n > 0 && n + kc >= 4 && from + (MR - 1) * pixel + 16 <= end) gather4(from, pixel, to);
    else {
      for (let r = 0; r < MR; r++) {
        for (let j = 0; j < n; j++) store<u32>(to + j * step + (r << 2), load<u32>(from + r * pixel + (j << 2)));
      }
    }
    to += n * step;
    low = 0;
    if (++fx == runsPerRow) {
      fx = 0;
      fy++;
    }
  }
}

/** A[p, k] for pixels [first, first + m) and k in [k0, k0 + kc): panels of MR pixels. `end` is where x ends. */
function packPatches(x: usize, end: usize, first: i32, m: i32, k0: i32, kc: i32, to: usize): void {
  const pixels = outHeight * outWidth;
  const imageBytes: usize = (inHeight * inWidth * channels) << 2;
  const firstRun = k0 / run;
  const firstLow = k0 - firstRun * run;
  const reachY = (filterHeight - 1) * dilationY;
  const reachX = (filterWidth - 1) * dilationX + (MR - 1) * strideX;
  const number = first / pixels;
  let image = x + number * imageBytes;
  let oy = (first - number * pixels) / outWidth;
  let ox = first - number * pixels - oy * outWidth;
  for (let i = 0; i < m; i += MR) {
    const rows = min(MR, m - i);
    const iy = oy * strideY - padTop;
    const ix = ox * strideX - padLeft;
    if (rows == MR && ox + MR <= outWidth && iy >= 0 && ix >= 0 && iy + reachY < inHeight && ix + reachX < inWidth) {
      packInside(image + (((iy * inWidth + ix) * channels) << 2), end, firstRun, firstLow, kc, to);
      ox += MR;
      if (ox == outWidth) {
        ox = 0;
        if (++oy == outHeight) {
          oy = 0;
          image += imageBytes;
        }
      }
    } else {
      const step: usize = rows << 2;
      for (let r = 0; r < rows; r++) {
        let target = to + (r << 2);
        let low = firstLow;
        let left = kc;
        let fy = firstRun / runsPerRow;
        let fx = firstRun - fy * runsPerRow;
        while (left > 0) {
          const high = min(run, low + left);
          findRun(image, oy, ox, fy, fx);
          gather(low, high, target, step);
          target += (high - low) * step;
          left -= high - low;
          low = 0;
          if (++fx == runsPerRow) {
            fx = 0;
            fy++;
          }
        }
        if (++ox == outWidth) {
          ox = 0;
          if (++oy == outHeight) {
            oy = 0;
            image += imageBytes;
          }
        }
      }
    }
    to += (kc * rows) << 2;
  }
}

/** y[p, o] for output pixels [first, first + m) of all images, in rows of `outChannels`, the first at y; filter [k, o]. `end` is where x ends. */
export function convolve(
  x: usize, end: usize, filter: usize, y: usize, first: i32, m: i32, outChannels: i32, accumulate: bool, scratch: usize,
): void {
  const k = runs * run;
  const block = blockLength(k);
  const row: usize = outChannels << 2;
  for (let jc = 0; jc < outChannels; jc += NC) {
    const nc = min(NC, outChannels - jc);
    for (let pc = 0; pc < k; pc += block) {
      const kc = min(block, k - pc);
      packB(filter + pc * row + (jc << 2), row, nc, kc, blockB(scratch));
      for (let ic = 0; ic < m; ic += MC) {
        const mc = min(MC, m - ic);
        packPatches(x, end, first + ic, mc, pc, kc, blockA(scratch));
        multiplyBlocks(mc, nc, kc, blockB(scratch), y + ic * row + (jc << 2), row, accumulate || pc > 0, scratch);
      }
    }
  }
}

/** Floats of dy that fit into working memory at a time. */
const ROOM: i32 = 200000;

/**
 * dw[k, o] = Σ over images, for output channels [column0, column1), the first of them at dw, rows of dw `dwRow` bytes apart.
 *
 * No patch is gathered: for pixels side by side, floats j … j + MR of a run lie in x at a constant distance, as the micro-kernel wants them. Of an
 * unstrided convolution that holds across rows too, with pixels in between whose dy is taken to be 0. Padding is written out first.
 * @param accumulate whether dw is added to
 * @param padded room for one image with its padding, where it has any (padding below 0 cuts off); else 0
 */
export function convolveFilterGradient(
  x: usize, dy: usize, dw: usize, dwRow: usize, images: i32, column0: i32, column1: i32, outChannels: i32, accumulate: bool, padded: usize,
  scratch: usize,
): void {
  const row: usize = outChannels << 2;
  for (let i = 0; i < runs * run && !accumulate; i++) memory.fill(dw + i * dwRow, 0, (column1 - column0) << 2);
  const width = padded ? max(inWidth + padLeft, (outWidth - 1) * strideX + (filterWidth - 1) * dilationX + 1) : inWidth;
  if (padded) {
    const height = max(inHeight + padTop, (outHeight - 1) * strideY + (filterHeight - 1) * dilationY + 1);
    memory.fill(padded, 0, <usize>(height * width * channels) << 2);
  }
  const flat = strideX == 1 && strideY == 1;
  // pixels from one row of dy to the next, as B holds them
  const pitch = flat ? width : outWidth;
  const columns = min(NC, max(8, (ROOM / pitch) & ~7));
  // rows of dy at a time: as many whatever part of the columns is computed, so that sums are those of all
  const most = max(1, ROOM / (pitch * min(columns, (outChannels + 7) & ~7)));
  // a row that is too long even for 8 columns comes in parts
  const longest = min(outWidth, ROOM / 8);
  const pixel: usize = (strideX * channels) << 2;
  const line: usize = (width * channels) << 2;
  for (let image = 0; image < images; image++) {
    let from = x + (((image * inHeight * inWidth * channels) << 2) as usize);
    if (padded) {
      const cut = max(0, -padLeft);
      const bytes: usize = ((inWidth - cut) * channels) << 2;
      for (let y = max(0, -padTop); y < inHeight; y++) {
        const to = padded + (y + padTop) * line + ((max(0, padLeft) * channels) << 2);
        memory.copy(to, from + (((y * inWidth + cut) * channels) << 2), bytes);
      }
      from = padded;
    }
    for (let jc = column0; jc < column1; jc += columns) {
      const nc = min(columns, column1 - jc);
      for (let oy = 0; oy < outHeight; oy += most) {
        const rows = min(most, outHeight - oy);
        for (let ox = 0; ox < outWidth; ox += longest) {
          const pixels = min(longest, outWidth - ox);
          const kc = (rows - 1) * pitch + pixels;
          packLines(dy + ((image * outHeight + oy) * outWidth + ox) * row + (jc << 2), row, nc, rows, pitch, pixels, blockB(scratch));
          for (let number = 0; number < runs; number++) {
            const fy = number / runsPerRow;
            const fx = number - fy * runsPerRow;
            const base = from + (oy * strideY + fy * dilationY) * line + (((ox * strideX + fx * dilationX) * channels) << 2);
            let b = blockB(scratch);
            for (let j = 0; j < nc; j += 8) {
              const cols = min(8, nc - j);
              const wide = panelWidth(cols);
              for (let i = 0; i < run; i += MR) {
                const c = dw + (number * run + i) * dwRow + ((jc - column0 + j) << 2);
                const high = min(MR, run - i);
                const a = base + (i << 2);
                if (flat) tile(high, cols, wide, a, pixel, b, wide << 2, c, dwRow, kc, true, scratch);
                else {
                  for (let y = 0; y < rows; y++) {
                    const at = b + ((y * pitch * wide) << 2);
                    tile(high, cols, wide, a + y * strideY * line, pixel, at, wide << 2, c, dwRow, pixels, true, scratch);
                  }
                }
              }
              b += (wide * kc) << 2;
            }
          }
        }
      }
    }
  }
}

/** Panels of B from `lines` rows of `pixels` pixels, each but the last followed by zeros up to `pitch`. Only whole rows come by more than one. */
function packLines(b: usize, row: usize, n: i32, lines: i32, pitch: i32, pixels: i32, to: usize): void {
  for (let j = 0; j < n; j += 8) {
    const cols = min(8, n - j);
    const wide = panelWidth(cols);
    const gap: usize = ((pitch - pixels) * wide) << 2;
    let from = b + (j << 2);
    for (let y = 0; y < lines; y++) {
      packB(from, row, cols, pixels, to);
      from += pixels * row;
      to += (pixels * wide) << 2;
      if (y + 1 < lines) {
        memory.fill(to, 0, gap);
        to += gap;
      }
    }
  }
}

/**
 * The filter that the gradient by x convolves dy with, for one phase: [tapsY, tapsX, o, c] from filter [fy, fx, c, o], taps reversed:
 * tap j holds fy = firstY + (tapsY − 1 − j) · everyY.
 */
export function turnFilter(
  filter: usize, width: i32, c: i32, o: i32, firstY: i32, everyY: i32, tapsY: i32, firstX: i32, everyX: i32, tapsX: i32, to: usize,
): void {
  for (let y = tapsY - 1; y >= 0; y--) {
    for (let x = tapsX - 1; x >= 0; x--) {
      const from = filter + ((((firstY + y * everyY) * width + firstX + x * everyX) * c * o) << 2);
      for (let j = 0; j < o; j++) {
        for (let i = 0; i < c; i++, to += 4) store<u32>(to, load<u32>(from + ((i * o + j) << 2)));
      }
    }
  }
}

/** Puts rows of c floats, one per pixel [batch, countY, countX] of a phase, where they belong in dx [batch, height, width, c]. */
export function placePhase(
  from: usize, batch: i32, countY: i32, countX: i32, c: i32, dx: usize, height: i32, width: i32, firstY: i32, everyY: i32,
  firstX: i32, everyX: i32,
): void {
  const bytes = c << 2;
  for (let b = 0; b < batch; b++) {
    for (let y = 0; y < countY; y++) {
      for (let x = 0; x < countX; x++) {
        const pixel = (b * height + firstY + y * everyY) * width + firstX + x * everyX;
        memory.copy(dx + pixel * bytes, from, bytes);
        from += bytes;
      }
    }
  }
}
