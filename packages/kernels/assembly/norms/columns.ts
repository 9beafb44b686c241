/**
 * Norms whose statistics are of columns of x [rows, columns], as in batch norm of channels that lie last. Rows are taken in parts that stay in the cache. Each part has a mean of
 * its own and is centred on it: so one pass over memory gives a variance without cancellation (Chan, Golub & LeVeque 1983, eq. 2.1).
 */
import { loadSome, madd, storeSome } from '../simd';

const PART: i32 = 64;

/** mean[j] and variance[j] (of all rows, not of one less). */
export function momentsOfColumns(x: usize, rows: i32, columns: i32, mean: usize, variance: usize): void {
  const row: usize = columns << 2;
  memory.fill(mean, 0, row);
  memory.fill(variance, 0, row);
  for (let done = 0; done < rows; done += PART) {
    const part = min(rows - done, PART);
    let j: usize = 0;
    for (; j + 64 <= row; j += 64) wideMoments(x + j, row, <f32>done, part, mean + j, variance + j);
    for (; j < row; j += 16) narrowMoments(x + j, row, <f32>done, part, (row - j) >> 2, mean + j, variance + j);
    x += part * row;
  }
  for (let j: usize = 0; j < row; j += 4) store<f32>(variance + j, load<f32>(variance + j) / <f32>rows);
}

/** Joins means and sums of squares of `done` rows, which are in memory, with those of `part` more. */
// @ts-ignore: decorator
@inline
function join(mean: usize, squares: usize, columns: i32, ofPart: v128, squaresOfPart: v128, done: f32, part: f32): void {
  const before = loadSome(mean, columns);
  const apart = f32x4.sub(ofPart, before);
  const share = f32x4.splat(part / (done + part));
  const between = f32x4.mul(f32x4.mul(apart, apart), f32x4.mul(share, f32x4.splat(done)));
  storeSome(mean, f32x4.add(before, f32x4.mul(apart, share)), columns);
  storeSome(squares, f32x4.add(f32x4.add(loadSome(squares, columns), squaresOfPart), between), columns);
}

/** 16 columns of a part. */
function wideMoments(x: usize, row: usize, done: f32, part: i32, mean: usize, squares: usize): void {
  const end = x + part * row;
  let m0 = f32x4.splat(0), m1 = m0, m2 = m0, m3 = m0;
  for (let from = x; from < end; from += row) {
    m0 = f32x4.add(m0, v128.load(from));
    m1 = f32x4.add(m1, v128.load(from, 16));
    m2 = f32x4.add(m2, v128.load(from, 32));
    m3 = f32x4.add(m3, v128.load(from, 48));
  }
  const each = f32x4.splat(1 / <f32>part);
  m0 = f32x4.mul(m0, each);
  m1 = f32x4.mul(m1, each);
  m2 = f32x4.mul(m2, each);
  m3 = f32x4.mul(m3, each);
  let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
  for (let from = x; from < end; from += row) {
    const d0 = f32x4.sub(v128.load(from), m0), d1 = f32x4.sub(v128.load(from, 16), m1);
    s0 = madd(d0, d0, s0);
    s1 = madd(d1, d1, s1);
    const d2 = f32x4.sub(v128.load(from, 32), m2), d3 = f32x4.sub(v128.load(from, 48), m3);
    s2 = madd(d2, d2, s2);
    s3 = madd(d3, d3, s3);
  }
  join(mean, squares, 4, m0, s0, done, <f32>part);
  join(mean + 16, squares + 16, 4, m1, s1, done, <f32>part);
  join(mean + 32, squares + 32, 4, m2, s2, done, <f32>part);
  join(mean + 48, squares + 48, 4, m3, s3, done, <f32>part);
}

/** Up to four columns of a part. */
function narrowMoments(x: usize, row: usize, done: f32, part: i32, columns: i32, mean: usize, squares: usize): void {
  const end = x + part * row;
  let m = f32x4.splat(0), s = m;
  for (let from = x; from < end; from += row) m = f32x4.add(m, loadSome(from, columns));
  m = f32x4.mul(m, f32x4.splat(1 / <f32>part));
  for (let from = x; from < end; from += row) {
    const d = f32x4.sub(loadSome(from, columns), m);
    s = madd(d, d, s);
  }
  join(mean, squares, columns, m, s, done, <f32>part);
}

/**
 * Gradients of y = γ x̂ + β by columns, x̂ = (x − μ) r, r = 1 / √(σ² + ε), μ and σ² those of x:
 *
 *     dβ = Σ dy     dγ = Σ dy x̂     dx = γ r (dy − dβ / rows − x̂ dγ / rows)
 *
 * @param gain γ; 0 where there is none
 * @param factors working memory of 3 · columns floats
 */
export function columnsGradient(
  x: usize, dy: usize, dx: usize, rows: i32, columns: i32, mean: usize, variance: usize, gain: usize, epsilon: f32, dGain: usize,
  dBias: usize, factors: usize,
): void {
  const row: usize = columns << 2;
  sumsOfColumns(x, dy, row, rows, mean, dGain, dBias);
  const ofDy = factors, ofX = factors + row, plain = factors + 2 * row;
  const n = <f32>rows;
  for (let j: usize = 0; j < row; j += 4) {
    const r: f32 = 1 / sqrt<f32>(load<f32>(variance + j) + epsilon);
    const g: f32 = gain ? load<f32>(gain + j) * r : r;
    const along: f32 = load<f32>(dGain + j) * r;
    store<f32>(dGain + j, along);
    store<f32>(ofDy + j, g);
    store<f32>(ofX + j, (-g * r * along) / n);
    store<f32>(plain + j, (-g * load<f32>(dBias + j)) / n);
  }
  for (let i = 0; i < rows; i++, x += row, dy += row, dx += row) {
    let j: usize = 0;
    for (; j + 16 <= row; j += 16) {
      const rest = madd(f32x4.sub(v128.load(x + j), v128.load(mean + j)), v128.load(ofX + j), v128.load(plain + j));
      v128.store(dx + j, madd(v128.load(dy + j), v128.load(ofDy + j), rest));
    }
    if (j < row) {
      const left = <i32>((row - j) >> 2);
      const rest = madd(f32x4.sub(loadSome(x + j, left), loadSome(mean + j, left)), loadSome(ofX + j, left), loadSome(plain + j, left));
      storeSome(dx + j, madd(loadSome(dy + j, left), loadSome(ofDy + j, left), rest), left);
    }
  }
}

/** Σ dy (x − μ) and Σ dy. */
function sumsOfColumns(x: usize, dy: usize, row: usize, rows: i32, mean: usize, products: usize, sums: usize): void {
  memory.fill(products, 0, row);
  memory.fill(sums, 0, row);
  for (; rows > 0; rows -= PART) {
    const part = min(rows, PART);
    let j: usize = 0;
    for (; j + 32 <= row; j += 32) wideSums(x + j, dy + j, row, part, mean + j, products + j, sums + j);
    for (; j < row; j += 16) narrowSums(x + j, dy + j, row, part, (row - j) >> 2, mean + j, products + j, sums + j);
    x += part * row;
    dy += part * row;
  }
}

/** Eight columns of a part. */
function wideSums(x: usize, dy: usize, row: usize, part: i32, mean: usize, products: usize, sums: usize): void {
  const m0 = v128.load(mean), m1 = v128.load(mean, 16);
  let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0;
  for (const end = x + part * row; x < end; x += row, dy += row) {
    const d0 = v128.load(dy), d1 = v128.load(dy, 16);
    b0 = f32x4.add(b0, d0);
    b1 = f32x4.add(b1, d1);
    a0 = madd(d0, f32x4.sub(v128.load(x), m0), a0);
    a1 = madd(d1, f32x4.sub(v128.load(x, 16), m1), a1);
  }
  v128.store(products, f32x4.add(v128.load(products), a0));
  v128.store(products, f32x4.add(v128.load(products, 16), a1), 16);
  v128.store(sums, f32x4.add(v128.load(sums), b0));
  v128.store(sums, f32x4.add(v128.load(sums, 16), b1), 16);
}

/** Up to four columns of a part. */
function narrowSums(x: usize, dy: usize, row: usize, part: i32, columns: i32, mean: usize, products: usize, sums: usize): void {
  const m = loadSome(mean, columns);
  let a = f32x4.splat(0), b = a;
  for (const end = x + part * row; x < end; x += row, dy += row) {
    const d = loadSome(dy, columns);
    b = f32x4.add(b, d);
    a = madd(d, f32x4.sub(loadSome(x, columns), m), a);
  }
  storeSome(products, f32x4.add(loadSome(products, columns), a), columns);
  storeSome(sums, f32x4.add(loadSome(sums, columns), b), columns);
}
