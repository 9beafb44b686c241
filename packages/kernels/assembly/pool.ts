/**
 * Pooling over windows of volumes [batch, depth, height, width, channels]; images are volumes one deep. What of a window is outside of its volume
 * does not count.
 */

// the geometry of one pooling; set before each call
let batch: i32, inDepth: i32, inHeight: i32, inWidth: i32, channels: i32, outDepth: i32, outHeight: i32, outWidth: i32;
let windowDepth: i32, windowHeight: i32, windowWidth: i32, strideZ: i32, strideY: i32, strideX: i32, padFront: i32, padTop: i32, padLeft: i32;

export function windows(
  batch_: i32, inDepth_: i32, inHeight_: i32, inWidth_: i32, channels_: i32, outDepth_: i32, outHeight_: i32, outWidth_: i32,
  windowDepth_: i32, windowHeight_: i32, windowWidth_: i32, strideZ_: i32, strideY_: i32, strideX_: i32, padFront_: i32, padTop_: i32,
  padLeft_: i32,
): void {
  batch = batch_;
  inDepth = inDepth_;
  inHeight = inHeight_;
  inWidth = inWidth_;
  channels = channels_;
  outDepth = outDepth_;
  outHeight = outHeight_;
  outWidth = outWidth_;
  windowDepth = windowDepth_;
  windowHeight = windowHeight_;
  windowWidth = windowWidth_;
  strideZ = strideZ_;
  strideY = strideY_;
  strideX = strideX_;
  padFront = padFront_;
  padTop = padTop_;
  padLeft = padLeft_;
}

// the output at hand, and the part of its window that is inside: [z0, z1) × [y0, y1) × [x0, x1) of volume b
let ox: i32, oy: i32, oz: i32, b: i32;
let z0: i32, z1: i32, y0: i32, y1: i32, x0: i32, x1: i32;

/** Finds the window of output number `index`, without its channels: 0, or the one after the one at hand. */
// @ts-ignore: decorator
@inline
function find(index: i32): void {
  if (index == 0) {
    ox = 0;
    oy = 0;
    oz = 0;
    b = 0;
  } else if (++ox == outWidth) {
    ox = 0;
    if (++oy == outHeight) {
      oy = 0;
      if (++oz == outDepth) {
        oz = 0;
        b++;
      }
    }
  }
  const z = oz * strideZ - padFront, y = oy * strideY - padTop, x = ox * strideX - padLeft;
  z0 = max(0, z);
  z1 = min(inDepth, z + windowDepth);
  y0 = max(0, y);
  y1 = min(inHeight, y + windowHeight);
  x0 = max(0, x);
  x1 = min(inWidth, x + windowWidth);
}

/** Bytes from the first element of all to the one at (z, y, x) of volume b, channel c. */
// @ts-ignore: decorator
@inline
function place(z: i32, y: i32, x: i32, c: i32): i32 {
  return ((((b * inDepth + z) * inHeight + y) * inWidth + x) * channels + c) << 2;
}

// @ts-ignore: decorator
@inline
function outputs(): i32 {
  return batch * outDepth * outHeight * outWidth;
}

// @ts-ignore: decorator
@inline
function clear(dx: usize): void {
  memory.fill(dx, 0, <usize>(batch * inDepth * inHeight * inWidth * channels) << 2);
}

/** y = the largest element of each window, NaN apart; −∞ where there is none. */
export function maxPool(from: usize, to: usize): void {
  for (let i = 0, all = outputs(); i < all; i++) {
    find(i);
    let c = 0;
    for (; c + 4 <= channels; c += 4, to += 16) {
      let largest = f32x4.splat(-Infinity);
      for (let z = z0; z < z1; z++) {
        for (let y = y0; y < y1; y++) {
          for (let x = x0; x < x1; x++) {
            const value = v128.load(from + place(z, y, x, c));
            largest = v128.bitselect(value, largest, f32x4.gt(value, largest));
          }
        }
      }
      v128.store(to, largest);
    }
    for (; c < channels; c++, to += 4) {
      let largest: f32 = -Infinity;
      for (let z = z0; z < z1; z++) {
        for (let y = y0; y < y1; y++) {
          for (let x = x0; x < x1; x++) {
            const value = load<f32>(from + place(z, y, x, c));
            if (value > largest) largest = value;
          }
        }
      }
      store<f32>(to, largest);
    }
  }
}

/** y = the mean of what each window has inside; 0 where that is nothing. */
export function avgPool(from: usize, to: usize): void {
  for (let i = 0, all = outputs(); i < all; i++) {
    find(i);
    const count = max(1, max(0, z1 - z0) * max(0, y1 - y0) * max(0, x1 - x0));
    const n = f32x4.splat(<f32>count);
    let c = 0;
    for (; c + 4 <= channels; c += 4, to += 16) {
      let sum = f32x4.splat(0);
      for (let z = z0; z < z1; z++) {
        for (let y = y0; y < y1; y++) {
          for (let x = x0; x < x1; x++) sum = f32x4.add(sum, v128.load(from + place(z, y, x, c)));
        }
      }
      v128.store(to, f32x4.div(sum, n));
    }
    for (; c < channels; c++, to += 4) {
      let sum: f32 = 0;
      for (let z = z0; z < z1; z++) {
        for (let y = y0; y < y1; y++) {
          for (let x = x0; x < x1; x++) sum += load<f32>(from + place(z, y, x, c));
        }
      }
      store<f32>(to, sum / <f32>count);
    }
  }
}

/** dy of each window goes to its largest element, the first of equals; to none where no element is above −∞. */
export function maxPoolGradient(from: usize, dy: usize, dx: usize): void {
  route(from, dy, dx, false);
}

/** The same, but for the last of equals, and −∞ is an element like others. */
export function lastMaxPoolGradient(from: usize, dy: usize, dx: usize): void {
  route(from, dy, dx, true);
}

// @ts-ignore: decorator
@inline
function route(from: usize, dy: usize, dx: usize, last: bool): void {
  clear(dx);
  const pixel = channels << 2, line = inWidth * pixel, slab = inHeight * line, all = outputs();
  for (let i = 0; i < all; i++) {
    find(i);
    const nz = z1 - z0, ny = y1 - y0, nx = x1 - x0;
    let corner = place(z0, y0, x0, 0);
    let c = pixel >> 2;
    for (; c >= 4; c -= 4, corner += 16, dy += 16) {
      let largest = f32x4.splat(-Infinity);
      let where = i32x4.splat(-1);
      for (let z = nz, inSlab = corner; z > 0; z--, inSlab += slab) {
        for (let y = ny, inLine = inSlab; y > 0; y--, inLine += line) {
          for (let x = nx, at = inLine; x > 0; x--, at += pixel) {
            const value = v128.load(from + at);
            const larger = last ? f32x4.ge(value, largest) : f32x4.gt(value, largest);
            largest = v128.bitselect(value, largest, larger);
            where = v128.bitselect(i32x4.splat(at), where, larger);
          }
        }
      }
      give(dx, i32x4.extract_lane(where, 0), 0, dy);
      give(dx, i32x4.extract_lane(where, 1), 4, dy);
      give(dx, i32x4.extract_lane(where, 2), 8, dy);
      give(dx, i32x4.extract_lane(where, 3), 12, dy);
    }
    for (; c > 0; c--, corner += 4, dy += 4) {
      let largest: f32 = -Infinity;
      let where = -1;
      for (let z = nz, inSlab = corner; z > 0; z--, inSlab += slab) {
        for (let y = ny, inLine = inSlab; y > 0; y--, inLine += line) {
          for (let x = nx, at = inLine; x > 0; x--, at += pixel) {
            const value = load<f32>(from + at);
            if (last ? value >= largest : value > largest) {
              largest = value;
              where = at;
            }
          }
        }
      }
      give(dx, where, 0, dy);
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
export function avgPoolGradient(dy: usize, dx: usize, share: f32): void {
  clear(dx);
  const times = f32x4.splat(share);
  for (let i = 0, all = outputs(); i < all; i++, dy += channels << 2) {
    find(i);
    for (let z = z0; z < z1; z++) {
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) {
          const to = dx + place(z, y, x, 0);
          let c = 0;
          for (; c + 4 <= channels; c += 4) {
            const at: usize = c << 2;
            v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.mul(v128.load(dy + at), times)));
          }
          for (; c < channels; c++) {
            const at: usize = c << 2;
            store<f32>(to + at, load<f32>(to + at) + load<f32>(dy + at) * share);
          }
        }
      }
    }
  }
}
