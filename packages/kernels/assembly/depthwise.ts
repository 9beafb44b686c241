/**
 * Gradients of the depthwise convolution y[p, c·M + q] = Σ_t x[pixel(p, t), c] · filter[t, c, q], for images [batch, height, width, C]
 * and M filters per channel.
 */
import { madd } from './simd';

/** to[i] += a[i] · b[i] */
// @ts-ignore: decorator
@inline
function addProducts(to: usize, a: usize, b: usize, n: i32): void {
  let i = 0;
  for (; i + 4 <= n; i += 4) {
    const at: usize = i << 2;
    v128.store(to + at, madd(v128.load(a + at), v128.load(b + at), v128.load(to + at)));
  }
  for (; i < n; i++) {
    const at: usize = i << 2;
    store<f32>(to + at, load<f32>(to + at) + load<f32>(a + at) * load<f32>(b + at));
  }
}

/** dx[pixel, c] = Σ_t Σ_q dy[p, c·M + q] · filter[t, c, q] */
export function depthwiseInputGradient(
  dy: usize, filter: usize, dx: usize, perChannel: i32, batch: i32, inHeight: i32, inWidth: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideY: i32, strideX: i32, dilationY: i32, dilationX: i32,
  padTop: i32, padLeft: i32,
): void {
  const outChannels = channels * perChannel;
  memory.fill(dx, 0, <usize>(batch * inHeight * inWidth * channels) << 2);
  for (let b = 0; b < batch; b++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        const from = dy + ((((b * outHeight + oy) * outWidth + ox) * outChannels) << 2);
        for (let fy = 0; fy < filterHeight; fy++) {
          const iy = oy * strideY - padTop + fy * dilationY;
          if (<u32>iy >= <u32>inHeight) continue;
          for (let fx = 0; fx < filterWidth; fx++) {
            const ix = ox * strideX - padLeft + fx * dilationX;
            if (<u32>ix >= <u32>inWidth) continue;
            const to = dx + ((((b * inHeight + iy) * inWidth + ix) * channels) << 2);
            const weights = filter + (((fy * filterWidth + fx) * outChannels) << 2);
            if (perChannel == 1) addProducts(to, from, weights, channels);
            else {
              for (let c = 0; c < channels; c++) {
                let sum: f32 = 0;
                for (let q = 0; q < perChannel; q++) {
                  const at: usize = (c * perChannel + q) << 2;
                  sum += load<f32>(from + at) * load<f32>(weights + at);
                }
                store<f32>(to + (c << 2), load<f32>(to + (c << 2)) + sum);
              }
            }
          }
        }
      }
    }
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
  for (let b = 0; b < batch; b++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        const with_ = dy + ((((b * outHeight + oy) * outWidth + ox) * outChannels) << 2);
        for (let fy = 0; fy < filterHeight; fy++) {
          const iy = oy * strideY - padTop + fy * dilationY;
          if (<u32>iy >= <u32>inHeight) continue;
          for (let fx = 0; fx < filterWidth; fx++) {
            const ix = ox * strideX - padLeft + fx * dilationX;
            if (<u32>ix >= <u32>inWidth) continue;
            const from = x + ((((b * inHeight + iy) * inWidth + ix) * channels) << 2);
            const to = dfilter + (((fy * filterWidth + fx) * outChannels) << 2);
            if (perChannel == 1) addProducts(to, from, with_, channels);
            else {
              for (let c = 0; c < channels; c++) {
                const value = load<f32>(from + (c << 2));
                for (let q = 0; q < perChannel; q++) {
                  const at: usize = (c * perChannel + q) << 2;
                  store<f32>(to + at, load<f32>(to + at) + value * load<f32>(with_ + at));
                }
              }
            }
          }
        }
      }
    }
  }
}
