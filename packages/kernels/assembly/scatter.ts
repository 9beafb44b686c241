/**
 * The gradient of a convolution by its input, the other way round: patches of gradients, one row [fy, fx, c] for each output pixel, added to the images that they were taken of. The rows are
 * one product, dy · filterᵀ.
 */

/** to += from, n floats. */
// @ts-ignore: decorator
@inline
function add(to: usize, from: usize, n: i32): void {
  for (; n >= 4; n -= 4, to += 16, from += 16) v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  for (; n > 0; n--, to += 4, from += 4) store<f32>(to, load<f32>(to) + load<f32>(from));
}

/** dx [images, inHeight, inWidth, channels] += patches, whose padding is left out; in the order of output pixels, so that an image does not depend on those beside it. */
export function scatterPatches(
  patches: usize, dx: usize, images: i32, inHeight: i32, inWidth: i32, channels: i32, outHeight: i32, outWidth: i32, filterHeight: i32,
  filterWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, padTop: i32, padLeft: i32,
): void {
  // what lies side by side both in a patch and in an image
  const whole = dilationX == 1;
  const run = whole ? filterWidth * channels : channels, runs = whole ? 1 : filterWidth;
  const line = inWidth * channels, bytes: usize = run << 2;
  for (; images > 0; images--, dx += (inHeight * line) << 2) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        for (let fy = 0; fy < filterHeight; fy++) {
          const iy = oy * strideY - padTop + fy * dilationY;
          if (<u32>iy >= <u32>inHeight) {
            patches += runs * bytes;
            continue;
          }
          let first = (ox * strideX - padLeft) * channels;
          for (let i = 0; i < runs; i++, patches += bytes, first += dilationX * channels) {
            const low = min(run, max(0, -first)), high = min(run, line - first);
            add(dx + ((iy * line + first + low) << 2), patches + (low << 2), high - low);
          }
        }
      }
    }
  }
}
