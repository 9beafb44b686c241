/** a × b + c in four lanes: fused, rounded once, in the relaxed build; multiplied and added in the plain one. */
// @ts-ignore: decorator
@inline
export function madd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_madd(a, b, c) : f32x4.add(c, f32x4.mul(a, b));
}

/** c − a × b, likewise. */
// @ts-ignore: decorator
@inline
export function nmadd(a: v128, b: v128, c: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? f32x4.relaxed_nmadd(a, b, c) : f32x4.sub(c, f32x4.mul(a, b));
}

/** Sum of four lanes, in a fixed order. */
// @ts-ignore: decorator
@inline
export function lanes(v: v128): f32 {
  return (
    f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3))
  );
}

function loadFew(from: usize, n: i32): v128 {
  let v = v128.load32_zero(from);
  if (n > 1) v = f32x4.replace_lane(v, 1, load<f32>(from, 4));
  if (n > 2) v = f32x4.replace_lane(v, 2, load<f32>(from, 8));
  return v;
}

function storeFew(to: usize, v: v128, n: i32): void {
  store<f32>(to, f32x4.extract_lane(v, 0));
  if (n > 1) store<f32>(to, f32x4.extract_lane(v, 1), 4);
  if (n > 2) store<f32>(to, f32x4.extract_lane(v, 2), 8);
}

/** n ≥ 4 means four floats, else the first n lanes; the others are 0. */
// @ts-ignore: decorator
@inline
export function loadSome(from: usize, n: i32): v128 {
  return n >= 4 ? v128.load(from) : loadFew(from, n);
}
// @ts-ignore: decorator
@inline
export function storeSome(to: usize, v: v128, n: i32): void {
  if (n >= 4) v128.store(to, v);
  else storeFew(to, v, n);
}
