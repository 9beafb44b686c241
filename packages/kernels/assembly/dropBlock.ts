/**
 * DropBlock: y = x m · count / kept of its sample, where m is 0 on the squares whose first pixel was drawn. Maps of `pixels` neighbours: [h, w, c] with the channels last, where a pixel is c numbers;
 * [h, w] with the channels in front, where it is one.
 */

/** What is dropped: bytes of 1 over a map of [h, w · pixel], for places [h − s + 1, (w − s + 1) · pixel] that are 0 where a block begins. */
function cover(places: usize, dropped: usize, h: i32, w: i32, pixel: i32, side: i32): void {
  const row: usize = w * pixel;
  memory.fill(dropped, 0, h * row);
  const across = (w - side + 1) * pixel;
  for (let i = 0; i + side <= h; i++) {
    for (let j = 0; j < across; j++, places += 4) {
      if (load<u32>(places)) continue;
      let to = dropped + i * row + j;
      for (let k = 0; k < side; k++, to += row) {
        for (let l = 0; l < side; l++) store<u8>(to + l * pixel, 1);
      }
    }
  }
}

/** How many bytes are 0, of bytes that are 0 or 1. */
function zeros(bytes: usize, n: i32): i32 {
  let kept = n;
  while (n >= 16) {
    // 255 bytes of a lane at most are added up in a byte
    const part = min(n >> 4, 255);
    let sum = i8x16.splat(0);
    for (let i = 0; i < part; i++, bytes += 16) sum = i8x16.add(sum, v128.load(bytes));
    const pairs = i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(sum));
    kept -= i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1) + i32x4.extract_lane(pairs, 2) + i32x4.extract_lane(pairs, 3);
    n -= part << 4;
  }
  for (; n > 0; n--, bytes++) kept -= load<u8>(bytes);
  return kept;
}

/** y = byte ? 0 : x · scale */
function apply(x: usize, y: usize, dropped: usize, n: i32, scale: f32): void {
  const times = f32x4.splat(scale);
  for (; n >= 4; n -= 4, x += 16, y += 16, dropped += 4) {
    const bytes = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(dropped)));
    v128.store(y, v128.and(f32x4.mul(v128.load(x), times), i32x4.eq(bytes, i32x4.splat(0))));
  }
  for (; n > 0; n--, x += 4, y += 4, dropped++) store<f32>(y, load<u8>(dropped) ? 0 : load<f32>(x) * scale);
}

/**
 * @param places of all samples and maps: 0 where a block is dropped
 * @param maps of a sample
 * @param dropped working memory: a byte for each number of a sample
 */
export function dropBlock(
  x: usize, y: usize, places: usize, samples: i32, maps: i32, h: i32, w: i32, pixel: i32, side: i32, dropped: usize,
): void {
  const size = h * w * pixel, count = maps * size;
  const each: usize = ((h - side + 1) * (w - side + 1) * pixel) << 2;
  for (; samples > 0; samples--, x += count << 2, y += count << 2) {
    for (let i = 0; i < maps; i++, places += each) cover(places, dropped + i * size, h, w, pixel, side);
    const kept = zeros(dropped, count);
    apply(x, y, dropped, count, kept ? <f32>(<f64>count / <f64>kept) : 0);
  }
}
