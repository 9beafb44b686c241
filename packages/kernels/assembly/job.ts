/**
 * A product or a convolution cut into chunks, for several threads. A job lies in memory as 32-bit words: kind, chunks, then the arguments of
 * the function it stands for. A chunk is computed into a buffer of the thread's own, and committed to its place in one go: until then
 * its result can be thrown away. What is computed for an element of the result does not depend on the chunk that it is in.
 */
import { convolve, convolveFilterGradient, geometry } from './conv';
import { gemm } from './gemm';
import { MR } from './tile';
import { convolveTiles, rowsBefore } from './winograd/convolve';
import { filterGradientTiles } from './winograd/filterGradient';
import { OUT } from './winograd/lines';

const GEMM: i32 = 0;
const CONVOLVE: i32 = 1;
const FILTER_GRADIENT: i32 = 2;
const CONVOLVE_TILES: i32 = 3;
const FILTER_GRADIENT_TILES: i32 = 4;

// @ts-ignore: decorator
@inline
function word(job: usize, index: i32): i32 {
  return load<i32>(job + (index << 2));
}

/**
 * Where chunk t of `total` things begins, a multiple of `unit`. Up to six chunks are for two threads: two large ones, then smaller ones, so that
 * neither waits long for the other at the end.
 */
function boundary(total: i32, unit: i32, chunks: i32, t: i32): i32 {
  if (t >= chunks) return total;
  const units = (total + unit - 1) / unit;
  let share = <f32>t / <f32>chunks;
  if (chunks == 6) {
    if (t == 1) share = 0.3;
    else if (t == 2) share = 0.6;
    else if (t == 3) share = 0.74;
    else if (t == 4) share = 0.85;
    else if (t == 5) share = 0.93;
  }
  return min(total, <i32>(<f32>units * share) * unit);
}

/** True where a product is cut by rows of A: the longer side is cut, so that less is packed twice. */
// @ts-ignore: decorator
@inline
function byRows(job: usize): bool {
  return word(job, 2) >= word(job, 3);
}

/** The first row of tiles of chunk t. */
function firstTiles(job: usize, t: i32): i32 {
  const down = (word(job, 5) + OUT - 1) / OUT;
  return boundary(word(job, 19) * down, 1, word(job, 1), t);
}

// what a chunk is, in its result: rows of `bytes` bytes, `stride` bytes apart in the result, packed in a buffer
let place: usize, rows: i32, bytes: usize, stride: usize;

function locate(job: usize, t: i32): void {
  const kind = word(job, 0);
  const chunks = word(job, 1);
  if (kind == GEMM) {
    const m = word(job, 2), n = word(job, 3);
    stride = word(job, 12);
    if (byRows(job)) {
      const from = boundary(m, MR, chunks, t);
      rows = boundary(m, MR, chunks, t + 1) - from;
      bytes = n << 2;
      place = <usize>word(job, 11) + from * stride;
    } else {
      const from = boundary(n, 8, chunks, t);
      rows = m;
      bytes = (boundary(n, 8, chunks, t + 1) - from) << 2;
      place = <usize>word(job, 11) + (from << 2);
    }
  } else if (kind == CONVOLVE) {
    const from = boundary(word(job, 19), MR, chunks, t);
    rows = boundary(word(job, 19), MR, chunks, t + 1) - from;
    bytes = word(job, 20) << 2;
    stride = bytes;
    place = <usize>word(job, 18) + from * bytes;
  } else if (kind == CONVOLVE_TILES) {
    const height = word(job, 5), width = word(job, 6);
    const from = rowsBefore(firstTiles(job, t), height);
    rows = (rowsBefore(firstTiles(job, t + 1), height) - from) * width;
    bytes = word(job, 20) << 2;
    stride = bytes;
    place = <usize>word(job, 18) + from * width * bytes;
  } else {
    const from = boundary(word(job, 19), 8, chunks, t);
    rows = word(job, 4) * word(job, 7) * word(job, 8);
    bytes = (boundary(word(job, 19), 8, chunks, t + 1) - from) << 2;
    stride = word(job, 19) << 2;
    place = <usize>word(job, 17) + (from << 2);
  }
}

/** Bytes of the largest chunk's result. */
export function chunkBytes(job: usize): usize {
  let most: usize = 0;
  for (let t = 0; t < word(job, 1); t++) {
    locate(job, t);
    most = max(most, <usize>rows * bytes);
  }
  return most;
}

/** Computes chunk t: into the buffer, or in place where that is 0. `room` is what a job needs beside scratch. */
export function runChunk(job: usize, t: i32, buffer: usize, room: usize, scratch: usize): void {
  locate(job, t);
  if (rows == 0 || bytes == 0) return;
  const to = buffer ? buffer : place;
  const toRow = buffer ? bytes : stride;
  const kind = word(job, 0);
  const chunks = word(job, 1);
  if (kind == GEMM) {
    const k = word(job, 4), aRow = word(job, 6), bRow = word(job, 9);
    const transposeA = word(job, 7) != 0, transposeB = word(job, 10) != 0, accumulate = word(job, 13) != 0;
    let a: usize = word(job, 5), b: usize = word(job, 8);
    if (byRows(job)) a += boundary(word(job, 2), MR, chunks, t) * (transposeA ? 4 : aRow);
    else b += boundary(word(job, 3), 8, chunks, t) * (transposeB ? bRow : 4);
    if (buffer && accumulate) copyRows(place, stride, buffer, bytes);
    const columns = <i32>(bytes >> 2);
    // locate's globals may change below, so they are read before
    gemm(rows, columns, k, a, aRow, transposeA, b, bRow, transposeB, to, toRow, accumulate, scratch);
    return;
  }
  geometry(
    word(job, 2), word(job, 3), word(job, 4), word(job, 5), word(job, 6), word(job, 7), word(job, 8), word(job, 9), word(job, 10),
    word(job, 11), word(job, 12), word(job, 13), word(job, 14),
  );
  if (kind == CONVOLVE) {
    const accumulate = word(job, 21) != 0;
    if (buffer && accumulate) copyRows(place, stride, buffer, bytes);
    const first = boundary(word(job, 19), MR, chunks, t);
    convolve(word(job, 15), word(job, 16), word(job, 17), to, first, rows, word(job, 20), accumulate, scratch);
  } else if (kind == CONVOLVE_TILES) {
    convolveTiles(
      word(job, 15), word(job, 16), word(job, 17), to, firstTiles(job, t), firstTiles(job, t + 1), word(job, 20), word(job, 21),
      word(job, 22), room, scratch,
    );
  } else {
    const accumulate = word(job, 21) != 0;
    if (buffer && accumulate) copyRows(place, stride, buffer, bytes);
    const from = boundary(word(job, 19), 8, chunks, t);
    const last = boundary(word(job, 19), 8, chunks, t + 1);
    const images = word(job, 18), n = word(job, 19);
    const padded = word(job, 20) ? room : 0;
    if (kind == FILTER_GRADIENT_TILES) {
      filterGradientTiles(word(job, 15), word(job, 16), to, toRow, images, from, last, n, padded, room, scratch);
    } else convolveFilterGradient(word(job, 15), word(job, 16), to, toRow, images, from, last, n, accumulate, padded, scratch);
  }
}

/** Puts what `runChunk` left in the buffer where it belongs. */
export function commitChunk(job: usize, t: i32, buffer: usize): void {
  locate(job, t);
  copyRows(buffer, bytes, place, stride);
}

function copyRows(from: usize, fromRow: usize, to: usize, toRow: usize): void {
  if (fromRow == bytes && toRow == bytes) {
    memory.copy(to, from, <usize>rows * bytes);
    return;
  }
  for (let i = 0; i < rows; i++) memory.copy(to + i * toRow, from + i * fromRow, bytes);
}
