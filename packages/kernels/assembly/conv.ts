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
import { packB } from './pack';
import { MR } from './tile';

// the geometry of one convolution; set before each call
let inHeight: i32, inWidth: i32, channels: i32, outHeight: i32, outWidth: i32, filterHeight: i32, filterWidth: i32;
let strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, padTop: i32, padLeft: i32;
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

/** Run `r` of the patch of output pixel (image, oy, ox): floats [runLow, runHigh) of it are at runFrom, the others are padding. */
// @ts-ignore: decorator
@inline
function findRun(x: usize, image: i32, oy: i32, ox: i32, r: i32): void {
  const fy = r / runsPerRow;
  const iy = oy * strideY - padTop + fy * dilationY;
  const ix = ox * strideX - padLeft + (r - fy * runsPerRow) * dilationX;
  if (<u32>iy >= <u32>inHeight) {
    runLow = 0;
    runHigh = 0;
    return;
  }
  const first = ix * channels;
  runLow = min(run, max(0, -first));
  runHigh = max(runLow, min(run, inWidth * channels - first));
  runFrom = x + (((image * inHeight + iy) * inWidth * channels + first) << 2);
}

/** Floats [from, to) of run: to `to`, `step` bytes apart. */
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

/** A[p, k] for pixels [first, first + m) and k in [k0, k0 + kc): panels of MR pixels. */
function packPatches(x: usize, first: i32, m: i32, k0: i32, kc: i32, to: usize): void {
  const pixels = outHeight * outWidth;
  const firstRun = k0 / run;
  for (let i = 0; i < m; i += MR) {
    const rows = min(MR, m - i);
    const step: usize = rows << 2;
    for (let r = 0; r < rows; r++) {
      const p = first + i + r;
      const image = p / pixels;
      const oy = (p - image * pixels) / outWidth;
      const ox = p - image * pixels - oy * outWidth;
      let target = to + (r << 2);
      let low = k0 - firstRun * run;
      let left = kc;
      for (let number = firstRun; left > 0; number++) {
        const high = min(run, low + left);
        findRun(x, image, oy, ox, number);
        gather(low, high, target, step);
        target += (high - low) * step;
        left -= high - low;
        low = 0;
      }
    }
    to += kc * step;
  }
}

/** Aᵀ: for pixels [first, first + kc), floats [m0, m0 + m) of their patches: panels of MR floats. */
function packPatchColumns(x: usize, first: i32, kc: i32, m0: i32, m: i32, to: usize): void {
  const pixels = outHeight * outWidth;
  const lastRows = m % MR;
  const wholePanels = m / MR;
  for (let q = 0; q < kc; q++) {
    const p = first + q;
    const image = p / pixels;
    const oy = (p - image * pixels) / outWidth;
    const ox = p - image * pixels - oy * outWidth;
    let number = m0 / run;
    let low = m0 - number * run;
    let left = m;
    // where the next float goes: panel, row in it
    let panel = 0;
    let row = 0;
    while (left > 0) {
      const high = min(run, low + left);
      findRun(x, image, oy, ox, number);
      left -= high - low;
      while (low < high) {
        const rows = panel < wholePanels ? MR : lastRows;
        const count = min(rows - row, high - low);
        gather(low, low + count, to + ((panel * MR * kc + q * rows + row) << 2), 4);
        low += count;
        row += count;
        if (row == rows) {
          row = 0;
          panel++;
        }
      }
      low = 0;
      number++;
    }
  }
}

/** y[p, o] for output pixels [first, first + m) of all images, in rows of `outChannels`; filter [k, o]. */
export function convolve(x: usize, filter: usize, y: usize, first: i32, m: i32, outChannels: i32, accumulate: bool, scratch: usize): void {
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
        packPatches(x, first + ic, mc, pc, kc, blockA(scratch));
        multiplyBlocks(mc, nc, kc, y + (first + ic) * row + (jc << 2), row, accumulate || pc > 0, scratch);
      }
    }
  }
}

/** Pixels summed at a time for a filter's gradient. */
const PIXELS: i32 = 256;

/** dw[k, o] for k in [m0, m0 + m), over all `pixels` output pixels of all images. */
export function convolveFilterGradient(
  x: usize, dy: usize, dw: usize, pixels: i32, m0: i32, m: i32, outChannels: i32, scratch: usize,
): void {
  const row: usize = outChannels << 2;
  for (let jc = 0; jc < outChannels; jc += NC) {
    const nc = min(NC, outChannels - jc);
    for (let pc = 0; pc < pixels; pc += PIXELS) {
      const kc = min(PIXELS, pixels - pc);
      packB(dy + pc * row + (jc << 2), row, nc, kc, blockB(scratch));
      for (let ic = 0; ic < m; ic += MC) {
        const mc = min(MC, m - ic);
        packPatchColumns(x, pc, kc, m0 + ic, mc, blockA(scratch));
        multiplyBlocks(mc, nc, kc, dw + (m0 + ic) * row + (jc << 2), row, pc > 0, scratch);
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
