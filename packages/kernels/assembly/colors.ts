/** Colours of an image of interleaved channels: each pixel through one matrix. */
import { lanes } from './simd';

/** Floats added up in single precision before they join the sum: a multiple of 12. */
const PART: i32 = 3072;

/** Σ of red · r + green · g + blue · b over n floats, those of whole pixels; with three equal shares pixels may have any number of channels. */
export function lumaSum(x: usize, n: i32, r: f32, g: f32, b: f32): f64 {
  const first = f32x4(r, g, b, r), second = f32x4(g, b, r, g), third = f32x4(b, r, g, b);
  let total: f64 = 0;
  while (n >= 12) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0;
    let left = min(n, PART);
    n -= left;
    for (; left >= 12; left -= 12, x += 48) {
      s0 = f32x4.add(s0, v128.load(x));
      s1 = f32x4.add(s1, v128.load(x, 16));
      s2 = f32x4.add(s2, v128.load(x, 32));
    }
    n += left;
    total += lanes(f32x4.add(f32x4.add(f32x4.mul(s0, first), f32x4.mul(s1, second)), f32x4.mul(s2, third)));
  }
  for (let channel = 0; n > 0; n--, x += 4, channel = channel == 2 ? 0 : channel + 1) {
    total += load<f32>(x) * (channel == 0 ? r : channel == 1 ? g : b);
  }
  return total;
}

// @ts-ignore: decorator
@inline
function clipped(x: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(x, low), high);
}

/** y = clip(x · factor + offset), n floats. */
export function recolorGray(x: usize, y: usize, n: i32, factor: f32, offset: f32, low: f32, high: f32): void {
  const by = f32x4.splat(factor), plus = f32x4.splat(offset), lows = f32x4.splat(low), highs = f32x4.splat(high);
  for (; n >= 4; n -= 4, x += 16, y += 16) v128.store(y, clipped(f32x4.add(f32x4.mul(v128.load(x), by), plus), lows, highs));
  for (; n > 0; n--, x += 4, y += 4) {
    const v = f32x4.splat(load<f32>(x));
    store<f32>(y, f32x4.extract_lane(clipped(f32x4.add(f32x4.mul(v, by), plus), lows, highs), 0));
  }
}

/** y = clip(M x + offset) of pixels of three channels; the nine numbers of M lie at m, by rows. */
export function recolor(x: usize, y: usize, pixels: i32, m: usize, offset: f32, low: f32, high: f32): void {
  const plus = f32x4.splat(offset), lows = f32x4.splat(low), highs = f32x4.splat(high);
  for (; pixels >= 4; pixels -= 4, x += 48, y += 48) {
    const a = v128.load(x), b = v128.load(x, 16), c = v128.load(x, 32);
    const red = i32x4.shuffle(i32x4.shuffle(a, b, 0, 3, 6, 6), c, 0, 1, 2, 5);
    const green = i32x4.shuffle(i32x4.shuffle(a, b, 1, 4, 7, 7), c, 0, 1, 2, 6);
    const blue = i32x4.shuffle(i32x4.shuffle(a, b, 2, 5, 5, 5), c, 0, 1, 4, 7);
    const r = clipped(f32x4.add(mixed(red, green, blue, m), plus), lows, highs);
    const g = clipped(f32x4.add(mixed(red, green, blue, m + 12), plus), lows, highs);
    const l = clipped(f32x4.add(mixed(red, green, blue, m + 24), plus), lows, highs);
    v128.store(y, i32x4.shuffle(i32x4.shuffle(r, g, 0, 4, 1, 5), l, 0, 1, 4, 2));
    v128.store(y, i32x4.shuffle(i32x4.shuffle(g, l, 1, 5, 2, 6), r, 0, 1, 6, 2), 16);
    v128.store(y, i32x4.shuffle(i32x4.shuffle(r, g, 3, 7, 3, 7), l, 6, 0, 1, 7), 32);
  }
  for (; pixels > 0; pixels--, x += 12, y += 12) {
    const red = v128.load32_splat(x), green = v128.load32_splat(x, 4), blue = v128.load32_splat(x, 8);
    for (let i: usize = 0; i < 3; i++) {
      const value = clipped(f32x4.add(mixed(red, green, blue, m + 12 * i), plus), lows, highs);
      store<f32>(y + 4 * i, f32x4.extract_lane(value, 0));
    }
  }
}

/** A row of M times four pixels. */
// @ts-ignore: decorator
@inline
function mixed(red: v128, green: v128, blue: v128, row: usize): v128 {
  return f32x4.add(
    f32x4.add(f32x4.mul(red, v128.load32_splat(row)), f32x4.mul(green, v128.load32_splat(row, 4))),
    f32x4.mul(blue, v128.load32_splat(row, 8)),
  );
}
