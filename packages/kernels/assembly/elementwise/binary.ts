/** Of two tensors, element by element. Blocks of planes of rows: a step between planes, rows or elements is 0 where one of both is repeated. */
import { loadSome, storeSome } from '../simd';

// @ts-ignore: decorator
@inline
function some(from: usize, step: usize, i: usize, n: i32): v128 {
  return step == 0 ? v128.load32_splat(from) : loadSome(from + i, n);
}

// @ts-ignore: decorator
@inline
function whole(from: usize, step: usize, i: usize): v128 {
  return step == 0 ? v128.load32_splat(from) : v128.load(from + i);
}

// @ts-ignore: decorator
@inline
function extreme4(larger: bool, u: v128, v: v128): v128 {
  return larger ? f32x4.max(u, v) : f32x4.min(u, v);
}

/** y = max(a, b), or min where not `larger`; NaN where one of them is. */
function extremesRow(larger: bool, a: usize, aStep: usize, b: usize, bStep: usize, y: usize, n: i32): void {
  let i: usize = 0;
  for (; n >= 4; n -= 4, i += 16) v128.store(y + i, extreme4(larger, whole(a, aStep, i), whole(b, bStep, i)));
  if (n > 0) storeSome(y + i, extreme4(larger, some(a, aStep, i, n), some(b, bStep, i, n)), n);
}

export function extremes(
  larger: bool, planes: i32, rows: i32, columns: i32, a: usize, aPlane: usize, aRow: usize, aStep: usize, b: usize, bPlane: usize, bRow: usize,
  bStep: usize, y: usize,
): void {
  for (let p = 0; p < planes; p++, a += aPlane, b += bPlane) {
    let u = a, v = b;
    for (let r = 0; r < rows; r++, u += aRow, v += bRow, y += columns << 2) extremesRow(larger, u, aStep, v, bStep, y, columns);
  }
}

/** Bytes of 1 where a > b (kind 0), a ≥ b (1), a = b (2), a ≠ b (3), else of 0. */
function compareRow(kind: i32, a: usize, aStep: usize, b: usize, bStep: usize, y: usize, n: i32): void {
  for (let i: usize = 0; n > 0; n -= 4, i += 16, y += 4) {
    const u = some(a, aStep, i, n), v = some(b, bStep, i, n);
    const is = kind == 0 ? f32x4.gt(u, v) : kind == 1 ? f32x4.ge(u, v) : kind == 2 ? f32x4.eq(u, v) : f32x4.ne(u, v);
    const halves = i16x8.narrow_i32x4_s(is, is);
    const bytes = i32x4.extract_lane(i8x16.narrow_i16x8_s(halves, halves), 0) & 0x01010101;
    if (n >= 4) store<i32>(y, bytes);
    else for (let j = 0; j < n; j++) store<u8>(y + j, <u8>(bytes >> (8 * j)));
  }
}

export function compare(
  kind: i32, planes: i32, rows: i32, columns: i32, a: usize, aPlane: usize, aRow: usize, aStep: usize, b: usize, bPlane: usize, bRow: usize,
  bStep: usize, y: usize,
): void {
  for (let p = 0; p < planes; p++, a += aPlane, b += bPlane) {
    let u = a, v = b;
    for (let r = 0; r < rows; r++, u += aRow, v += bRow, y += columns) compareRow(kind, u, aStep, v, bStep, y, columns);
  }
}

/** y = a where the byte of `condition` is not 0, else b. */
export function select(condition: usize, a: usize, b: usize, y: usize, n: i32): void {
  for (; n >= 4; n -= 4, condition += 4, a += 16, b += 16, y += 16) {
    const bytes = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(condition)));
    v128.store(y, v128.bitselect(v128.load(b), v128.load(a), i32x4.eq(bytes, i32x4.splat(0))));
  }
  for (; n > 0; n--, condition++, a += 4, b += 4, y += 4) store<u32>(y, load<u8>(condition) ? load<u32>(a) : load<u32>(b));
}

/** Bytes of 1 where neither is 0, else of 0. */
export function both(a: usize, b: usize, y: usize, n: i32): void {
  const zero = i8x16.splat(0);
  for (; n >= 16; n -= 16, a += 16, b += 16, y += 16) {
    const none = v128.or(i8x16.eq(v128.load(a), zero), i8x16.eq(v128.load(b), zero));
    v128.store(y, v128.andnot(i8x16.splat(1), none));
  }
  for (; n > 0; n--, a++, b++, y++) store<u8>(y, load<u8>(a) && load<u8>(b) ? 1 : 0);
}
