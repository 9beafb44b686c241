/**
 * How far Winograd's F(4 × 4, 3 × 3) and F(3 × 3, 4 × 4) may be from exact results: the sums of the absolute values of everything that is added up on the way,
 *
 *     Σ_c |Aᵀ| [ |G| |g| |Gᵀ| ⊙ |Bᵀ| |d| |B| ] |A|
 *
 * in float64, from the matrices as polynomials at the points 0, ±5/8, ±3/2 and ∞ give them. A bound on rounding is a number of roundings of that.
 */
import { backend_util } from '@tensorflow/tfjs-core';
import { type Exact, sizeOf } from './numbers.ts';
import { convExact } from './products.ts';
import type { Four } from './windows.ts';

type Matrix = readonly (readonly number[])[];

const points = [0, 5 / 8, -5 / 8, 3 / 2, -3 / 2];
/** Π (x − other points), as coefficients of x⁰, x¹, …; of all points, where none is left out. */
const product = (left?: number): number[] => {
  let poly = [1];
  for (const p of points) if (p !== left) poly = [0, ...poly].map((v, i) => v - p * (poly[i] ?? 0));
  return poly;
};
const valueAt = (poly: readonly number[], x: number): number => poly.reduce((sum, v, i) => sum + v * x ** i, 0);
const powers = (count: number, infinity: boolean): number[][] => [
  ...points.map(p => Array.from({ length: count }, (_, i) => p ** i / (infinity ? 1 : valueAt(product(p), p)))),
  Array.from({ length: count }, (_, i) => Number(i === count - 1)),
];
const transpose = (m: Matrix): number[][] => m[0]!.map((_, i) => m.map(row => row[i]!));

/** Bᵀ: values of the input. */
const B: Matrix = [...points.map(p => [...product(p), 0]), product()];
/** G: values of a filter of so many, divided as Lagrange wants it. */
const G = (taps: number): Matrix => powers(taps, false);
/** Aᵀ: so many outputs. */
const A = (outputs: number): Matrix => transpose(powers(outputs, true));

const absolute = (m: Matrix): Matrix => m.map(row => row.map(Math.abs));
const times = (a: Matrix, b: Matrix): number[][] =>
  a.map(row => b[0]!.map((_, j) => row.reduce((sum, v, k) => sum + v * b[k]![j]!, 0)));
const sandwich = (m: Matrix, d: Matrix): number[][] => times(times(m, d), transpose(m));

/** Both algorithms, exact where not absolute. */
interface Way {
  readonly matrix: (m: Matrix) => Matrix;
  readonly number: (v: number) => number;
}
const asItIs: Way = { matrix: m => m, number: v => v };
const inSize: Way = { matrix: absolute, number: Math.abs };

export interface Images {
  /** [batch, height, width, in] */
  readonly inShape: Four;
  /** [batch, height, width, out] */
  readonly outShape: Four;
  readonly top: number;
  readonly left: number;
}

/** `size` × `size` numbers of a channel from (y, x) on, 0 outside. */
function square(
  values: Float32Array,
  [, height, width, channels]: Four,
  at: readonly number[],
  size: number,
  way: Way,
) {
  const [b, y, x, c] = at as Four;
  return Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => {
      const [row, column] = [y + i, x + j];
      const inside = row >= 0 && row < height && column >= 0 && column < width;
      return inside ? way.number(values[((b * height + row) * width + column) * channels + c]!) : 0;
    }),
  );
}

function* tilesOf({ outShape: [batch, height, width] }: Images): Generator<[number, number, number]> {
  for (let b = 0; b < batch; b++) {
    for (let y = 0; y < height; y += 4) for (let x = 0; x < width; x += 4) yield [b, y, x];
  }
}

const zeros = (size: number): number[][] => Array.from({ length: size }, () => new Array<number>(size).fill(0));
function addProducts(sum: number[][], a: Matrix, b: Matrix): void {
  for (const [i, row] of sum.entries()) for (const j of row.keys()) row[j]! += a[i]![j]! * b[i]![j]!;
}
const channelsOf = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** y = x ∗ filter [3, 3, in, out]. */
export function forward(images: Images, x: Float32Array, filter: Float32Array, way: Way): Float64Array {
  const { inShape, outShape, top, left } = images;
  const [c, o] = [inShape[3], outShape[3]];
  const [toValues, ofFilter, toOutputs] = [B, G(3), A(4)].map(way.matrix) as [Matrix, Matrix, Matrix];
  const filters = channelsOf(c).map(i =>
    channelsOf(o).map(j => sandwich(ofFilter, square(filter, [1, 3, 3, c * o], [0, 0, 0, i * o + j], 3, way))),
  );
  const y = new Float64Array(sizeOf(outShape));
  for (const [b, ty, tx] of tilesOf(images)) {
    const values = channelsOf(c).map(i => sandwich(toValues, square(x, inShape, [b, ty - top, tx - left, i], 6, way)));
    for (let j = 0; j < o; j++) {
      const sum = zeros(6);
      for (let i = 0; i < c; i++) addProducts(sum, values[i]!, filters[i]![j]!);
      for (const [p, row] of sandwich(toOutputs, sum).entries()) {
        for (const [q, v] of row.entries()) {
          if (ty + p >= outShape[1] || tx + q >= outShape[2]) continue;
          y[((b * outShape[1] + ty + p) * outShape[2] + tx + q) * o + j] = v;
        }
      }
    }
  }
  return y;
}

/** The filter that the gradient by the input convolves dy with. */
export function turned(filter: Float32Array, c: number, o: number): Float32Array {
  return Float32Array.from(filter, (_, at) => {
    const [i, rest] = [at % c, Math.floor(at / c)];
    return filter[((8 - Math.floor(rest / o)) * c + i) * o + (rest % o)]!;
  });
}

/** That convolution. */
export const backwards = ({ inShape, outShape, top, left }: Images): Images => ({
  inShape: outShape,
  outShape: inShape,
  top: 2 - top,
  left: 2 - left,
});

export function byInput(images: Images, dy: Float32Array, filter: Float32Array, way: Way): Float64Array {
  const { inShape, outShape } = images;
  return forward(backwards(images), dy, turned(filter, inShape[3], outShape[3]), way);
}

export function byFilter(images: Images, x: Float32Array, dy: Float32Array, way: Way): Float64Array {
  const { inShape, outShape, top, left } = images;
  const [c, o] = [inShape[3], outShape[3]];
  const [toValues, ofSlopes, toWeights] = [B, G(4), A(3)].map(way.matrix) as [Matrix, Matrix, Matrix];
  const sums = channelsOf(c * o).map(() => zeros(6));
  for (const [b, ty, tx] of tilesOf(images)) {
    const values = channelsOf(c).map(i => sandwich(toValues, square(x, inShape, [b, ty - top, tx - left, i], 6, way)));
    const slopes = channelsOf(o).map(j => sandwich(ofSlopes, square(dy, outShape, [b, ty, tx, j], 4, way)));
    for (let i = 0; i < c; i++) for (let j = 0; j < o; j++) addProducts(sums[i * o + j]!, values[i]!, slopes[j]!);
  }
  const dw = new Float64Array(9 * c * o);
  for (const [at, sum] of sums.entries()) {
    for (const [tap, v] of sandwich(toWeights, sum).flat().entries()) dw[tap * c * o + at] = v;
  }
  return dw;
}

export type Part = 'forward' | 'byInput' | 'byFilter';
export const algorithms = { forward, byInput, byFilter };
export { asItIs, inSize };

/** The exact result of a part, and what its roundings are measured by: one per term, and the transforms. */
export function winogradExact(
  part: Part,
  info: Parameters<typeof convExact>[0],
  images: Images,
  first: Float32Array,
  second: Float32Array,
): Exact {
  const trio = {
    forward: { x: first, filter: second },
    byInput: { dy: first, filter: second },
    byFilter: { x: first, dy: second },
  }[part];
  const { value } = convExact(info, trio);
  const terms =
    part === 'byFilter' ? [...tilesOf(images)].length : part === 'forward' ? images.inShape[3] : images.outShape[3];
  return {
    value,
    size: algorithms[part](images, first, second, inSize),
    terms: new Float64Array(value.length).fill(terms),
  };
}

/**
 * Two transforms of the input round each number 2 × 4 times, those of the filter 2 × 5 times (its constants included), those of the output 2 × 5 times;
 * and one product and one sum for each term.
 */
export const winogradBound = (terms: number, size: number): number =>
  (terms + 29) * 2 ** -24 * size + (terms + 29) * 2 ** -140;

/** An exact convolution whose padding is zeros that are multiplied, as the kernels have it: zero times Infinity is NaN. */
export function paddedExact(
  { inShape, outShape, top, left }: Images,
  x: Float32Array,
  filter: Float32Array,
): Float64Array {
  const [batch, height, width, channels] = inShape;
  const padded: Four = [batch, outShape[1] + 2, outShape[2] + 2, channels];
  const values = new Float32Array(sizeOf(padded));
  for (let at = 0; at < values.length; at++) {
    const [c, pixel] = [at % channels, Math.floor(at / channels)];
    const [column, line] = [pixel % padded[2], Math.floor(pixel / padded[2])];
    const [y, image] = [(line % padded[1]) - top, Math.floor(line / padded[1])];
    const xx = column - left;
    const inside = y >= 0 && y < height && xx >= 0 && xx < width;
    if (inside) values[at] = x[((image * height + y) * width + xx) * channels + c]!;
  }
  const info = backend_util.computeConv2DInfo(padded, [3, 3, channels, outShape[3]], 1, 1, 'valid');
  return convExact(info, { x: values, filter }).value;
}
