/**
 * Gradients of the depthwise convolution y[p, c·M + q] = Σ_t x[pixel(p, t), c] · filter[t, c, q], for images [batch, height, width, C]
 * and M filters per channel.
 */
import { loadSome, madd, storeSome } from './simd';

/** to[c] += Σ_i x[i, c] · dy[i, c] over n pixels, `xStep` and `dyStep` bytes apart. */
function addRowProducts(x: usize, xStep: usize, dy: usize, dyStep: usize, n: i32, to: usize, channels: i32): void {
  for (; channels >= 16; channels -= 16, x += 64, dy += 64, to += 64) {
    let a = v128.load(to), b = v128.load(to, 16), c = v128.load(to, 32), d = v128.load(to, 48);
    for (let i = n, from = x, by = dy; i > 0; i--, from += xStep, by += dyStep) {
      a = madd(v128.load(from), v128.load(by), a);
      b = madd(v128.load(from, 16), v128.load(by, 16), b);
      c = madd(v128.load(from, 32), v128.load(by, 32), c);
      d = madd(v128.load(from, 48), v128.load(by, 48), d);
    }
    v128.store(to, a);
    v128.store(to, b, 16);
    v128.store(to, c, 32);
    v128.store(to, d, 48);
  }
  for (; channels > 0; channels -= 4, x += 16, dy += 16, to += 16) {
    let a = loadSome(to, channels);
    for (let i = n, from = x, by = dy; i > 0; i--, from += xStep, by += dyStep) {
      a = madd(loadSome(from, channels), loadSome(by, channels), a);
    }
    storeSome(to, a, channels);
  }
}

/** to[i, c] += dy[i, c] · weights[c] for n pixels. */
function addWeightedRow(dy: usize, dyStep: usize, weights: usize, n: i32, to: usize, toStep: usize, channels: i32): void {
  for (; channels >= 16; channels -= 16, dy += 64, weights += 64, to += 64) {
    const a = v128.load(weights), b = v128.load(weights, 16), c = v128.load(weights, 32), d = v128.load(weights, 48);
    for (let i = n, from = dy, at = to; i > 0; i--, from += dyStep, at += toStep) {
      v128.store(at, madd(v128.load(from), a, v128.load(at)));
      v128.store(at, madd(v128.load(from, 16), b, v128.load(at, 16)), 16);
      v128.store(at, madd(v128.load(from, 32), c, v128.load(at, 32)), 32);
      v128.store(at, madd(v128.load(from, 48), d, v128.load(at, 48)), 48);
    }
  }
  for (; channels > 0; channels -= 4, dy += 16, weights += 16, to += 16) {
    const a = loadSome(weights, channels);
    for (let i = n, from = dy, at = to; i > 0; i--, from += dyStep, at += toStep) {
      storeSome(at, madd(loadSome(from, channels), a, loadSome(at, channels)), channels);
    }
  }
}

// which pixels of a row of dy a column of the filter meets inside the image
let low: i32, high: i32;

/** `offset`: where in the image the filter's column is at pixel 0. */
// @ts-ignore: decorator
@inline
function findPixels(offset: i32, stride: i32, inWidth: i32, outWidth: i32): void {
  low = offset < 0 ? (stride - 1 - offset) / stride : 0;
  high = offset < inWidth ? min(outWidth, (inWidth - 1 - offset) / stride + 1) : 0;
}

/** dx[pixel, c] = Σ_t Σ_q dy[p, c·M + q] · filter[t, c, q] */
export function depthwiseInputGradient(
  dy: usize, filter: usize, dx: usize, perChannel: i32, batch: i32, inHeight: i32, inWidth: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32,
  padTop: i32, padLeft: i32,
): void {
  const outChannels = channels * perChannel;
  memory.fill(dx, 0, <usize>(batch * inHeight * inWidth * channels) << 2);
  const inPixel: usize = channels << 2, outPixel: usize = outChannels << 2;
  for (let b = 0; b < batch; b++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const line = dy + (b * outHeight + oy) * outWidth * outPixel;
      for (let fy = 0; fy < filterHeight; fy++) {
        const iy = oy * strideY - padTop + fy * dilationY;
        if (<u32>iy >= <u32>inHeight) continue;
        for (let fx = 0; fx < filterWidth; fx++) {
          const offset = fx * dilationX - padLeft;
          findPixels(offset, strideX, inWidth, outWidth);
          const weights = filter + (fy * filterWidth + fx) * outPixel;
          const to = dx + ((b * inHeight + iy) * inWidth + offset + low * strideX) * inPixel;
          const n = high - low;
          if (perChannel == 1) addWeightedRow(line + low * outPixel, outPixel, weights, n, to, strideX * inPixel, channels);
          else {
            for (let i = 0; i < n; i++) addSums(line + (low + i) * outPixel, weights, to + i * strideX * inPixel, channels, perChannel);
          }
        }
      }
    }
  }
}

/** to[c] += Σ_q dy[c, q] · weights[c, q] */
function addSums(dy: usize, weights: usize, to: usize, channels: i32, perChannel: i32): void {
  for (const end = to + (channels << 2); to < end; to += 4) {
    let sum: f32 = 0;
    for (let q = perChannel; q > 0; q--, dy += 4, weights += 4) sum += load<f32>(dy) * load<f32>(weights);
    store<f32>(to, load<f32>(to) + sum);
  }
}

/** dfilter[t, c, q] = Σ_p x[pixel(p, t), c] · dy[p, c·M + q] */
export function depthwiseFilterGradient(
  x: usize, dy: usize, dfilter: usize, perChannel: i32, batch: i32, inHeight: i32, inWidth: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32,
  padTop: i32, padLeft: i32,
): void {
  const outChannels = channels * perChannel;
  memory.fill(dfilter, 0, <usize>(filterHeight * filterWidth * outChannels) << 2);
  const inPixel: usize = channels << 2, outPixel: usize = outChannels << 2;
  for (let b = 0; b < batch; b++) {
    for (let oy = 0; oy < outHeight; oy++) {
      const line = dy + (b * outHeight + oy) * outWidth * outPixel;
      for (let fy = 0; fy < filterHeight; fy++) {
        const iy = oy * strideY - padTop + fy * dilationY;
        if (<u32>iy >= <u32>inHeight) continue;
        for (let fx = 0; fx < filterWidth; fx++) {
          const offset = fx * dilationX - padLeft;
          findPixels(offset, strideX, inWidth, outWidth);
          const from = x + ((b * inHeight + iy) * inWidth + offset + low * strideX) * inPixel;
          const to = dfilter + (fy * filterWidth + fx) * outPixel;
          const n = high - low;
          if (perChannel == 1) addRowProducts(from, strideX * inPixel, line + low * outPixel, outPixel, n, to, channels);
          else {
            for (let i = 0; i < n; i++) addProducts(from + i * strideX * inPixel, line + (low + i) * outPixel, to, channels, perChannel);
          }
        }
      }
    }
  }
}

/** to[c, q] += x[c] · dy[c, q] */
function addProducts(x: usize, dy: usize, to: usize, channels: i32, perChannel: i32): void {
  for (const end = x + (channels << 2); x < end; x += 4) {
    const value = load<f32>(x);
    for (let q = perChannel; q > 0; q--, dy += 4, to += 4) store<f32>(to, load<f32>(to) + value * load<f32>(dy));
  }
}
