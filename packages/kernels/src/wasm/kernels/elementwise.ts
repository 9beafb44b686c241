/** Functions of each element, and of two tensors of one shape or of one and a number; what is broadcast otherwise goes on to stock. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Bound } from '../backend/module.ts';
import { agree } from './convolution/geometry.ts';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

export const unary =
  (name: 'exp' | 'log' | 'tanh' | 'erf'): Kernel =>
  (bound, { x }) => {
    if (!x || !isFloat(x)) return undefined;
    const y = bound.output(x.shape);
    bound.run[name](bound.at(x), bound.at(y), sizeOf(x.shape));
    return y;
  };

/** The shape of the result, where both are of it or one of them is a single number. */
function commonShape(a: TensorInfo, b: TensorInfo): readonly number[] | undefined {
  if (agree(a.shape, b.shape)) return a.shape;
  if (b.shape.length === 0) return a.shape;
  return a.shape.length === 0 ? b.shape : undefined;
}

/** Where its elements are, and how far apart. */
const place = (bound: Bound, t: TensorInfo, shape: readonly number[]) =>
  [bound.at(t), agree(t.shape, shape) ? 4 : 0] as const;

export const extremes =
  (larger: boolean): Kernel =>
  (bound, { a, b }) => {
    if (!a || !b || !isFloat(a, b)) return undefined;
    const shape = commonShape(a, b);
    if (!shape) return undefined;
    const y = bound.output(shape);
    bound.run.extremes(larger, ...place(bound, a, shape), ...place(bound, b, shape), bound.at(y), sizeOf(shape));
    return y;
  };

/** The comparisons of the module; the other two are those of b and a. */
const kinds = { '>': 0, '>=': 1, '==': 2, '!=': 3, '<': 0, '<=': 1 } as const;

export const comparison =
  (is: keyof typeof kinds): Kernel =>
  (bound, { a, b }) => {
    if (!a || !b || !isFloat(a, b)) return undefined;
    const shape = commonShape(a, b);
    if (!shape) return undefined;
    const y = bound.output(shape, 'bool');
    const [first, second] = is.startsWith('<') ? [b, a] : [a, b];
    const both = [...place(bound, first, shape), ...place(bound, second, shape)] as const;
    bound.run.compare(kinds[is], ...both, bound.at(y), sizeOf(shape));
    return y;
  };

export const logicalAnd: Kernel = (bound, { a, b }) => {
  if (a?.dtype !== 'bool' || b?.dtype !== 'bool' || !agree(a.shape, b.shape)) return undefined;
  const y = bound.output(a.shape, 'bool');
  bound.run.both(bound.at(a), bound.at(b), bound.at(y), sizeOf(a.shape));
  return y;
};

export const select: Kernel = (bound, { condition, t, e }) => {
  if (!t || !e || condition?.dtype !== 'bool' || !isFloat(t, e)) return undefined;
  if (![condition, e].every(({ shape }) => agree(shape, t.shape))) return undefined;
  const y = bound.output(t.shape);
  bound.run.select(bound.at(condition), bound.at(t), bound.at(e), bound.at(y), sizeOf(t.shape));
  return y;
};
