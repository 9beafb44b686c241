/** Einsum of one or two operands, as sums, a transposition of each and one matrix product. Stock wasm has none; stock cpu first multiplies everything by everything. */
import { backend_util, getKernel, type NamedAttrMap, type TensorInfo } from '@tensorflow/tfjs-core';
import { equationOf, shared } from '../../gradients/einsum.ts';
import * as messages from '../../messages.ts';
import type { Bound } from '../backend/module.ts';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';
import { product } from './matMul.ts';

/** A tensor with a letter for each axis. */
interface Lettered {
  readonly tensor: TensorInfo;
  readonly letters: string;
}
/** Runs a kernel on one tensor. */
type Run = (kernel: string, x: TensorInfo, attrs: NamedAttrMap) => TensorInfo;

/** The size of each letter's axis. */
function sizesOf(equation: string, operands: readonly Lettered[]): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { letters, tensor } of operands) {
    const fits = [...letters].every((letter, i) => (sizes.get(letter) ?? tensor.shape[i]) === tensor.shape[i]);
    if (letters.length !== tensor.shape.length || !fits) {
      throw new TypeError(
        messages.einsumSizes(
          equation,
          operands.map(({ tensor }) => tensor.shape),
        ),
      );
    }
    for (const [i, letter] of [...letters].entries()) sizes.set(letter, tensor.shape[i] ?? 1);
  }
  return sizes;
}

/** The tensor summed over the letters that are not in `kept`. */
function summed(run: Run, { tensor, letters }: Lettered, kept: string): Lettered {
  const axis = [...letters].flatMap((letter, i) => (kept.includes(letter) ? [] : [i]));
  if (axis.length === 0) return { tensor, letters };
  return { tensor: run('Sum', tensor, { axis, keepDims: false }), letters: shared(letters, kept) };
}

function ordered(run: Run, of: Lettered, letters: string): TensorInfo {
  if (of.letters === letters) return of.tensor;
  return run('Transpose', of.tensor, { perm: [...letters].map(letter => of.letters.indexOf(letter)) });
}

const without = (letters: string, others: string): string =>
  [...letters].filter(letter => !others.includes(letter)).join('');

/** Σ a · b, as batches of matrices: [batch, rows, inner] · [batch, inner, columns]; either may be transposed. */
function multiplied(
  bound: Bound,
  run: Run,
  sizes: ReadonlyMap<string, number>,
  a: Lettered,
  b: Lettered,
  result: string,
) {
  const both = shared(a.letters, b.letters);
  const [batch, inner] = [shared(both, result), without(both, result)];
  const [rows, columns] = [without(a.letters, both), without(b.letters, both)];
  const shapeOf = (letters: string): number[] => [...letters].map(letter => sizes.get(letter) ?? 1);
  const matrices = (of: Lettered, rows: string, columns: string, isTurned: boolean): TensorInfo => {
    const [first, second] = isTurned ? [columns, rows] : [rows, columns];
    const tensor = ordered(run, of, batch + first + second);
    return { ...tensor, shape: [batch, first, second].map(letters => sizeOf(shapeOf(letters))) };
  };
  const [turnA, turnB] = [a.letters === batch + inner + rows, b.letters === batch + columns + inner];
  const [left, right] = [matrices(a, rows, inner, turnA), matrices(b, inner, columns, turnB)];
  const letters = batch + rows + columns;
  return { tensor: { ...product(bound, left, right, turnA, turnB), shape: shapeOf(letters) }, letters };
}

export const einsum: Kernel = (bound, inputs, { equation }) => {
  const [a, b] = Object.values(inputs);
  if (!a || !isFloat(a, b)) return undefined;
  backend_util.decodeEinsumEquation(equation, b ? 2 : 1);
  const { terms, result } = equationOf(equation);
  const [ofA = '', ofB = ''] = terms;
  const left = { tensor: a, letters: ofA };
  const right = b ? { tensor: b, letters: ofB } : undefined;
  const sizes = sizesOf(equation, right ? [left, right] : [left]);
  const { backend } = bound;
  const made: TensorInfo[] = [];
  const run: Run = (kernel, x, attrs) => {
    const [y = x] = [getKernel(kernel, 'wasm').kernelFunc({ inputs: { x }, backend, attrs })].flat();
    made.push(y);
    return y;
  };
  let out: TensorInfo | undefined;
  try {
    const first = summed(run, left, ofB + result);
    if (right) {
      const whole = multiplied(bound, run, sizes, first, summed(run, right, ofA + result), result);
      out = ordered(run, whole, result);
      if (out !== whole.tensor) backend.disposeData(whole.tensor.dataId);
    } else {
      out = ordered(run, first, result);
      if (out === a) out = bound.share(a);
    }
    return out;
  } finally {
    for (const tensor of made) if (tensor !== out) backend.disposeData(tensor.dataId);
  }
};
