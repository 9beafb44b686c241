/** Elementwise functions of one tensor, and of two tensors, of which one may be broadcast along some axes. */

import { byBlocks } from './broadcast.ts';
import { agree } from './convolution/geometry.ts';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

export const unary =
  (name: 'exp' | 'log' | 'tanh' | 'erf' | 'sign' | 'softplus'): Kernel =>
  (bound, { x }) => {
    if (!x || !isFloat(x)) return undefined;
    const y = bound.output(x.shape);
    bound.run[name](bound.at(x), bound.at(y), sizeOf(x.shape));
    return y;
  };

/** dx = dy if y ≥ 0, otherwise dy (y + 1). */
export const eluGrad: Kernel = (bound, { dy, y }) => {
  if (!dy || !y || !isFloat(dy, y) || !agree(dy.shape, y.shape)) return undefined;
  const dx = bound.output(y.shape);
  bound.run.eluGradient(bound.at(y), bound.at(dy), bound.at(dx), sizeOf(y.shape));
  return dx;
};

export const extremes =
  (larger: boolean): Kernel =>
  (bound, { a, b }) => {
    if (!a || !b || !isFloat(a, b)) return undefined;
    return byBlocks(bound, a, b, 'float32', (size, u, v, y) => bound.run.extremes(larger, ...size, ...u, ...v, y));
  };

const operators = { '+': 0, '-': 1, '*': 2, '/': 3 } as const;

/** For tensors of the same shape or of compatible shapes. */
export const arithmetic =
  (operator: keyof typeof operators): Kernel =>
  (bound, { a, b }) => {
    if (!a || !b || !isFloat(a, b)) return undefined;
    const kind = operators[operator];
    return byBlocks(bound, a, b, 'float32', (size, u, v, y) => bound.run.arithmetic(kind, ...size, ...u, ...v, y));
  };

/** The comparisons of the module; the other two swap a and b. */
const kinds = { '>': 0, '>=': 1, '==': 2, '!=': 3, '<': 0, '<=': 1 } as const;

export const comparison =
  (is: keyof typeof kinds): Kernel =>
  (bound, { a, b }) => {
    if (!a || !b || !isFloat(a, b)) return undefined;
    const [first, second] = is.startsWith('<') ? [b, a] : [a, b];
    return byBlocks(bound, first, second, 'bool', (size, u, v, y) =>
      bound.run.compare(kinds[is], ...size, ...u, ...v, y),
    );
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
