/**
 * Dropout whose mask is drawn on the way: Philox4x32-7, 16 bits per element, eight blocks of eight elements at a time.
 *
 *     number = e >>> 3;  u = 16 bits, lane e & 7;  y = u ≥ T ? x × scale : 0
 */
import { block, M0, M1, SCHEDULE, schedule, THIRD_ROUND } from './philox';

// @ts-ignore: decorator
@inline
function select(x: usize, y: usize, bits: v128, drop: v128, scale: v128): void {
  const keep = i16x8.ge_u(bits, drop);
  v128.store(y, v128.and(f32x4.mul(v128.load(x), scale), i32x4.extend_low_i16x8_s(keep)));
  v128.store(y, v128.and(f32x4.mul(v128.load(x, 16), scale), i32x4.extend_high_i16x8_s(keep)), 16);
}

/** Elements [lane, lane + n) of one block, singly. */
function part(x: usize, y: usize, n: i32, number: i32, lane: i32, threshold: i32, scale: f32, spare: usize): void {
  v128.store(spare, block(number));
  for (let i = 0; i < n; i++) {
    const u = load<u16>(spare + ((lane + i) << 1));
    store<f32>(y + (i << 2), <i32>u >= threshold ? load<f32>(x + (i << 2)) * scale : 0);
  }
}

/** 32 elements from the words of four blocks: a transposition makes each block's 16-bit numbers lie in the order of its elements. */
// @ts-ignore: decorator
@inline
function select4(x: usize, y: usize, w0: v128, w1: v128, w2: v128, w3: v128, drop: v128, scale: v128): void {
  const t0 = i32x4.shuffle(w0, w1, 0, 4, 1, 5);
  const t1 = i32x4.shuffle(w2, w3, 0, 4, 1, 5);
  select(x, y, i64x2.shuffle(t0, t1, 0, 2), drop, scale);
  select(x + 32, y + 32, i64x2.shuffle(t0, t1, 1, 3), drop, scale);
  const t2 = i32x4.shuffle(w0, w1, 2, 6, 3, 7);
  const t3 = i32x4.shuffle(w2, w3, 2, 6, 3, 7);
  select(x + 64, y + 64, i64x2.shuffle(t2, t3, 0, 2), drop, scale);
  select(x + 96, y + 96, i64x2.shuffle(t2, t3, 1, 3), drop, scale);
}

/** Working memory of `dropout`, in bytes. */
export function dropoutBytes(): i32 {
  return 16 + <i32>SCHEDULE;
}

/**
 * y = dropout of n elements of x, the first of which is element `lane` of block `number` of the noise. x and y may be the same.
 * Eight blocks at a time: two independent groups of four hide the latency of the multiplications.
 */
export function dropout(
  x: usize, y: usize, n: i32, number: i32, lane: i32, threshold: i32, scale: f32, spare: usize,
): void {
  const head = min(n, (8 - lane) & 7);
  if (head) {
    part(x, y, head, number, lane, threshold, scale, spare);
    x += head << 2;
    y += head << 2;
    n -= head;
    number++;
  }
  const drop = i16x8.splat(<i16>threshold);
  const times = f32x4.splat(scale);
  const shared = spare + 16;
  schedule(shared);
  const m0 = i32x4.splat(M0);
  const m1 = i32x4.splat(M1);
  for (; n >= 64; n -= 64) {
    const word0 = v128.load32_splat(shared), word1 = v128.load32_splat(shared, 4);
    const word2 = v128.load32_splat(shared, 8), word3 = v128.load32_splat(shared, 12);
    const blocks = i32x4.add(i32x4.splat(number), i32x4(0, 1, 2, 3));
    const xFirstLow = i64x2.extmul_low_i32x4_u(blocks, m0), xFirstHigh = i64x2.extmul_high_i32x4_u(blocks, m0);
    const xSecond = v128.xor(i32x4.shuffle(xFirstLow, xFirstHigh, 1, 3, 5, 7), word0);
    const xSecondLow = i64x2.extmul_low_i32x4_u(xSecond, m1), xSecondHigh = i64x2.extmul_high_i32x4_u(xSecond, m1);
    let x0 = v128.xor(i32x4.shuffle(xSecondLow, xSecondHigh, 1, 3, 5, 7), word1);
    let x1 = i32x4.shuffle(xSecondLow, xSecondHigh, 0, 2, 4, 6);
    let x2 = v128.xor(i32x4.shuffle(xFirstLow, xFirstHigh, 0, 2, 4, 6), word2);
    let x3 = word3;
    const later = i32x4.add(blocks, i32x4.splat(4));
    const yFirstLow = i64x2.extmul_low_i32x4_u(later, m0), yFirstHigh = i64x2.extmul_high_i32x4_u(later, m0);
    const ySecond = v128.xor(i32x4.shuffle(yFirstLow, yFirstHigh, 1, 3, 5, 7), word0);
    const ySecondLow = i64x2.extmul_low_i32x4_u(ySecond, m1), ySecondHigh = i64x2.extmul_high_i32x4_u(ySecond, m1);
    let y0 = v128.xor(i32x4.shuffle(ySecondLow, ySecondHigh, 1, 3, 5, 7), word1);
    let y1 = i32x4.shuffle(ySecondLow, ySecondHigh, 0, 2, 4, 6);
    let y2 = v128.xor(i32x4.shuffle(yFirstLow, yFirstHigh, 0, 2, 4, 6), word2);
    let y3 = word3;
    let key = shared + THIRD_ROUND;
    const end = shared + SCHEDULE;
    do {
      const k0 = v128.load32_splat(key);
      const k1 = v128.load32_splat(key, 4);
      const xLow0 = i64x2.extmul_low_i32x4_u(x0, m0);
      const xHigh0 = i64x2.extmul_high_i32x4_u(x0, m0);
      const xLow1 = i64x2.extmul_low_i32x4_u(x2, m1);
      const xHigh1 = i64x2.extmul_high_i32x4_u(x2, m1);
      x0 = v128.xor(v128.xor(i32x4.shuffle(xLow1, xHigh1, 1, 3, 5, 7), x1), k0);
      x1 = i32x4.shuffle(xLow1, xHigh1, 0, 2, 4, 6);
      x2 = v128.xor(v128.xor(i32x4.shuffle(xLow0, xHigh0, 1, 3, 5, 7), x3), k1);
      x3 = i32x4.shuffle(xLow0, xHigh0, 0, 2, 4, 6);
      const yLow0 = i64x2.extmul_low_i32x4_u(y0, m0);
      const yHigh0 = i64x2.extmul_high_i32x4_u(y0, m0);
      const yLow1 = i64x2.extmul_low_i32x4_u(y2, m1);
      const yHigh1 = i64x2.extmul_high_i32x4_u(y2, m1);
      y0 = v128.xor(v128.xor(i32x4.shuffle(yLow1, yHigh1, 1, 3, 5, 7), y1), k0);
      y1 = i32x4.shuffle(yLow1, yHigh1, 0, 2, 4, 6);
      y2 = v128.xor(v128.xor(i32x4.shuffle(yLow0, yHigh0, 1, 3, 5, 7), y3), k1);
      y3 = i32x4.shuffle(yLow0, yHigh0, 0, 2, 4, 6);
      key += 8;
    } while (key != end);
    select4(x, y, x0, x1, x2, x3, drop, times);
    select4(x + 128, y + 128, y0, y1, y2, y3, drop, times);
    x += 256;
    y += 256;
    number += 8;
  }
  for (; n >= 8; n -= 8, x += 32, y += 32, number++) select(x, y, block(number), drop, times);
  if (n > 0) part(x, y, n, number, 0, threshold, scale, spare);
}

/** y[i, j] = x[i, j] · mask[j], with the mask of 16, of 4 or of one column in registers. */
function applyRow(x: usize, y: usize, mask: usize, rows: i32, columns: i32): void {
  const row: usize = columns << 2, zero = f32x4.splat(0);
  let j: usize = 0;
  for (; j + 64 <= row; j += 64) {
    const m0 = v128.load(mask + j), m1 = v128.load(mask + j, 16), m2 = v128.load(mask + j, 32), m3 = v128.load(mask + j, 48);
    const k0 = f32x4.ne(m0, zero), k1 = f32x4.ne(m1, zero), k2 = f32x4.ne(m2, zero), k3 = f32x4.ne(m3, zero);
    let from = x + j, to = y + j;
    for (let i = rows; i > 0; i--, from += row, to += row) {
      v128.store(to, v128.and(f32x4.mul(v128.load(from), m0), k0));
      v128.store(to, v128.and(f32x4.mul(v128.load(from, 16), m1), k1), 16);
      v128.store(to, v128.and(f32x4.mul(v128.load(from, 32), m2), k2), 32);
      v128.store(to, v128.and(f32x4.mul(v128.load(from, 48), m3), k3), 48);
    }
  }
  for (; j + 16 <= row; j += 16) {
    const m = v128.load(mask + j), kept = f32x4.ne(m, zero);
    let from = x + j, to = y + j;
    for (let i = rows; i > 0; i--, from += row, to += row) v128.store(to, v128.and(f32x4.mul(v128.load(from), m), kept));
  }
  for (; j < row; j += 4) {
    const m = load<f32>(mask + j);
    let from = x + j, to = y + j;
    for (let i = rows; i > 0; i--, from += row, to += row) store<f32>(to, m == 0 ? 0 : load<f32>(from) * m);
  }
}

/** y[a, b, c, d] = x[a, b, c, d] · mask[strides]: noise broadcast over x; a mask of exactly 0 gives 0 whatever x is. */
export function applyMask(
  x: usize, y: usize, mask: usize, n0: i32, n1: i32, n2: i32, n3: i32, s0: i32, s1: i32, s2: i32, s3: i32,
): void {
  for (let a = 0; a < n0; a++) {
    for (let b = 0; b < n1; b++) {
      if (s2 == 0 && s3 == 1 && n2 > 1) {
        applyRow(x, y, mask + ((a * s0 + b * s1) << 2), n2, n3);
        x += (n2 * n3) << 2;
        y += (n2 * n3) << 2;
        continue;
      }
      for (let c = 0; c < n2; c++) {
        let from = mask + ((a * s0 + b * s1 + c * s2) << 2);
        if (s3 == 0) {
          const value = load<f32>(from);
          if (value == 0) memory.fill(y, 0, n3 << 2);
          else {
            const times = f32x4.splat(value);
            let d = 0;
            for (; d + 4 <= n3; d += 4) v128.store(y + (d << 2), f32x4.mul(v128.load(x + (d << 2)), times));
            for (; d < n3; d++) store<f32>(y + (d << 2), load<f32>(x + (d << 2)) * value);
          }
        } else {
          const zero = f32x4.splat(0);
          let d = 0;
          for (; d + 4 <= n3; d += 4) {
            const value = v128.load(from + (d << 2));
            v128.store(y + (d << 2), v128.and(f32x4.mul(v128.load(x + (d << 2)), value), f32x4.ne(value, zero)));
          }
          for (; d < n3; d++) {
            const value = load<f32>(from + (d << 2));
            store<f32>(y + (d << 2), value == 0 ? 0 : load<f32>(x + (d << 2)) * value);
          }
        }
        x += n3 << 2;
        y += n3 << 2;
      }
    }
  }
}
