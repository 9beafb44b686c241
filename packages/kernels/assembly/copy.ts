/** Pieces of memory, copied. */

/** Bytes from which on the engine's own copy is faster than a loop. */
const PIECE: usize = 64;

// @ts-ignore: decorator
@inline
function copy(y: usize, x: usize, bytes: usize): void {
  if (bytes >= PIECE) memory.copy(y, x, bytes);
  else {
    let i: usize = 0;
    for (; i + 4 <= bytes; i += 4) store<u32>(y + i, load<u32>(x + i));
    for (; i < bytes; i++) store<u8>(y + i, load<u8>(x + i));
  }
}

/** y[i] = x[i · stride] for pieces of so many bytes; `stride` in bytes. */
export function copyPieces(x: usize, y: usize, pieces: i32, stride: usize, bytes: usize): void {
  for (; pieces > 0; pieces--, x += stride, y += bytes) copy(y, x, bytes);
}

/** Four pieces side by side, each from its own place: memory has four of them on the way at a time, not one. */
function copyFour(y: usize, x0: usize, x1: usize, x2: usize, x3: usize, bytes: usize): void {
  const y1 = y + bytes, y2 = y1 + bytes, y3 = y2 + bytes;
  let i: usize = 0;
  for (; i + 64 <= bytes; i += 64) {
    for (let j = i; j < i + 64; j += 16) {
      v128.store(y + j, v128.load(x0 + j));
      v128.store(y1 + j, v128.load(x1 + j));
      v128.store(y2 + j, v128.load(x2 + j));
      v128.store(y3 + j, v128.load(x3 + j));
    }
  }
  copy(y + i, x0 + i, bytes - i);
  copy(y1 + i, x1 + i, bytes - i);
  copy(y2 + i, x2 + i, bytes - i);
  copy(y3 + i, x3 + i, bytes - i);
}

// @ts-ignore: decorator
@inline
function piece(x: usize, indices: usize, i: i32, bytes: usize): usize {
  return x + load<u32>(indices + (i << 2)) * bytes;
}

/** y[o, i] = x[o, indices[i]] for x [outer, rows] and y [outer, count] of pieces of so many bytes. */
export function gatherPieces(x: usize, indices: usize, y: usize, outer: i32, rows: i32, count: i32, bytes: usize): void {
  for (; outer > 0; outer--, x += rows * bytes) {
    let i = 0;
    if (bytes >= PIECE) {
      for (; i + 4 <= count; i += 4, y += 4 * bytes) {
        copyFour(y, piece(x, indices, i, bytes), piece(x, indices, i + 1, bytes), piece(x, indices, i + 2, bytes), piece(x, indices, i + 3, bytes), bytes);
      }
    }
    for (; i < count; i++, y += bytes) copy(y, piece(x, indices, i, bytes), bytes);
  }
}

/** Whether all of these are in [0, end). */
export function within(indices: usize, count: i32, end: i32): bool {
  for (let i = 0; i < count; i++) if (load<u32>(indices + (i << 2)) >= <u32>end) return false;
  return true;
}
