/** What follows a product: a bias per column before it, an activation after it. */

/** n floats of this value. */
export function fill(y: usize, n: i32, value: f32): void {
  for (const end = y + (n << 2); y < end; y += 4) store<f32>(y, value);
}

/** Every row of y [rows, columns] ← bias. */
export function fillRows(y: usize, rows: i32, columns: i32, bias: usize): void {
  const bytes: usize = columns << 2;
  for (let i = 0; i < rows; i++, y += bytes) memory.copy(y, bias, bytes);
}

/** y ← min(max(y, low · y), high): relu (0, ∞), relu6 (0, 6), leaky relu (α, ∞). */
export function rectify(y: usize, n: i32, slope: f32, high: f32): void {
  const slopes = f32x4.splat(slope), highs = f32x4.splat(high), zero = f32x4.splat(0);
  for (; n >= 4; n -= 4, y += 16) {
    const v = v128.load(y);
    const below = slope == 0 ? zero : f32x4.mul(v, slopes);
    v128.store(y, f32x4.min(v128.bitselect(below, v, f32x4.lt(v, zero)), highs));
  }
  for (; n > 0; n--, y += 4) {
    const v = load<f32>(y);
    store<f32>(y, min<f32>(v < 0 ? (slope == 0 ? 0 : v * slope) : v, high));
  }
}
