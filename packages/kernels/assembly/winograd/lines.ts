/**
 * Winograd's convolution of lines: four outputs of a filter of three from six inputs by six products instead of twelve (Winograd 1980; Lavin & Gray
 * 2016). Polynomials are multiplied by their values at six points: 0, ±5/8, ±3/2 and ∞. Of all points these err little, and their powers are floats. Each function
 * takes vectors, and stores its results `step` bytes apart, or 96 where they go to a table of 6 × 6 vectors.
 */
import { madd, nmadd } from '../simd';

/** Outputs of a line, and inputs. */
export const OUT: i32 = 4;
export const IN: i32 = 6;
export const POINTS: i32 = 36;

const A: f32 = 0.625, A2: f32 = 0.390625, A3: f32 = 0.244140625;
const B: f32 = 1.5, B2: f32 = 2.25, B3: f32 = 3.375;
/** 1 / Π (point − other points). */
const S0: f32 = <f32>(1.0 / (0.390625 * 2.25));
const SA: f32 = <f32>(1.0 / (2 * 0.390625 * (0.390625 - 2.25)));
const SB: f32 = <f32>(1.0 / (2 * 2.25 * (2.25 - 0.390625)));

// @ts-ignore: decorator
@inline
function put6(to: usize, step: usize, table: bool, v0: v128, v1: v128, v2: v128, v3: v128, v4: v128, v5: v128): void {
  v128.store(to, v0);
  if (table) {
    v128.store(to, v1, 96);
    v128.store(to, v2, 192);
    v128.store(to, v3, 288);
    v128.store(to, v4, 384);
    v128.store(to, v5, 480);
  } else {
    v128.store(to + step, v1);
    v128.store(to + 2 * step, v2);
    v128.store(to + 3 * step, v3);
    v128.store(to + 4 * step, v4);
    v128.store(to + 5 * step, v5);
  }
}

/** Six inputs to their values. */
// @ts-ignore: decorator
@inline
export function inputLine(d0: v128, d1: v128, d2: v128, d3: v128, d4: v128, d5: v128, to: usize, step: usize, table: bool): void {
  const a = f32x4.splat(A), a2 = f32x4.splat(A2), b = f32x4.splat(B), b2 = f32x4.splat(B2);
  const evenA = nmadd(b2, d2, d4), oddA = nmadd(b2, d1, d3);
  const evenB = nmadd(a2, d2, d4), oddB = nmadd(a2, d1, d3);
  put6(
    to, step, table,
    nmadd(b2, nmadd(a2, d0, d2), evenB),
    madd(a, oddA, evenA),
    nmadd(a, oddA, evenA),
    madd(b, oddB, evenB),
    nmadd(b, oddB, evenB),
    nmadd(a2, oddA, nmadd(b2, d3, d5)),
  );
}

/** Three weights, `step` bytes apart, to their values, divided as Lagrange wants it. */
// @ts-ignore: decorator
@inline
export function filterLine(from: usize, step: usize, to: usize, toStep: usize): void {
  const g0 = v128.load(from), g1 = v128.load(from + step), g2 = v128.load(from + 2 * step);
  const evenA = madd(f32x4.splat(A2), g2, g0), oddA = f32x4.mul(f32x4.splat(A), g1);
  const evenB = madd(f32x4.splat(B2), g2, g0), oddB = f32x4.mul(f32x4.splat(B), g1);
  const sa = f32x4.splat(SA), sb = f32x4.splat(SB);
  put6(
    to, toStep, false,
    f32x4.mul(f32x4.splat(S0), g0),
    f32x4.mul(sa, f32x4.add(evenA, oddA)),
    f32x4.mul(sa, f32x4.sub(evenA, oddA)),
    f32x4.mul(sb, f32x4.add(evenB, oddB)),
    f32x4.mul(sb, f32x4.sub(evenB, oddB)),
    g2,
  );
}

/** Six products to four outputs, to which `more` is added where they are final. Returns their sum, which is not finite where one of them is not. */
// @ts-ignore: decorator
@inline
export function outputLine(
  m0: v128, m1: v128, m2: v128, m3: v128, m4: v128, m5: v128, more: v128, to: usize, step: usize, table: bool,
): v128 {
  const evenA = f32x4.add(m1, m2), oddA = f32x4.sub(m1, m2);
  const evenB = f32x4.add(m3, m4), oddB = f32x4.sub(m3, m4);
  let y0 = f32x4.add(m0, f32x4.add(evenA, evenB));
  let y1 = madd(f32x4.splat(B), oddB, f32x4.mul(f32x4.splat(A), oddA));
  let y2 = madd(f32x4.splat(B2), evenB, f32x4.mul(f32x4.splat(A2), evenA));
  let y3 = madd(f32x4.splat(B3), oddB, madd(f32x4.splat(A3), oddA, m5));
  if (table) {
    v128.store(to, y0);
    v128.store(to, y1, 96);
    v128.store(to, y2, 192);
    v128.store(to, y3, 288);
    return y0;
  }
  y0 = f32x4.add(y0, more);
  y1 = f32x4.add(y1, more);
  y2 = f32x4.add(y2, more);
  y3 = f32x4.add(y3, more);
  v128.store(to, y0);
  v128.store(to + step, y1);
  v128.store(to + 2 * step, y2);
  v128.store(to + 3 * step, y3);
  return f32x4.add(f32x4.add(y0, y1), f32x4.add(y2, y3));
}

/** Four numbers of dy, which the gradient by the filter takes as a filter of four, to their values, not yet divided. */
// @ts-ignore: decorator
@inline
export function slopeLine(e0: v128, e1: v128, e2: v128, e3: v128, to: usize, step: usize, table: bool): void {
  const evenA = madd(f32x4.splat(A2), e2, e0), oddA = f32x4.mul(f32x4.splat(A), madd(f32x4.splat(A2), e3, e1));
  const evenB = madd(f32x4.splat(B2), e2, e0), oddB = f32x4.mul(f32x4.splat(B), madd(f32x4.splat(B2), e3, e1));
  put6(
    to, step, table, e0, f32x4.add(evenA, oddA), f32x4.sub(evenA, oddA), f32x4.add(evenB, oddB), f32x4.sub(evenB, oddB), e3,
  );
}

/** Six products, `step` bytes apart, to the gradients of three weights, divided here, once for all pixels. */
export function weightLine(from: usize, step: usize, to: usize, toStep: usize): void {
  const m1 = v128.load(from + step), m2 = v128.load(from + 2 * step), m3 = v128.load(from + 3 * step), m4 = v128.load(from + 4 * step);
  const sa = f32x4.splat(SA), sb = f32x4.splat(SB);
  const evenA = f32x4.mul(sa, f32x4.add(m1, m2)), oddA = f32x4.mul(sa, f32x4.sub(m1, m2));
  const evenB = f32x4.mul(sb, f32x4.add(m3, m4)), oddB = f32x4.mul(sb, f32x4.sub(m3, m4));
  v128.store(to, madd(f32x4.splat(S0), v128.load(from), f32x4.add(evenA, evenB)));
  v128.store(to + toStep, madd(f32x4.splat(B), oddB, f32x4.mul(f32x4.splat(A), oddA)));
  v128.store(to + 2 * toStep, madd(f32x4.splat(B2), evenB, madd(f32x4.splat(A2), evenA, v128.load(from + 5 * step))));
}
