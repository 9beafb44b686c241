/** BatchMatMul and _FusedMatMul: all transposes, broadcast batches, bias and activation. */
import { broadcast_util, engine, type TensorInfo } from '@tensorflow/tfjs-core';
import type { Bound } from '../backend/module.ts';
import { activate, canActivate } from './activation.ts';
import { gemm } from './gemm.ts';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

/** One product, c [m, n] = op(a) · op(b), of matrices at these addresses. */
export function multiply(
  bound: Bound,
  { m, n, k, transposeA, transposeB }: Product,
  a: number,
  b: number,
  c: number,
  accumulate = false,
): void {
  const { run } = bound;
  if (m * n === 0) return;
  if (k === 0) {
    if (!accumulate) run.fill(c, m * n, 0);
    return;
  }
  const aRow = 4 * (transposeA ? m : k);
  const bRow = 4 * (transposeB ? k : n);
  // a vector has the same memory layout in both orientations, so a column of A or B can be treated as a row
  if (!accumulate && m === 1 && transposeB) run.dotRows(n, k, b, bRow, a, c);
  else if (!accumulate && n === 1 && !transposeA) run.dotRows(m, k, a, aRow, b, c);
  else if (n === 1 && transposeA) {
    if (!accumulate) run.fill(c, m, 0);
    run.fewRows(1, m, k, b, 0, 4, a, aRow, c, 4 * m);
  } else if (m <= FEW_ROWS && !transposeB) {
    if (!accumulate) run.fill(c, m * n, 0);
    const [row, step] = transposeA ? [4, aRow] : [aRow, 4];
    run.fewRows(m, n, k, a, row, step, b, bRow, c, 4 * n);
  } else {
    const left = { at: a, row: transposeA ? m : k, transpose: transposeA };
    const right = { at: b, row: transposeB ? k : n, transpose: transposeB };
    gemm(bound, { m, n, k }, left, right, { at: c, row: n }, accumulate);
  }
}

/** With at most this many rows, packing B costs more than it gains. */
const FEW_ROWS = 16;

export interface Product {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** Rows and columns. */
const matrixOf = ({ shape }: TensorInfo): [rows: number, columns: number] => [shape.at(-2) ?? 1, shape.at(-1) ?? 1];

/** The offset of each matrix in a broadcast batch, counted in matrices. */
function offsets(batch: readonly number[], own: readonly number[]): number[] {
  let result = [0];
  let stride = sizeOf(own);
  for (const [i, size] of batch.entries()) {
    const dimension = own[i - (batch.length - own.length)] ?? 1;
    if (i >= batch.length - own.length) stride /= dimension;
    const step = dimension === 1 ? 0 : stride;
    result = result.flatMap(at => Array.from({ length: size }, (_, j) => at + j * step));
  }
  return result;
}

/** The products of the matrices of two batches, with broadcasting. */
export function product(
  bound: Bound,
  a: TensorInfo,
  b: TensorInfo,
  transposeA: boolean,
  transposeB: boolean,
  bias?: TensorInfo,
) {
  const [aRows, aColumns] = matrixOf(a);
  const [bRows, bColumns] = matrixOf(b);
  const [m, k] = transposeA ? [aColumns, aRows] : [aRows, aColumns];
  const n = transposeB ? bRows : bColumns;
  const aBatch = a.shape.slice(0, -2);
  const bBatch = b.shape.slice(0, -2);
  const batch = broadcast_util.assertAndGetBroadcastShape(aBatch, bBatch);
  const out = bound.output([...batch, m, n]);
  const [atA, atB, atC] = [bound.at(a), bound.at(b), bound.at(out)];
  const shape = { m, n, k, transposeA, transposeB };
  if (bias) bound.run.fillRows(atC, sizeOf(batch) * m, n, bound.at(bias));
  if (!transposeA && sizeOf(bBatch) === 1) {
    // the rows of all matrices in a form one matrix
    multiply(bound, { ...shape, m: sizeOf(batch) * m }, atA, atB, atC, bias !== undefined);
  } else {
    const [ofA, ofB] = [offsets(batch, aBatch), offsets(batch, bBatch)];
    for (const [i, offset] of ofA.entries()) {
      const matrixA = atA + 4 * offset * m * k;
      const matrixB = atB + 4 * (ofB[i] ?? 0) * k * n;
      multiply(bound, shape, matrixA, matrixB, atC + 4 * i * m * n, bias !== undefined);
    }
  }
  return out;
}

/** Whether these are matrices whose inner dimensions agree. Everything else is left to stock, to compute or to reject. */
function fit(a: TensorInfo, b: TensorInfo, transposeA: boolean, transposeB: boolean): boolean {
  const inner = [a.shape.at(transposeA ? -2 : -1), b.shape.at(transposeB ? -1 : -2)];
  const matrices = Math.min(a.shape.length, b.shape.length) >= 2;
  return matrices && inner[0] === inner[1];
}

/**
 * Products that are faster with XNNPACK. First, few rows times constant weights, which it keeps packed. Training changes weights at every step, and packing
 * them again would take several times as long as the product. So the rule depends on whether a gradient is being computed, never on earlier computations, and
 * the same call always returns the same numbers. Second, outer products with few columns, which mostly write.
 */
function isForStock(a: TensorInfo, b: TensorInfo, transposeA: boolean, transposeB: boolean): boolean {
  const [k, n] = matrixOf(b);
  if (transposeA || transposeB || sizeOf(b.shape) !== k * n || k * n === 0) return false;
  const m = sizeOf(a.shape) / k;
  if (k <= 4) return m * n >= 2 ** 16;
  return m < 32 && n * k >= 2 ** 13 && engine().state.gradientDepth === 0;
}

export const batchMatMul: Kernel = (bound, { a, b }, { transposeA, transposeB }) => {
  if (!a || !b || !isFloat(a, b) || !fit(a, b, transposeA, transposeB)) return undefined;
  if (b.shape.length === 2 && isForStock(a, b, transposeA, transposeB)) return undefined;
  return product(bound, a, b, transposeA, transposeB);
};

export const fusedMatMul: Kernel = (bound, inputs, { transposeA, transposeB, activation, leakyreluAlpha }) => {
  const { a, b, bias } = inputs;
  if (!a || !b || !isFloat(a, b, bias) || !fit(a, b, transposeA, transposeB) || !canActivate(activation)) {
    return undefined;
  }
  // the stock kernel supports only three dimensions, which is what the op passes
  const isRank3 = a.shape.length === 3 && b.shape.length === 3;
  if (isRank3 && isForStock(a, b, transposeA, transposeB)) return undefined;
  const n = b.shape.at(transposeB ? -2 : -1);
  if (bias && !(bias.shape.length === 1 && bias.shape[0] === n)) return undefined;
  const out = product(bound, a, b, transposeA, transposeB, bias ?? undefined);
  return activate(bound, out, activation, leakyreluAlpha);
};
