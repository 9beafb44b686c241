/**
 * Sums, differences, products and quotients of two tensors, of which one may be repeated along some axes of the other. Blocks as in `binary.ts`. A loop for each operation and
 * for each of the three ways a row may go: what is decided inside of a loop is decided for every vector.
 */
import { loadSome, storeSome } from '../simd';

// @ts-ignore: decorator
@inline
function of4(kind: i32, u: v128, v: v128): v128 {
  return kind == 0 ? f32x4.add(u, v) : kind == 1 ? f32x4.sub(u, v) : kind == 2 ? f32x4.mul(u, v) : f32x4.div(u, v);
}

// @ts-ignore: decorator
@inline
function both(kind: i32, a: usize, b: usize, y: usize, n: i32): void {
  for (; n >= 8; n -= 8, a += 32, b += 32, y += 32) {
    v128.store(y, of4(kind, v128.load(a), v128.load(b)));
    v128.store(y, of4(kind, v128.load(a, 16), v128.load(b, 16)), 16);
  }
  for (; n > 0; n -= 4, a += 16, b += 16, y += 16) storeSome(y, of4(kind, loadSome(a, n), loadSome(b, n)), n);
}

// @ts-ignore: decorator
@inline
function oneFirst(kind: i32, u: v128, b: usize, y: usize, n: i32): void {
  for (; n >= 8; n -= 8, b += 32, y += 32) {
    v128.store(y, of4(kind, u, v128.load(b)));
    v128.store(y, of4(kind, u, v128.load(b, 16)), 16);
  }
  for (; n > 0; n -= 4, b += 16, y += 16) storeSome(y, of4(kind, u, loadSome(b, n)), n);
}

// @ts-ignore: decorator
@inline
function oneLast(kind: i32, a: usize, v: v128, y: usize, n: i32): void {
  for (; n >= 8; n -= 8, a += 32, y += 32) {
    v128.store(y, of4(kind, v128.load(a), v));
    v128.store(y, of4(kind, v128.load(a, 16), v), 16);
  }
  for (; n > 0; n -= 4, a += 16, y += 16) storeSome(y, of4(kind, loadSome(a, n), v), n);
}

// @ts-ignore: decorator
@inline
function row(kind: i32, a: usize, aStep: usize, b: usize, bStep: usize, y: usize, n: i32): void {
  if (bStep == 0) oneLast(kind, a, v128.load32_splat(b), y, n);
  else if (aStep == 0) oneFirst(kind, v128.load32_splat(a), b, y, n);
  else both(kind, a, b, y, n);
}

function addRow(a: usize, aStep: usize, b: usize, bStep: usize, y: usize, n: i32): void {
  row(0, a, aStep, b, bStep, y, n);
}
function subtractRow(a: usize, aStep: usize, b: usize, bStep: usize, y: usize, n: i32): void {
  row(1, a, aStep, b, bStep, y, n);
}
function multiplyRow(a: usize, aStep: usize, b: usize, bStep: usize, y: usize, n: i32): void {
  row(2, a, aStep, b, bStep, y, n);
}
function divideRow(a: usize, aStep: usize, b: usize, bStep: usize, y: usize, n: i32): void {
  row(3, a, aStep, b, bStep, y, n);
}

/** y = a + b (kind 0), a − b (1), a · b (2) or a / b (3). Not both steps are 0. */
export function arithmetic(
  kind: i32, planes: i32, rows: i32, columns: i32, a: usize, aPlane: usize, aRow: usize, aStep: usize, b: usize, bPlane: usize, bRow: usize,
  bStep: usize, y: usize,
): void {
  for (let p = 0; p < planes; p++, a += aPlane, b += bPlane) {
    let u = a, v = b;
    for (let r = 0; r < rows; r++, u += aRow, v += bRow, y += columns << 2) {
      if (kind == 0) addRow(u, aStep, v, bStep, y, columns);
      else if (kind == 1) subtractRow(u, aStep, v, bStep, y, columns);
      else if (kind == 2) multiplyRow(u, aStep, v, bStep, y, columns);
      else divideRow(u, aStep, v, bStep, y, columns);
    }
  }
}
