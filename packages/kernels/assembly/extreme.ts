/** The largest or the smallest of each row, and of each column; NaN where one of them is. */
import { loadSome, storeSome } from './simd';

// @ts-ignore: decorator
@inline
function of4(larger: bool, u: v128, v: v128): v128 {
  return larger ? f32x4.max(u, v) : f32x4.min(u, v);
}

function ofRow(larger: bool, x: usize, n: i32): f32 {
  let best = load<f32>(x);
  if (n >= 4) {
    let found = v128.load(x);
    for (n -= 4, x += 16; n >= 4; n -= 4, x += 16) found = of4(larger, found, v128.load(x));
    found = of4(larger, found, i8x16.shuffle(found, found, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
    found = of4(larger, found, i8x16.shuffle(found, found, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11));
    best = f32x4.extract_lane(found, 0);
  }
  for (; n > 0; n--, x += 4) best = larger ? max<f32>(best, load<f32>(x)) : min<f32>(best, load<f32>(x));
  return best;
}

export function extremeOfRows(larger: bool, x: usize, rows: i32, columns: i32, y: usize): void {
  for (; rows > 0; rows--, x += columns << 2, y += 4) store<f32>(y, ofRow(larger, x, columns));
}

export function extremeOfColumns(larger: bool, x: usize, rows: i32, columns: i32, y: usize): void {
  memory.copy(y, x, columns << 2);
  for (let i = 1; i < rows; i++) {
    x += columns << 2;
    for (let n = columns, j: usize = 0; n > 0; n -= 4, j += 16) {
      storeSome(y + j, of4(larger, loadSome(y + j, n), loadSome(x + j, n)), n);
    }
  }
}
