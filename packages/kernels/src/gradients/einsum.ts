/**
 * The gradient of Einsum, which TF.js has on no backend: for each operand, dy times the other one, summed over the letters that the operand does not have.
 * With y[ac] = Σ_b x[ab] w[bc], dx[ab] = Σ_c dy[ac] w[bc].
 */
import * as tf from '@tensorflow/tfjs-core';
import * as messages from '../messages.ts';

/** A letter for each axis of each operand and of the result. */
export interface Equation {
  readonly terms: readonly string[];
  readonly result: string;
}

/** Parses an equation. TF.js has already checked that there are one or two operands, and no letter occurs twice in one of them. */
export function equationOf(equation: string): Equation {
  const [left = '', result = ''] = equation.replace(/\s/g, '').split('->');
  if (new Set(result).size < result.length) throw new TypeError(messages.einsumTwice(equation));
  return { terms: left.split(','), result };
}

/** The letters of `of` that occur in one of the others. */
export const shared = (of: string, ...others: readonly string[]): string =>
  [...of].filter(letter => others.some(other => other.includes(letter))).join('');

/** x, whose axes are `term`, summed over the letters that are not in `result`, in the order of `result`. */
function arranged(x: tf.Tensor, term: string, result: string): tf.Tensor {
  const axes = [...term].flatMap((letter, axis) => (result.includes(letter) ? [] : [axis]));
  const summed = axes.length > 0 ? tf.sum(x, axes) : x;
  const left = shared(term, result);
  return left === result
    ? summed
    : tf.transpose(
        summed,
        [...result].map(letter => left.indexOf(letter)),
      );
}

/** Σ dy · other over the letters that are not in `result`. */
function product(dy: tf.Tensor, ofDy: string, other: tf.Tensor, ofOther: string, result: string): tf.Tensor {
  const used = shared(ofOther, ofDy, result);
  const whole = arranged(other, ofOther, used);
  if (used === '') return tf.mul(arranged(dy, ofDy, result), whole);
  if (ofDy === '') return tf.mul(dy, arranged(whole, used, result));
  return tf.einsum(`${ofDy},${used}->${result}`, dy, whole);
}

/** The gradient with respect to x, whose axes are `term`. It is constant along axes that only x has and that are summed over. */
function byOperand(
  dy: tf.Tensor,
  x: tf.Tensor,
  term: string,
  result: string,
  other?: tf.Tensor,
  ofOther = '',
): tf.Tensor {
  const kept = shared(term, result, ofOther);
  const dx = other ? product(dy, result, other, ofOther, kept) : arranged(dy, result, kept);
  if (kept === term) return dx;
  const shape = [...term].map((letter, axis) => (kept.includes(letter) ? (x.shape[axis] ?? 1) : 1));
  return tf.broadcastTo(tf.reshape(dx, shape), x.shape);
}

export const einsum: tf.GradConfig = {
  kernelName: tf.Einsum,
  saveAllInputs: true,
  gradFunc(dy, [a, b], attrs) {
    const { terms, result } = equationOf(String(attrs.equation));
    const [ofA = '', ofB = ''] = terms;
    if (Array.isArray(dy) || !a) throw new TypeError('Einsum has one result, and one operand or two.');
    const gradients = { 0: () => byOperand(dy, a, ofA, result, b, ofB) };
    return b ? { ...gradients, 1: () => byOperand(dy, b, ofB, result, a, ofA) } : gradients;
  },
};
