/** Tiles of 6 × 6 inputs and 4 × 4 outputs, four channels at a time: lines down, through a table of 6 × 6 vectors, then lines across. */
import { filterLine, inputLine, outputLine, POINTS, slopeLine, weightLine } from './lines';

/** Bytes from the values at one point to those at the next: an odd number of cache lines, so that 36 points do not fall onto the same places of a cache. */
// @ts-ignore: decorator
@inline
export function pitchOf(floats: i32): usize {
  return (((floats << 2) + 63) & ~63) | 64;
}

// where the pixels of a square are: bytes from one pixel to the next, and from one line
export let pixelBytes: usize, lineBytes: usize;

/** A square of `size` × `size` pixels at (y, x) of an image, channels [first, first + count): in the image, or where it reaches out, copied to `spare` with zeros. */
export function square(
  image: usize, height: i32, width: i32, channels: i32, first: i32, count: i32, y: i32, x: i32, size: i32, spare: usize,
): usize {
  pixelBytes = channels << 2;
  lineBytes = <usize>width * pixelBytes;
  const from = image + (((y * width + x) * channels + first) << 2);
  if (y >= 0 && x >= 0 && y + size <= height && x + size <= width) return from;
  let to = spare;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      if (<u32>(y + i) < <u32>height && <u32>(x + j) < <u32>width) {
        const pixel = from + i * lineBytes + j * pixelBytes;
        for (let c = 0; c < count; c += 4, to += 16) v128.store(to, v128.load(pixel + (c << 2)));
      } else for (let c = 0; c < count; c += 4, to += 16) v128.store(to, f32x4.splat(0));
    }
  }
  pixelBytes = count << 2;
  lineBytes = size * pixelBytes;
  return spare;
}

/** Values of a square of 6 × 6 pixels at the 36 points, `pitch` bytes apart. */
export function spreadInput(from: usize, channels: i32, to: usize, pitch: usize, table: usize): void {
  const line = lineBytes, pixel = pixelBytes;
  for (let c = 0; c < channels; c += 4, from += 16, to += 16) {
    let at = from;
    let down = table;
    for (let j = 0; j < 6; j++, at += pixel, down += 16) {
      inputLine(
        v128.load(at), v128.load(at + line), v128.load(at + 2 * line), v128.load(at + 3 * line), v128.load(at + 4 * line),
        v128.load(at + 5 * line), down, 0, true,
      );
    }
    down = table;
    at = to;
    for (let i = 0; i < 6; i++, down += 96, at += 6 * pitch) {
      inputLine(
        v128.load(down), v128.load(down, 16), v128.load(down, 32), v128.load(down, 48), v128.load(down, 64), v128.load(down, 80), at,
        pitch, false,
      );
    }
  }
}

/** Values of a square of 4 × 4 pixels of dy. */
export function spreadSlope(from: usize, channels: i32, to: usize, pitch: usize, table: usize): void {
  const line = lineBytes, pixel = pixelBytes;
  for (let c = 0; c < channels; c += 4, from += 16, to += 16) {
    let at = from;
    let down = table;
    for (let j = 0; j < 4; j++, at += pixel, down += 16) {
      slopeLine(v128.load(at), v128.load(at + line), v128.load(at + 2 * line), v128.load(at + 3 * line), down, 0, true);
    }
    down = table;
    at = to;
    for (let i = 0; i < 6; i++, down += 96, at += 6 * pitch) {
      slopeLine(v128.load(down), v128.load(down, 16), v128.load(down, 32), v128.load(down, 48), at, pitch, false);
    }
  }
}

/** Values of four filters of 3 × 3, whose taps are `tap` bytes apart. */
export function spreadFilter(from: usize, tap: usize, to: usize, pitch: usize, table: usize): void {
  for (let j = 0; j < 3; j++) filterLine(from + j * tap, 3 * tap, table + (j << 4), 96);
  for (let i = 0; i < 6; i++, table += 96, to += 6 * pitch) filterLine(table, 16, to, pitch);
}

/** True where a lane is not 0: where something that was subtracted from itself is NaN or infinite. */
// @ts-ignore: decorator
@inline
export function isOdd(lanes: v128): bool {
  return v128.any_true(f32x4.ne(lanes, f32x4.splat(0)));
}

/**
 * Outputs of a tile from its products at 36 points: `rows` × `columns` of 4 × 4 are inside, and go to y, a pixel and a line apart. Returns whether all
 * 16 are finite.
 * @param table 40 vectors
 */
export function gatherOutput(
  from: usize, pitch: usize, n: i32, bias: usize, y: usize, pixel: usize, line: usize, rows: i32, columns: i32, table: usize,
): bool {
  let odd = f32x4.splat(0);
  const far = 6 * pitch;
  const spare = table + 576;
  for (let o = 0; o < n; o += 4, from += 16, y += 16) {
    const more = bias ? v128.load(bias + (o << 2)) : f32x4.splat(0);
    let at = from;
    let down = table;
    for (let j = 0; j < 6; j++, at += pitch, down += 16) {
      outputLine(
        v128.load(at), v128.load(at + far), v128.load(at + 2 * far), v128.load(at + 3 * far), v128.load(at + 4 * far),
        v128.load(at + 5 * far), more, down, 0, true,
      );
    }
    down = table;
    at = y;
    for (let i = 0; i < 4; i++, down += 96, at += line) {
      const whole = i < rows && columns == 4;
      const sum = outputLine(
        v128.load(down), v128.load(down, 16), v128.load(down, 32), v128.load(down, 48), v128.load(down, 64), v128.load(down, 80), more,
        whole ? at : spare, whole ? pixel : 16, false,
      );
      odd = f32x4.add(odd, sum);
      if (whole || i >= rows) continue;
      for (let j = 0; j < columns; j++) v128.store(at + j * pixel, v128.load(spare + (j << 4)));
    }
  }
  return !isOdd(f32x4.sub(odd, odd));
}

/** Gradients of four filters from their sums at 36 points. */
export function gatherFilter(from: usize, pitch: usize, dw: usize, tap: usize, table: usize): void {
  for (let j = 0; j < 6; j++) weightLine(from + j * pitch, 6 * pitch, table + (j << 4), 96);
  for (let i = 0; i < 3; i++, table += 96, dw += 3 * tap) weightLine(table, 16, dw, tap);
}
