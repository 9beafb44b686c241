/**
 * Images through maps of the plane: what is at (x, y) of the result is taken from (x', y') of the image,
 *
 *     x' = (a x + b y + c) / (g x + h y + 1)     y' = (d x + e y + f) / (g x + h y + 1)
 *
 * from the nearest pixel, or as a mean of the four around it, weighted by how near they are. Places are in double precision.
 */

// what lies outside of an image: the fill value, the nearest pixel, or the mirror image (d c b a | a b c d | d c b a)
const CONSTANT: i32 = 0;
const REFLECT: i32 = 2;

// the images that are read, and what is read outside of them
let height: i32, width: i32, channels: i32, fillMode: i32, fillValue: f32;

/** The place inside of an image that is shown for a place outside. */
// @ts-ignore: decorator
@inline
function inside(at: f64, length: f64): f64 {
  if (fillMode == REFLECT && !(at >= 0 && at < length)) {
    at -= 2 * length * floor(at / (2 * length));
    if (at >= length) at = 2 * length - at - 1;
  }
  return min(max(at, 0), length - 1);
}

// @ts-ignore: decorator
@inline
function has(row: i32, column: i32): bool {
  return <u32>row < <u32>height && <u32>column < <u32>width;
}

// @ts-ignore: decorator
@inline
function addressOf(image: usize, row: i32, column: i32): usize {
  return image + (<usize>((row * width + column) * channels) << 2);
}

// @ts-ignore: decorator
@inline
function copy(from: usize, y: usize): void {
  store<u32>(y, load<u32>(from));
  for (let c = 1; c < channels; c++) store<u32>(y + (c << 2), load<u32>(from + (c << 2)));
}

function fill(y: usize): void {
  for (let c = 0; c < channels; c++) store<f32>(y + (c << 2), fillValue);
}

/** One channel of one pixel. */
function read(image: usize, row: i32, column: i32, channel: i32): f32 {
  return has(row, column) ? load<f32>(addressOf(image, row, column) + (channel << 2)) : fillValue;
}

// @ts-ignore: decorator
@inline
function nearest(image: usize, row: f64, column: f64, y: usize): void {
  const r = <i32>floor(row + 0.5), c = <i32>floor(column + 0.5);
  if (has(r, c)) copy(addressOf(image, r, c), y);
  else fill(y);
}

/** One channel of four pixels. */
// @ts-ignore: decorator
@inline
function mix(above: usize, below: usize, back: f32, right: f32, up: f32, down: f32, y: usize): void {
  const pixel: usize = <usize>channels << 2;
  const first = back * load<f32>(above) + right * load<f32>(above + pixel);
  const second = back * load<f32>(below) + right * load<f32>(below + pixel);
  store<f32>(y, up * first + down * second);
}

// @ts-ignore: decorator
@inline
function mixed(a: v128, b: v128, c: v128, d: v128, back: f32, right: f32, up: f32, down: f32): v128 {
  const first = f32x4.add(f32x4.mul(f32x4.splat(back), a), f32x4.mul(f32x4.splat(right), b));
  const second = f32x4.add(f32x4.mul(f32x4.splat(back), c), f32x4.mul(f32x4.splat(right), d));
  return f32x4.add(f32x4.mul(f32x4.splat(up), first), f32x4.mul(f32x4.splat(down), second));
}

/** All channels of four pixels, four at a time, the last ones once more where they are no multiple of four. Nothing beyond is read. */
// @ts-ignore: decorator
@inline
function mixFour(above: usize, below: usize, back: f32, right: f32, up: f32, down: f32, y: usize): void {
  if (channels == 3) {
    // of the six floats of two pixels, those from the third on
    const b = v128.load(above, 8), d = v128.load(below, 8);
    const three = mixed(v128.load(above), i32x4.shuffle(b, b, 1, 2, 3, 3), v128.load(below), i32x4.shuffle(d, d, 1, 2, 3, 3), back, right, up, down);
    v128.store64_lane(y, three, 0);
    v128.store32_lane(y, three, 2, 8);
    return;
  }
  const pixel: usize = <usize>channels << 2;
  for (let c: usize = 0; c < pixel; c += 16) {
    c = min(c, pixel - 16);
    const a = v128.load(above + c), b = v128.load(above + c + pixel);
    v128.store(y + c, mixed(a, b, v128.load(below + c), v128.load(below + c + pixel), back, right, up, down));
  }
}

// @ts-ignore: decorator
@inline
function bilinear(image: usize, row: f64, column: f64, y: usize): void {
  const top = floor(row), left = floor(column);
  const down = <f32>(row - top), right = <f32>(column - left);
  const up: f32 = 1 - down, back: f32 = 1 - right;
  const r = <i32>top, c = <i32>left;
  // and their neighbours, too
  if (<u32>r < <u32>(height - 1) && <u32>c < <u32>(width - 1)) {
    const above = addressOf(image, r, c);
    const below = above + (<usize>(width * channels) << 2);
    if (channels > 2) mixFour(above, below, back, right, up, down, y);
    else {
      mix(above, below, back, right, up, down, y);
      if (channels > 1) mix(above + 4, below + 4, back, right, up, down, y + 4);
    }
    return;
  }
  for (let channel = 0; channel < channels; channel++) {
    const first = back * read(image, r, c, channel) + right * read(image, r, c + 1, channel);
    const second = back * read(image, r + 1, c, channel) + right * read(image, r + 1, c + 1, channel);
    store<f32>(y + (channel << 2), up * first + down * second);
  }
}

/** A row of the result that shows a row of the image, pixel by pixel, forwards or (turn = −1) backwards from `column` on. */
function copyRow(image: usize, row: f64, column: f64, turn: i32, y: usize, count: i32): void {
  const pixel: usize = <usize>channels << 2;
  const r = <i32>floor((fillMode == CONSTANT ? row : inside(row, height)) + 0.5);
  const first = <i32>floor(column + 0.5);
  let x = 0;
  if (<u32>r < <u32>height) {
    // of these pixels the image has [low, high)
    const low = min(count, max(0, turn > 0 ? -first : first - width + 1));
    const high = max(low, min(count, turn > 0 ? width - first : first + 1));
    for (; x < low; x++) nearest(image, r, fillMode == CONSTANT ? -1 : inside(column + x * turn, width), y + x * pixel);
    let from = addressOf(image, r, first + x * turn);
    let to = y + x * pixel;
    if (turn > 0) memory.copy(to, from, (high - low) * pixel);
    else for (const end = y + high * pixel; to < end; to += pixel, from -= pixel) copy(from, to);
    x = high;
    for (; x < count; x++) nearest(image, r, fillMode == CONSTANT ? -1 : inside(column + x * turn, width), y + x * pixel);
  }
  for (; x < count; x++) fill(y + x * pixel);
}

/**
 * @param maps a … h of each image, `mapStep` bytes apart: 0 where all have the same
 * @param smooth whether pixels are mixed
 */
export function warp(
  x: usize, y: usize, images: i32, height_: i32, width_: i32, channels_: i32, outHeight: i32, outWidth: i32, maps: usize, mapStep: usize,
  fillMode_: i32, smooth: bool, fillValue_: f32,
): void {
  height = height_;
  width = width_;
  channels = channels_;
  fillMode = fillMode_;
  fillValue = fillValue_;
  const pixel: usize = <usize>channels_ << 2;
  const clip = fillMode_ != CONSTANT;
  for (let i = 0; i < images; i++, x += <usize>(height_ * width_) * pixel, maps += mapStep) {
    const a: f64 = load<f32>(maps), b: f64 = load<f32>(maps, 4), c: f64 = load<f32>(maps, 8);
    const d: f64 = load<f32>(maps, 12), e: f64 = load<f32>(maps, 16), f: f64 = load<f32>(maps, 20);
    const g: f64 = load<f32>(maps, 24), h: f64 = load<f32>(maps, 28);
    const flat = g == 0 && h == 0;
    // NaN or infinite: of such a place there is nothing to see
    if ((a + b + c + d + e + f + g + h) * 0 != 0) {
      for (let n = outHeight * outWidth; n > 0; n--, y += pixel) fill(y);
      continue;
    }
    const upright = flat && d == 0 && abs(a) == 1;
    for (let oy = 0; oy < outHeight; oy++) {
      const firstColumn = b * oy + c, firstRow = e * oy + f;
      if (upright && (!smooth || (floor(firstColumn) == firstColumn && floor(firstRow) == firstRow))) {
        copyRow(x, firstRow, firstColumn, <i32>a, y, outWidth);
        y += outWidth * pixel;
        continue;
      }
      for (let ox = 0; ox < outWidth; ox++, y += pixel) {
        let column = a * ox + firstColumn, row = d * ox + firstRow;
        if (!flat) {
          const depth = g * ox + h * oy + 1;
          if (depth == 0) {
            fill(y);
            continue;
          }
          column /= depth;
          row /= depth;
        }
        if (clip) {
          column = inside(column, width_);
          row = inside(row, height_);
        }
        if (smooth) bilinear(x, row, column, y);
        else nearest(x, row, column, y);
      }
    }
  }
}
