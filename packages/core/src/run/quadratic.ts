/** The L2 terms of J: their value, and their gradients where the update does not take them on. */
import * as tf from '@tensorflow/tfjs-core';
import type { Coefficients, Weight } from '../contract.ts';
import { L2_KERNEL, runExtraKernel } from '../kernels.ts';

/** Σ λ Σ w². */
export function l2Value(weights: readonly Weight[], l2: Coefficients): tf.Scalar {
  const terms = weights.flatMap(({ path, variable }) => {
    const lambda = l2.get(path) ?? 0;
    return lambda === 0 ? [] : [{ variable, lambda }];
  });
  const inputs = Object.fromEntries(terms.map(({ variable }, i) => [`w${i}`, variable]));
  const fast = terms.length > 0 && runExtraKernel(L2_KERNEL, inputs, { lambdas: terms.map(t => t.lambda) });
  if (fast) return fast as tf.Scalar;
  return tf.tidy(() =>
    terms
      .map(({ variable, lambda }) => tf.mul<tf.Scalar>(tf.sum(tf.square(variable)), lambda))
      .reduce<tf.Scalar>((sum, term) => tf.add(sum, term), tf.scalar(0)),
  );
}

/** g + 2 λ w, by path. */
export function withL2Gradients(
  gradients: ReadonlyMap<string, tf.Tensor>,
  weights: readonly Weight[],
  l2: Coefficients,
): ReadonlyMap<string, tf.Tensor> {
  const variables = new Map(weights.map(w => [w.path, w.variable]));
  return new Map(
    [...gradients].map(([path, gradient]) => {
      const lambda = l2.get(path) ?? 0;
      return [path, lambda === 0 ? gradient : tf.add(gradient, tf.mul(variables.get(path)!, 2 * lambda))];
    }),
  );
}
