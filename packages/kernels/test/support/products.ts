/** Exact matrix products and convolutions: in float64, one term after another, straight from their definition. */
import { type Exact, sizeOf } from './numbers.ts';

const empty = (n: number): Exact => ({
  value: new Float64Array(n),
  size: new Float64Array(n),
  terms: new Float64Array(n),
});

function addTerm({ value, size, terms }: Exact, at: number, term: number): void {
  value[at] = (value[at] as number) + term;
  size[at] = (size[at] as number) + Math.abs(term);
  terms[at] = (terms[at] as number) + 1;
}

export interface Matrices {
  readonly aShape: readonly number[];
  readonly bShape: readonly number[];
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Index of the element of a broadcast tensor that belongs to place `i` of `shape`. */
function broadcastIndex(i: number, shape: readonly number[], own: readonly number[]): number {
  let index = 0;
  let stride = 1;
  let left = i;
  for (let d = shape.length - 1, o = own.length - 1; d >= 0; d--, o--) {
    const place = left % (shape[d] as number);
    left = (left - place) / (shape[d] as number);
    if (o < 0) continue;
    if (own[o] !== 1) index += place * stride;
    stride *= own[o] as number;
  }
  return index;
}

/** op(a) · op(b), of matrices of broadcast batches. */
export function matMulExact(a: Float32Array, b: Float32Array, { aShape, bShape, transposeA, transposeB }: Matrices) {
  const [aRows, aColumns] = aShape.slice(-2) as [number, number];
  const [bRows, bColumns] = bShape.slice(-2) as [number, number];
  const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const n = transposeB ? bRows : bColumns;
  const [aBatch, bBatch] = [aShape.slice(0, -2), bShape.slice(0, -2)];
  const rank = Math.max(aBatch.length, bBatch.length);
  const dimension = (own: readonly number[], i: number): number => own[i - rank + own.length] ?? 1;
  const batch = Array.from({ length: rank }, (_, i) =>
    dimension(aBatch, i) === 1 ? dimension(bBatch, i) : dimension(aBatch, i),
  );
  const exact = empty(sizeOf(batch) * m * n);
  // from one row and one element of a sum to the next, and from one column
  const [aRow, aStep] = transposeA ? [1, m] : [k, 1];
  const [bColumn, bStep] = transposeB ? [k, 1] : [1, n];
  for (let at = 0; at < sizeOf(batch); at++) {
    const ofA = broadcastIndex(at, batch, aBatch) * m * k;
    const ofB = broadcastIndex(at, batch, bBatch) * k * n;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let value = 0;
        let size = 0;
        let [left, right] = [ofA + i * aRow, ofB + j * bColumn];
        for (let p = 0; p < k; p++) {
          const term = a[left]! * b[right]!;
          value += term;
          size += Math.abs(term);
          left += aStep;
          right += bStep;
        }
        const place = (at * m + i) * n + j;
        exact.value[place] = value;
        exact.size[place] = size;
        exact.terms[place] = k;
      }
    }
  }
  return { ...exact, shape: [...batch, m, n] };
}

/** One more term, of a bias per column. */
export function plusBias(exact: Exact, bias: Float32Array): Exact {
  return {
    value: exact.value.map((v, i) => v + (bias[i % bias.length] as number)),
    size: exact.size.map((v, i) => v + Math.abs(bias[i % bias.length] as number)),
    terms: exact.terms.map(n => n + 1),
  };
}

/** What of backend_util's Conv2DInfo a convolution is. */
export interface Geometry {
  readonly batchSize: number;
  readonly inHeight: number;
  readonly inWidth: number;
  readonly inChannels: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outChannels: number;
  readonly filterHeight: number;
  readonly filterWidth: number;
  readonly strideHeight: number;
  readonly strideWidth: number;
  readonly dilationHeight: number;
  readonly dilationWidth: number;
  readonly padInfo: { readonly front?: number; readonly top: number; readonly left: number };
  /** Of volumes; images are one deep. */
  readonly inDepth?: number;
  readonly outDepth?: number;
  readonly filterDepth?: number;
  readonly strideDepth?: number;
  readonly dilationDepth?: number;
}

/** Every pixel of the input that a pixel of the output meets, by numbers, with the tap of the filter that it meets it through. */
export function eachTap(g: Geometry, f: (input: number, output: number, tap: number) => void): void {
  const { inDepth = 1, outDepth = 1, filterDepth = 1, strideDepth = 1, dilationDepth = 1 } = g;
  const { front = 0, top, left } = g.padInfo;
  for (let output = 0; output < g.batchSize * outDepth * g.outHeight * g.outWidth; output++) {
    const [ox, row] = [output % g.outWidth, Math.floor(output / g.outWidth)];
    const [oy, plane] = [row % g.outHeight, Math.floor(row / g.outHeight)];
    const [oz, b] = [plane % outDepth, Math.floor(plane / outDepth)];
    for (let tap = 0; tap < filterDepth * g.filterHeight * g.filterWidth; tap++) {
      const [fx, rest] = [tap % g.filterWidth, Math.floor(tap / g.filterWidth)];
      const [fy, fz] = [rest % g.filterHeight, Math.floor(rest / g.filterHeight)];
      const iz = oz * strideDepth + fz * dilationDepth - front;
      const iy = oy * g.strideHeight + fy * g.dilationHeight - top;
      const ix = ox * g.strideWidth + fx * g.dilationWidth - left;
      if (iz < 0 || iz >= inDepth || iy < 0 || iy >= g.inHeight || ix < 0 || ix >= g.inWidth) continue;
      f(((b * inDepth + iz) * g.inHeight + iy) * g.inWidth + ix, output, tap);
    }
  }
}

/** Which of the three is computed from the two others. */
export interface Trio {
  readonly x?: Float32Array;
  readonly filter?: Float32Array;
  readonly dy?: Float32Array;
}

/**
 * A convolution is Σ x · filter · dy over what meets: leave out dy and get y, leave out x or the filter and get the gradient by it.
 * Depthwise filters are [fy, fx, channel, multiplier].
 */
export function convExact(g: Geometry, { x, filter, dy }: Trio, depthwise = false): Exact {
  const c = g.inChannels;
  const o = g.outChannels;
  const multiplier = o / c;
  const { inDepth = 1, outDepth = 1, filterDepth = 1 } = g;
  const ofX = g.batchSize * inDepth * g.inHeight * g.inWidth * c;
  const ofY = g.batchSize * outDepth * g.outHeight * g.outWidth * o;
  const ofFilter = filterDepth * g.filterHeight * g.filterWidth * (depthwise ? o : c * o);
  const exact = empty(!x ? ofX : !filter ? ofFilter : ofY);
  eachTap(g, (input, output, tap) => {
    for (let i = 0; i < c; i++) {
      for (let q = 0; q < (depthwise ? multiplier : o); q++) {
        const atX = input * c + i;
        const atY = output * o + (depthwise ? i * multiplier + q : q);
        const atFilter = depthwise ? (tap * c + i) * multiplier + q : (tap * c + i) * o + q;
        if (!x) addTerm(exact, atX, (filter![atFilter] as number) * (dy![atY] as number));
        else if (!filter) addTerm(exact, atFilter, (x[atX] as number) * (dy![atY] as number));
        else addTerm(exact, atY, (x[atX] as number) * (filter[atFilter] as number));
      }
    }
  });
  return exact;
}
