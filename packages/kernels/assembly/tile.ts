/**
 * The micro-kernel: a tile of R × 8 (or R × 4) of C = Σ_k a[k]ᵀ b[k], in registers.
 *
 * V8 leaves 15 vector registers, and a tile that needs one more runs at half speed: the spilled sum goes through memory at every k.
 * What V8 11 and 12 do, read in the code they emit: all loads of the loop body come first, in source order; the pure operations follow, in
 * the order in which their results are *stored after the loop*; a loop unrolled in the source spills. Where a product needs a register before it is added, 4 × 8 fits exactly: 8 sums, two
 * vectors of b, four loads of a that splat. With fused multiply-add nothing lies between, and 5 × 8 fits if four floats of a are loaded as one vector and splatted by shuffles, one at a time;
 * the fifth, a load that splats, is used up first, because its row is stored first. Two units that take four cycles want eight sums at least, and ten leave them some room. Each was about a
 * tenth faster than the other way round, on an Intel Xeon with V8 11, 12 and 13. (6 × 8 fits on V8 13, which keeps loads in place, and gains nothing there; on V8 12 it spills.)
 */
import { madd } from './simd';

/** Rows of a tile. */
export const MR: i32 = ASC_FEATURE_RELAXED_SIMD ? 5 : 4;
/** Columns of a tile. */
export const NR: i32 = 8;

/** Numbers for types: `offsetof<Rows3>()` is the constant 3, so that `tile<Rows3>` is compiled for three rows. */
// biome-ignore-start lint: types as numbers
@unmanaged export class Rows1 { a: i8 }
@unmanaged export class Rows2 { a: i8; b: i8 }
@unmanaged export class Rows3 { a: i8; b: i8; c: i8 }
@unmanaged export class Rows4 { a: i8; b: i8; c: i8; d: i8 }
@unmanaged export class Rows5 { a: i8; b: i8; c: i8; d: i8; e: i8 }
// biome-ignore-end lint: types as numbers

// @ts-ignore: decorator
@inline
function put(to: usize, low: v128, high: v128, accumulate: bool): void {
  if (accumulate) {
    low = f32x4.add(v128.load(to), low);
    high = f32x4.add(v128.load(to, 16), high);
  }
  v128.store(to, low);
  v128.store(to, high, 16);
}

// @ts-ignore: decorator
@inline
function put4(to: usize, low: v128, accumulate: bool): void {
  v128.store(to, accumulate ? f32x4.add(v128.load(to), low) : low);
}

/**
 * R × 8.
 * @param a R floats for each k, `aStep` bytes apart
 * @param b 8 floats for each k, `bStep` bytes apart
 * @param c rows `cRow` bytes apart
 */
export function tile8<R>(
  a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, accumulate: bool,
): void {
  const zero = f32x4.splat(0);
  let c40 = zero, c41 = zero;
  let c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero;
  do {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    if (offsetof<R>() > 4) {
      const a4 = v128.load32_splat(a, 16);
      c40 = madd(a4, b0, c40);
      c41 = madd(a4, b1, c41);
    }
    if (offsetof<R>() > 3 && ASC_FEATURE_RELAXED_SIMD) {
      const four = v128.load(a);
      const a0 = i32x4.shuffle(four, four, 0, 0, 0, 0);
      c00 = madd(a0, b0, c00);
      c01 = madd(a0, b1, c01);
      const a1 = i32x4.shuffle(four, four, 1, 1, 1, 1);
      c10 = madd(a1, b0, c10);
      c11 = madd(a1, b1, c11);
      const a2 = i32x4.shuffle(four, four, 2, 2, 2, 2);
      c20 = madd(a2, b0, c20);
      c21 = madd(a2, b1, c21);
      const a3 = i32x4.shuffle(four, four, 3, 3, 3, 3);
      c30 = madd(a3, b0, c30);
      c31 = madd(a3, b1, c31);
    } else {
      const a0 = v128.load32_splat(a);
      c00 = madd(a0, b0, c00);
      c01 = madd(a0, b1, c01);
      if (offsetof<R>() > 1) {
        const a1 = v128.load32_splat(a, 4);
        c10 = madd(a1, b0, c10);
        c11 = madd(a1, b1, c11);
      }
      if (offsetof<R>() > 2) {
        const a2 = v128.load32_splat(a, 8);
        c20 = madd(a2, b0, c20);
        c21 = madd(a2, b1, c21);
      }
      if (offsetof<R>() > 3) {
        const a3 = v128.load32_splat(a, 12);
        c30 = madd(a3, b0, c30);
        c31 = madd(a3, b1, c31);
      }
    }
    a += aStep;
    b += bStep;
  } while (--k);
  if (offsetof<R>() > 4) put(c + 4 * cRow, c40, c41, accumulate);
  put(c, c00, c01, accumulate);
  if (offsetof<R>() > 1) put(c + cRow, c10, c11, accumulate);
  if (offsetof<R>() > 2) put(c + 2 * cRow, c20, c21, accumulate);
  if (offsetof<R>() > 3) put(c + 3 * cRow, c30, c31, accumulate);
}

/** R × 4, as above. */
export function tile4<R>(
  a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32, accumulate: bool,
): void {
  const zero = f32x4.splat(0);
  let c0 = zero, c1 = zero, c2 = zero, c3 = zero, c4 = zero;
  do {
    const b0 = v128.load(b);
    c0 = madd(v128.load32_splat(a), b0, c0);
    if (offsetof<R>() > 1) c1 = madd(v128.load32_splat(a, 4), b0, c1);
    if (offsetof<R>() > 2) c2 = madd(v128.load32_splat(a, 8), b0, c2);
    if (offsetof<R>() > 3) c3 = madd(v128.load32_splat(a, 12), b0, c3);
    if (offsetof<R>() > 4) c4 = madd(v128.load32_splat(a, 16), b0, c4);
    a += aStep;
    b += bStep;
  } while (--k);
  put4(c, c0, accumulate);
  if (offsetof<R>() > 1) put4(c + cRow, c1, accumulate);
  if (offsetof<R>() > 2) put4(c + 2 * cRow, c2, accumulate);
  if (offsetof<R>() > 3) put4(c + 3 * cRow, c3, accumulate);
  if (offsetof<R>() > 4) put4(c + 4 * cRow, c4, accumulate);
}

/** A tile of rows × cols at c (1 ≤ rows ≤ MR, 1 ≤ cols ≤ 8), from a panel of b that is `wide` (4 or 8) floats wide, padded with zeros. */
export function tile(
  rows: i32, cols: i32, wide: i32, a: usize, aStep: usize, b: usize, bStep: usize, c: usize, cRow: usize, k: i32,
  accumulate: bool, spare: usize,
): void {
  const whole = cols == wide;
  const to = whole ? c : spare;
  const toRow: usize = whole ? cRow : 32;
  const add = whole && accumulate;
  if (wide == 8) {
    if (rows == 5) tile8<Rows5>(a, aStep, b, bStep, to, toRow, k, add);
    else if (rows == 1) tile8<Rows1>(a, aStep, b, bStep, to, toRow, k, add);
    else if (rows == 2) tile8<Rows2>(a, aStep, b, bStep, to, toRow, k, add);
    else if (rows == 3) tile8<Rows3>(a, aStep, b, bStep, to, toRow, k, add);
    else tile8<Rows4>(a, aStep, b, bStep, to, toRow, k, add);
  } else {
    if (rows == 5) tile4<Rows5>(a, aStep, b, bStep, to, toRow, k, add);
    else if (rows == 1) tile4<Rows1>(a, aStep, b, bStep, to, toRow, k, add);
    else if (rows == 2) tile4<Rows2>(a, aStep, b, bStep, to, toRow, k, add);
    else if (rows == 3) tile4<Rows3>(a, aStep, b, bStep, to, toRow, k, add);
    else tile4<Rows4>(a, aStep, b, bStep, to, toRow, k, add);
  }
  if (whole) return;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const from = spare + ((i * 8 + j) << 2);
      const at = c + i * cRow + (j << 2);
      store<f32>(at, accumulate ? load<f32>(at) + load<f32>(from) : load<f32>(from));
    }
  }
}
