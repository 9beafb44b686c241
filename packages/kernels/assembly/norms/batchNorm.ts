/**
 * y[i, c] = (x[i, c] − mean[c]) · scale[c] / √(variance[c] + ε) + offset[c] for x [rows, columns].
 * @param offset 0 where there is none; likewise scale
 * @param factors working memory of `columns` floats
 */
export function batchNorm(
  x: usize, y: usize, rows: i32, columns: i32, mean: usize, variance: usize, offset: usize, scale: usize, epsilon: f32, factors: usize,
): void {
  const bytes: usize = columns << 2;
  for (let j: usize = 0; j < bytes; j += 4) {
    const factor: f32 = 1 / sqrt<f32>(load<f32>(variance + j) + epsilon);
    store<f32>(factors + j, scale ? load<f32>(scale + j) * factor : factor);
  }
  for (let i = 0; i < rows; i++, x += bytes, y += bytes) {
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) {
      let v = f32x4.mul(f32x4.sub(v128.load(x + j), v128.load(mean + j)), v128.load(factors + j));
      if (offset) v = f32x4.add(v, v128.load(offset + j));
      v128.store(y + j, v);
    }
    for (; j < bytes; j += 4) {
      let v = (load<f32>(x + j) - load<f32>(mean + j)) * load<f32>(factors + j);
      if (offset) v += load<f32>(offset + j);
      store<f32>(y + j, v);
    }
  }
}
