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

/** y[o, i] = x[o, indices[i]] for x [outer, rows] and y [outer, count] of pieces of so many bytes. */
export function gatherPieces(x: usize, indices: usize, y: usize, outer: i32, rows: i32, count: i32, bytes: usize): void {
  for (; outer > 0; outer--, x += rows * bytes) {
    for (let i = 0; i < count; i++, y += bytes) copy(y, x + load<u32>(indices + (i << 2)) * bytes, bytes);
  }
}

/** Whether all of these are in [0, end). */
export function within(indices: usize, count: i32, end: i32): bool {
  for (let i = 0; i < count; i++) if (load<u32>(indices + (i << 2)) >= <u32>end) return false;
  return true;
}
