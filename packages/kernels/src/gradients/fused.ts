/** Extra kernels that a backend may have: several operations, or their gradient, in one pass. */
import * as tf from '@tensorflow/tfjs-core';
import type { NormForm } from './normForm.ts';

/** x, gain?, bias? → y, and the mean and variance of x. */
export const NORMALIZE = 'KeepprobNormalize';
export interface NormAttrs extends NormForm {
  readonly epsilon: number;
  /** The shape of the statistics. */
  readonly of: readonly number[];
}
/** dy, x, mean, variance, gain? → the gradients with respect to x, to gain if given, and to a bias of this shape if there is one. */
export const NORMALIZE_GRAD = 'KeepprobNormalizeGrad';
export interface NormGradAttrs extends NormForm {
  readonly epsilon: number;
  readonly biasShape: readonly number[] | undefined;
}

/** dy, x → dx. */
export const RELU_GRAD = 'KeepprobReluGrad';
/** x → y; with slope, x → y and dy / dx. */
export const GELU = 'KeepprobGelu';
export const GELU_WITH_SLOPE = 'KeepprobGeluWithSlope';
export const GELU_NEW = 'KeepprobGeluNew';
export const GELU_NEW_WITH_SLOPE = 'KeepprobGeluNewWithSlope';

/** dy, y → dx, over the last axis. */
export const SOFTMAX_GRAD = 'KeepprobSoftmaxGrad';
/** target, output → loss; and dy, target, output → the gradient with respect to output. */
export const CROSS_ENTROPY = 'KeepprobCrossEntropy';
export const CROSS_ENTROPY_GRAD = 'KeepprobCrossEntropyGrad';

/** Whether the backend in use has this kernel. */
export const has = (kernel: string): boolean => tf.getKernel(kernel, tf.getBackend()) !== undefined;

type Inputs = Readonly<Record<string, tf.Tensor | undefined>>;

/** Runs a kernel on the inputs that are defined. */
export function run<T extends tf.Tensor | tf.Tensor[] = tf.Tensor>(
  kernel: string,
  inputs: Inputs,
  attrs: object = {},
): T {
  const present = Object.fromEntries(Object.entries(inputs).flatMap(([name, t]) => (t ? [[name, t] as const] : [])));
  return tf.engine().runKernel<T>(kernel, present, { ...attrs });
}
