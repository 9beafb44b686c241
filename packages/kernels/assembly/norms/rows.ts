/** Norms whose statistics are of rows: of each row, as in layer norm, or of rows that belong to one channel, as in batch norm of channels that do not lie last. */
import { lanes, loadSome, madd, storeSome } from '../simd';

const PART: i32 = 1024;

/** Σ of n floats. */
function sumOf(x: usize, n: i32): f32 {
  let total: f32 = 0;
  for (; n > 0; n -= PART) {
    let a = f32x4.splat(0), b = a;
    let left = min(n, PART);
    for (; left >= 8; left -= 8, x += 32) {
      a = f32x4.add(a, v128.load(x));
      b = f32x4.add(b, v128.load(x, 16));
    }
    for (; left > 0; left -= 4, x += 16) a = f32x4.add(a, loadSome(x, left));
    total += lanes(f32x4.add(a, b));
  }
  return total;
}

/** Σ (x − mean)² of n floats. */
function squaresOf(x: usize, n: i32, mean: f32): f32 {
  const m = f32x4.splat(mean);
  let total: f32 = 0;
  for (; n > 0; n -= PART) {
    let a = f32x4.splat(0), b = a;
    let left = min(n, PART);
    for (; left >= 8; left -= 8, x += 32) {
      const d = f32x4.sub(v128.load(x), m), e = f32x4.sub(v128.load(x, 16), m);
      a = madd(d, d, a);
      b = madd(e, e, b);
    }
    for (; left >= 4; left -= 4, x += 16) {
      const d = f32x4.sub(v128.load(x), m);
      a = madd(d, d, a);
    }
    total += lanes(f32x4.add(a, b));
    for (; left > 0; left--, x += 4) {
      const d: f32 = load<f32>(x) - mean;
      total += d * d;
    }
  }
  return total;
}

/** mean[k] and variance[k] over times and columns of x [times, groups, columns]. */
export function momentsOfRows(x: usize, times: i32, groups: i32, columns: i32, mean: usize, variance: usize): void {
  const row: usize = columns << 2, stride = groups * row;
  const n = <f32>(times * columns);
  for (let k = 0; k < groups; k++, x += row) {
    let sum: f32 = 0, squares: f32 = 0;
    for (let t = 0; t < times; t++) sum += sumOf(x + t * stride, columns);
    const m: f32 = sum / n;
    for (let t = 0; t < times; t++) squares += squaresOf(x + t * stride, columns, m);
    store<f32>(mean + (k << 2), m);
    store<f32>(variance + (k << 2), squares / n);
  }
}

/** y = γ[k] (x − μ[k]) r[k] + β[k] for x [times, groups, columns]; γ and β may be 0, for none. */
export function normalizeGroups(
  x: usize, y: usize, times: i32, groups: i32, columns: i32, mean: usize, variance: usize, gain: usize, bias: usize, epsilon: f32,
): void {
  for (let t = 0; t < times; t++) {
    for (let k: usize = 0; k < <usize>groups << 2; k += 4) {
      const r: f32 = 1 / sqrt<f32>(load<f32>(variance + k) + epsilon);
      const m = f32x4.splat(load<f32>(mean + k));
      const factor = f32x4.splat(gain ? load<f32>(gain + k) * r : r);
      const offset = f32x4.splat(bias ? load<f32>(bias + k) : 0);
      for (let n = columns; n > 0; n -= 4) {
        storeSome(y, madd(f32x4.sub(loadSome(x, n), m), factor, offset), n);
        const bytes = min(n, 4) << 2;
        x += bytes;
        y += bytes;
      }
    }
  }
}

/** y = γ[j] (x − μ[i]) r[i] + β[j] for x [rows, columns]; γ and β may be 0, for none. */
export function normalizeRows(
  x: usize, y: usize, rows: i32, columns: i32, mean: usize, variance: usize, gain: usize, bias: usize, epsilon: f32,
): void {
  const row: usize = columns << 2;
  for (let i = 0; i < rows; i++, x += row, y += row, mean += 4, variance += 4) {
    const m = f32x4.splat(load<f32>(mean));
    const r = f32x4.splat(1 / sqrt<f32>(load<f32>(variance) + epsilon));
    for (let j: usize = 0; j < row; j += 16) {
      const left = <i32>((row - j) >> 2);
      let v = f32x4.mul(f32x4.sub(loadSome(x + j, left), m), r);
      if (gain) v = f32x4.mul(v, loadSome(gain + j, left));
      if (bias) v = f32x4.add(v, loadSome(bias + j, left));
      storeSome(y + j, v, left);
    }
  }
}

/** The gradients of `columnsGradient` for x [times, groups, columns], with sums over times and columns. */
export function groupsGradient(
  x: usize, dy: usize, dx: usize, times: i32, groups: i32, columns: i32, mean: usize, variance: usize, gain: usize, epsilon: f32, dGain: usize,
  dBias: usize,
): void {
  const row: usize = columns << 2, stride = groups * row;
  const n = <f32>(times * columns);
  for (let k: usize = 0; k < <usize>groups << 2; k += 4, x += row, dy += row, dx += row) {
    const m = load<f32>(mean + k);
    let products: f32 = 0, sum: f32 = 0;
    for (let t = 0; t < times; t++) {
      products += productsOf(x + t * stride, dy + t * stride, columns, m);
      sum += sumOf(dy + t * stride, columns);
    }
    const r: f32 = 1 / sqrt<f32>(load<f32>(variance + k) + epsilon);
    const g: f32 = gain ? load<f32>(gain + k) * r : r;
    const along: f32 = products * r;
    store<f32>(dGain + k, along);
    store<f32>(dBias + k, sum);
    const ofDy = f32x4.splat(g), ofX = f32x4.splat((-g * r * along) / n), plain = f32x4.splat((-g * sum) / n), centre = f32x4.splat(m);
    for (let t = 0; t < times; t++) {
      let from = x + t * stride, by = dy + t * stride, to = dx + t * stride;
      for (let left = columns; left > 0; left -= 4, from += 16, by += 16, to += 16) {
        const rest = madd(f32x4.sub(loadSome(from, left), centre), ofX, plain);
        storeSome(to, madd(loadSome(by, left), ofDy, rest), left);
      }
    }
  }
}

/** Σ dy (x − mean) of n floats. */
function productsOf(x: usize, dy: usize, n: i32, mean: f32): f32 {
  const m = f32x4.splat(mean);
  let total: f32 = 0;
  for (; n > 0; n -= PART) {
    let a = f32x4.splat(0);
    for (let left = min(n, PART); left > 0; left -= 4, x += 16, dy += 16) {
      a = madd(loadSome(dy, left), f32x4.sub(loadSome(x, left), m), a);
    }
    total += lanes(a);
  }
  return total;
}

/** Rows whose sums by column are added up before they are added to the others. */
const ROWS: i32 = 128;

/**
 * Gradients of y = γ[j] x̂ + β[j], x̂ = (x − μ[i]) r[i] for x [rows, columns]. With g = γ dy and means over a row,
 *
 *     dx = r (g − mean(g) − x̂ mean(g x̂))     dγ[j] = Σ_i dy x̂     dβ[j] = Σ_i dy
 *
 * @param dGain room for dγ where there is a γ, else 0; likewise dBias
 * @param parts working memory of 2 · columns floats
 */
export function rowsGradient(
  x: usize, dy: usize, dx: usize, rows: i32, columns: i32, mean: usize, variance: usize, gain: usize, epsilon: f32, dGain: usize,
  dBias: usize, parts: usize,
): void {
  const row: usize = columns << 2;
  const n = <f32>columns;
  if (dGain) memory.fill(dGain, 0, row);
  if (dBias) memory.fill(dBias, 0, row);
  memory.fill(parts, 0, 2 * row);
  const ofGain = parts, ofBias = parts + row;
  for (let i = 0; i < rows; i++, x += row, dy += row, dx += row, mean += 4, variance += 4) {
    const m = f32x4.splat(load<f32>(mean));
    const factor: f32 = 1 / sqrt<f32>(load<f32>(variance) + epsilon);
    const r = f32x4.splat(factor);
    let sum = f32x4.splat(0), along = sum;
    for (let j: usize = 0; j < row; j += 16) {
      const left = <i32>((row - j) >> 2);
      const d = loadSome(dy + j, left);
      // lanes behind the end: dy is 0 there
      const normed = f32x4.mul(f32x4.sub(loadSome(x + j, left), m), r);
      const moved = f32x4.mul(d, normed);
      if (dGain) storeSome(ofGain + j, f32x4.add(loadSome(ofGain + j, left), moved), left);
      if (dBias) storeSome(ofBias + j, f32x4.add(loadSome(ofBias + j, left), d), left);
      const g = gain ? f32x4.mul(d, loadSome(gain + j, left)) : d;
      sum = f32x4.add(sum, g);
      along = madd(g, normed, along);
    }
    const plain = f32x4.splat(lanes(sum) / n), ofX = f32x4.splat((lanes(along) / n) * factor);
    for (let j: usize = 0; j < row; j += 16) {
      const left = <i32>((row - j) >> 2);
      const d = loadSome(dy + j, left);
      const g = gain ? f32x4.mul(d, loadSome(gain + j, left)) : d;
      const centred = f32x4.sub(loadSome(x + j, left), m);
      storeSome(dx + j, f32x4.mul(r, f32x4.sub(f32x4.sub(g, plain), f32x4.mul(centred, ofX))), left);
    }
    if ((i + 1) % ROWS == 0 || i + 1 == rows) {
      if (dGain) addTo(dGain, ofGain, columns);
      if (dBias) addTo(dBias, ofBias, columns);
      memory.fill(parts, 0, 2 * row);
    }
  }
}

function addTo(y: usize, x: usize, n: i32): void {
  for (; n > 0; n -= 4, x += 16, y += 16) storeSome(y, f32x4.add(loadSome(y, n), loadSome(x, n)), n);
}
