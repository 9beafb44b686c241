/**
 * Activations as one operation with one slope, where TF.js uses many operations. A marked seam: read in tfjs-layers 4.22, where an activation is a class whose
 * `apply` takes a tensor, and where a hard sigmoid is clip(x / 5 + 1/2, 0, 1).
 */

import { isTaped } from '@keepprob/core/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { GELU, GELU_NEW, GELU_NEW_WITH_SLOPE, GELU_WITH_SLOPE, has, run } from './fused.ts';

/** Arguments after x belong to other activations. */
export type Apply = (x: tf.Tensor, ...more: readonly unknown[]) => tf.Tensor;

type Activation = (x: tf.Tensor) => tf.Tensor;

interface Form {
  /** The value that is kept for the gradient, next to x. */
  readonly inner: (x: tf.Tensor) => tf.Tensor;
  readonly value: (x: tf.Tensor, inner: tf.Tensor) => tf.Tensor;
  readonly slope: (x: tf.Tensor, inner: tf.Tensor) => tf.Tensor;
  /** Optional kernels of a backend for y, and for y with its slope in one pass, which share most computations. */
  readonly fused?: readonly [value: string, withSlope: string];
}

/** y = f(x), dx = dy f′(x). If this is differentiated again, the kept value is recomputed from x. */
export const closed =
  (form: Form): Activation =>
  x =>
    form.fused?.every(has) ? byKernels(x, form, form.fused) : byOps(x, form);

function byOps(x: tf.Tensor, { inner, value, slope }: Form): tf.Tensor {
  const op = tf.customGrad((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc;
    const kept = inner(x);
    save([x, kept]);
    return { value: value(x, kept), gradFunc: (dy, [x, kept]) => tf.tidy(() => tf.mul(dy, slopeAt(x, kept))) };
  });
  const slopeAt = (x: tf.Tensor | undefined, kept: tf.Tensor | undefined): tf.Tensor => {
    if (!x || !kept) throw new TypeError('An activation keeps its input and what it computed of it.');
    return slope(x, isTaped() ? inner(x) : kept);
  };
  return op(x);
}

/** Inside the function of a gradient, the slope is computed with the value and kept, so the backward pass is a product. */
function byKernels(x: tf.Tensor, { inner, slope }: Form, [alone, withSlope]: readonly [string, string]): tf.Tensor {
  const op = tf.customGrad((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc;
    const isKept = tf.engine().state.gradientDepth > 0;
    const [value, kept] = isKept ? run<tf.Tensor[]>(withSlope, { x }) : [run(alone, { x })];
    if (!value) throw new TypeError('The kernel of an activation gives its value.');
    save(kept ? [x, kept] : [x]);
    return {
      value,
      gradFunc: (dy, [x, kept]) => {
        if (!x || !kept) throw new TypeError('An activation keeps its input and its slope.');
        return isTaped() ? tf.tidy(() => tf.mul(dy, slope(x, inner(x)))) : tf.mul(dy, kept);
      },
    };
  });
  return op(x);
}

/** x Φ(x), with slope Φ(x) + x φ(x) (Hendrycks & Gimpel, "Gaussian error linear units", 2016). */
const gelu = closed({
  fused: [GELU, GELU_WITH_SLOPE],
  inner: x => tf.mul(0.5, tf.add(1, tf.erf(tf.div(x, Math.SQRT2)))),
  value: (x, cdf) => tf.mul(x, cdf),
  slope: (x, cdf) => tf.add(cdf, tf.mul(x, tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI)))),
});

const [C, K] = [Math.sqrt(2 / Math.PI), 0.044715];

/** x (1 + t) / 2, t = tanh(c (x + k x³)): the approximation in §2 of that paper. Stock computes x³ as a power, whose gradient has a logarithm. */
const geluNew = closed({
  fused: [GELU_NEW, GELU_NEW_WITH_SLOPE],
  inner: x => tf.tanh(tf.mul(x, tf.add(tf.mul(tf.square(x), C * K), C))),
  value: (x, t) => tf.mul(tf.mul(x, 0.5), tf.add(t, 1)),
  slope(x, t) {
    const steep = tf.mul(tf.sub(1, tf.square(t)), tf.add(tf.mul(tf.square(x), 3 * C * K), C));
    return tf.mul(tf.add(tf.add(t, 1), tf.mul(x, steep)), 0.5);
  },
});

/** clip(u, 0, 1) with u = x / 5 + 1/2: dx = dy / 5 where u was not clipped. */
export const hardSigmoid: Activation = x => {
  const op = tf.customGrad((...args) => {
    const save = args.at(-1) as tf.GradSaveFunc;
    const u = tf.add(0.5, tf.mul(0.2, x));
    const value = tf.clipByValue(u, 0, 1);
    save([u, value]);
    // the comparison is locally constant in x, so the two need not be on the tape
    return {
      value,
      gradFunc: (dy, saved) => tf.tidy(() => tf.where(areSame(saved), tf.mul(dy, 0.2), tf.zerosLike(dy))),
    };
  });
  return op(x);
};

function areSame([u, y]: readonly tf.Tensor[]): tf.Tensor {
  if (!u || !y) throw new TypeError('A hard sigmoid keeps what it clips, and its value.');
  return tf.equal(u, y);
}

const forFloats =
  (ours: Activation) =>
  (stock: Apply): Apply =>
    function (this: unknown, x, ...more) {
      const isOurs = x instanceof tf.Tensor && x.dtype === 'float32' && more.length === 0;
      return isOurs ? ours(x) : stock.call(this, x, ...more);
    };

export const activations: Readonly<Record<string, (stock: Apply) => Apply>> = {
  gelu: forFloats(gelu),
  gelu_new: forFloats(geluNew),
  hardSigmoid: forFloats(hardSigmoid),
};
