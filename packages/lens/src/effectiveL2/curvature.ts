/**
 * Losses for the second-order theory: the loss of each row, and a root S of the Hessian H = S Sᵀ of that loss with respect to the model's output; for
 * probabilities, the root that softmax or sigmoid pulls back to the H of the logits.
 *
 *     squared error, mean over K outputs          H = (2/K) I                 S = √(2/K) I
 *     softmax, cross-entropy                      H = diag(π) − ππᵀ           S = diag(1/√π) at π;   (I − π1ᵀ) diag(√π) at the logits
 *     K sigmoids, mean of the cross-entropies     H = diag(μ(1 − μ))/K        S = diag(1/√(K μ(1 − μ))) at μ;   diag(√(μ(1 − μ)/K)) at the logits
 */
import { DataError, OptionError } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { lastActivation, lossToUse } from '../model/lossToUse.ts';
import { lastSize } from '../model/shape.ts';

/** The losses whose curvature is known. */
export type LossName =
  | 'meanSquaredError'
  | 'categoricalCrossentropy'
  | 'sparseCategoricalCrossentropy'
  | 'binaryCrossentropy'
  | 'softmaxCrossEntropy'
  | 'sigmoidCrossEntropy';

export interface Loss {
  readonly name: LossName;
  /** Activations of the output for which the loss is quadratic (squared error) or convex in the output of the last matrix. */
  readonly link: readonly string[];
  /** Loss of each row, shape [rows]. Labels are those of `labelsFor`. */
  perRow(labels: tf.Tensor, output: tf.Tensor): tf.Tensor;
  /** S r at each position of this output, for r of the same shape. */
  root(output: tf.Tensor, r: tf.Tensor): tf.Tensor;
}

/** Keras clips probabilities here before it takes logarithms. */
const EPSILON = 1e-7;

/** Mean over all axes but the first. */
const rowMean = (t: tf.Tensor): tf.Tensor => {
  const axes = t.shape.map((_, axis) => axis).slice(1);
  return axes.length ? tf.mean(t, axes) : t;
};
/** 1/√v, and 0 where v is 0: there the activation's derivative is 0 as well. */
const inverseRoot = (v: tf.Tensor): tf.Tensor =>
  tf.where(tf.greater(v, 0), tf.rsqrt(tf.maximum(v, 1e-37)), tf.zerosLike(v));
const crossEntropy = (labels: tf.Tensor, probabilities: tf.Tensor): tf.Tensor =>
  tf.neg(tf.sum(tf.mul(labels, tf.log(tf.clipByValue(probabilities, EPSILON, 1))), -1));
const variance = (mu: tf.Tensor): tf.Tensor => tf.mul(mu, tf.sub(1, mu));

const losses: Readonly<Record<Exclude<LossName, 'sparseCategoricalCrossentropy'>, Omit<Loss, 'name'>>> = {
  meanSquaredError: {
    link: ['linear'],
    perRow: (y, output) => rowMean(tf.squaredDifference(y, output)),
    root: (output, r) => tf.mul(r, Math.sqrt(2 / lastSize(output))),
  },
  categoricalCrossentropy: {
    link: ['softmax', 'Softmax'],
    perRow: (y, output) => rowMean(crossEntropy(y, output)),
    root: (output, r) => tf.mul(r, inverseRoot(output)),
  },
  softmaxCrossEntropy: {
    link: ['linear'],
    perRow: (y, output) => rowMean(tf.neg(tf.sum(tf.mul(y, tf.logSoftmax(output)), -1))),
    root(output, r) {
      const pi = tf.softmax(output);
      const scaled = tf.mul(r, tf.sqrt(pi));
      return tf.sub(scaled, tf.mul(pi, tf.sum(scaled, -1, true)));
    },
  },
  binaryCrossentropy: {
    link: ['sigmoid'],
    perRow(y, output) {
      const mu = tf.clipByValue(output, EPSILON, 1 - EPSILON);
      const both = tf.add(tf.mul(y, tf.log(mu)), tf.mul(tf.sub(1, y), tf.log(tf.sub(1, mu))));
      return rowMean(tf.neg(both));
    },
    root: (output, r) => tf.mul(r, tf.div(inverseRoot(variance(output)), Math.sqrt(lastSize(output)))),
  },
  sigmoidCrossEntropy: {
    link: ['linear'],
    perRow: (y, output) => rowMean(tf.sub(tf.softplus(output), tf.mul(y, output))),
    root: (output, r) => tf.mul(r, tf.sqrt(tf.div(variance(tf.sigmoid(output)), lastSize(output)))),
  },
};

export const lossNames: readonly LossName[] = [
  ...(Object.keys(losses) as (keyof typeof losses)[]),
  'sparseCategoricalCrossentropy',
];

/**
 * The loss `asked` for, or else that of `lossToUse`.
 * @throws OptionError for a loss that is not known here, or one that takes probabilities if the output does not give them
 */
export function lossOf(owner: string, model: LayersModel, asked: LossName | null): Loss {
  const name = lossToUse(owner, model, asked);
  const ending = lastActivation(model);
  if (!lossNames.includes(name as LossName)) {
    throw OptionError.of(owner, 'loss', `one of ${lossNames.join(', ')}`, name);
  }
  const key = name === 'sparseCategoricalCrossentropy' ? 'categoricalCrossentropy' : (name as keyof typeof losses);
  const loss: Loss = { name: name as LossName, ...losses[key] };
  if (['categoricalCrossentropy', 'binaryCrossentropy'].includes(key) && !loss.link.includes(ending)) {
    throw OptionError.of(owner, 'loss', `a loss that matches an output with activation ${ending}`, name);
  }
  return loss;
}

/**
 * Labels in the shape of the output: [rows] becomes [rows, 1]; for softmax, integer classes become one-hot rows.
 * @throws DataError for labels of another shape, or classes that the output does not have
 */
export async function labelsFor(
  owner: string,
  { name }: Loss,
  labels: tf.Tensor,
  output: readonly number[],
): Promise<tf.Tensor> {
  const classes = lastSize({ shape: output });
  const same = (shape: readonly number[]): boolean =>
    shape.length === labels.rank && shape.every((n, i) => n === labels.shape[i]);
  const flat = same(output.slice(0, -1)) || same([...output.slice(0, -1), 1]);
  const sparse = name.startsWith('sparse') || name.startsWith('categorical') || name.startsWith('softmax');
  if (flat && sparse && !(classes === 1)) {
    const values = await labels.data();
    const bad = values.find(k => !(Number.isInteger(k) && k >= 0 && k < classes));
    if (bad !== undefined) throw DataError.of(`${owner}: y`, `classes 0 … ${classes - 1}`, String(bad));
    // not tf.oneHot: on wasm (4.22) it writes integers into a tensor that it calls float32
    const oneHot = new Float32Array(values.length * classes);
    for (const [i, k] of values.entries()) oneHot[i * classes + k] = 1;
    return tf.tensor(oneHot, [...output]);
  }
  if (same(output) || (flat && classes === 1))
    return tf.tidy(() => tf.cast(tf.reshape(labels, [...output]), 'float32'));
  throw DataError.of(`${owner}: y`, `shape [${output}]${sparse ? ', or a class for each' : ''}`, `[${labels.shape}]`);
}
