/** Gradients of pooling over windows of images [batch, height, width, channels]. Windows may be dilated. */

/** dy of each window goes to its largest element, the first of equals; to none where no element is above −∞. */
export function maxPoolGradient(
  x: usize, dy: usize, dx: usize, batch: i32, inHeight: i32, inWidth: i32, channels: i32, outHeight: i32, outWidth: i32,
  windowHeight: i32, windowWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, padTop: i32, padLeft: i32,
): void {
  memory.fill(dx, 0, <usize>(batch * inHeight * inWidth * channels) << 2);
  for (let b = 0; b < batch; b++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const top = oy * strideY - padTop;
      for (let ox = 0; ox < outWidth; ox++) {
        const left = ox * strideX - padLeft;
        const from = dy + ((((b * outHeight + oy) * outWidth + ox) * channels) << 2);
        let c = 0;
        for (; c + 4 <= channels; c += 4) {
          let largest = f32x4.splat(-Infinity);
          let where = i32x4.splat(-1);
          for (let wy = 0, iy = top; wy < windowHeight; wy++, iy += dilationY) {
            if (<u32>iy >= <u32>inHeight) continue;
            for (let wx = 0, ix = left; wx < windowWidth; wx++, ix += dilationX) {
              if (<u32>ix >= <u32>inWidth) continue;
              const at = (((b * inHeight + iy) * inWidth + ix) * channels + c) << 2;
              const value = v128.load(x + at);
              const larger = f32x4.gt(value, largest);
              largest = v128.bitselect(value, largest, larger);
              where = v128.bitselect(i32x4.splat(at), where, larger);
            }
          }
          const g = from + (c << 2);
          give(dx, i32x4.extract_lane(where, 0), 0, g);
          give(dx, i32x4.extract_lane(where, 1), 4, g);
          give(dx, i32x4.extract_lane(where, 2), 8, g);
          give(dx, i32x4.extract_lane(where, 3), 12, g);
        }
        for (; c < channels; c++) {
          let largest: f32 = -Infinity;
          let where = -1;
          for (let wy = 0, iy = top; wy < windowHeight; wy++, iy += dilationY) {
            if (<u32>iy >= <u32>inHeight) continue;
            for (let wx = 0, ix = left; wx < windowWidth; wx++, ix += dilationX) {
              if (<u32>ix >= <u32>inWidth) continue;
              const at = (((b * inHeight + iy) * inWidth + ix) * channels + c) << 2;
              const value = load<f32>(x + at);
              if (value > largest) {
                largest = value;
                where = at;
              }
            }
          }
          give(dx, where, 0, from + (c << 2));
        }
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function give(dx: usize, where: i32, lane: usize, from: usize): void {
  // all ones: no element was found; offsets are multiples of 4 and may pass 2 GB
  if (where == -1) return;
  const to = dx + <usize>where + lane;
  store<f32>(to, load<f32>(to) + load<f32>(from + lane));
}

/** dy · share of each window goes to each of its elements. */
export function avgPoolGradient(
  dy: usize, dx: usize, batch: i32, inHeight: i32, inWidth: i32, channels: i32, outHeight: i32, outWidth: i32,
  windowHeight: i32, windowWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32, padTop: i32, padLeft: i32,
  share: f32,
): void {
  memory.fill(dx, 0, <usize>(batch * inHeight * inWidth * channels) << 2);
  const times = f32x4.splat(share);
  for (let b = 0; b < batch; b++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        const from = dy + ((((b * outHeight + oy) * outWidth + ox) * channels) << 2);
        for (let wy = 0; wy < windowHeight; wy++) {
          const iy = oy * strideY - padTop + wy * dilationY;
          if (<u32>iy >= <u32>inHeight) continue;
          for (let wx = 0; wx < windowWidth; wx++) {
            const ix = ox * strideX - padLeft + wx * dilationX;
            if (<u32>ix >= <u32>inWidth) continue;
            const to = dx + ((((b * inHeight + iy) * inWidth + ix) * channels) << 2);
            let c = 0;
            for (; c + 4 <= channels; c += 4) {
              const at: usize = c << 2;
              v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(v128.load(from + at), times)));
            }
            for (; c < channels; c++) {
              const at: usize = c << 2;
              store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at) * share);
            }
          }
        }
      }
    }
  }
}
