/** The tensors in the result of a step. */
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { StepResult } from '../contract.ts';
import { tidied } from './tidied.ts';

/**
 * Every tensor of a result.
 * @example
 * const step = { loss: tf.scalar(1), penalty: tf.scalar(2), cost: tf.scalar(3), metrics: {}, gradients: new Map(), l2: new Map() };
 * stepTensors(step).length; // 3
 */
export const stepTensors = ({ loss, penalty, cost, metrics, gradients, counted }: StepResult): Tensor[] => [
  loss,
  penalty,
  cost,
  ...Object.values(metrics),
  ...gradients.values(),
  ...(counted ? [counted] : []),
];

/**
 * The result with every tensor replaced by `f` of it, in the order of `stepTensors`.
 * @example
 * const step = { loss: tf.scalar(1), penalty: tf.scalar(2), cost: tf.scalar(3), metrics: {}, gradients: new Map(), l2: new Map() };
 * mapStep(step, tensor => tf.mul(tensor, 2)).cost; // 6
 */
export const mapStep = (step: StepResult, f: (tensor: Tensor) => Tensor): StepResult => ({
  loss: f(step.loss) as Scalar,
  penalty: f(step.penalty) as Scalar,
  cost: f(step.cost) as Scalar,
  metrics: Object.fromEntries(Object.entries(step.metrics).map(([name, metric]) => [name, f(metric)])),
  gradients: new Map([...step.gradients].map(([path, gradient]) => [path, f(gradient)])),
  l2: step.l2,
  counted: step.counted && f(step.counted),
});

/**
 * Runs `f` inside a tidy that disposes every tensor except those of the result.
 * @example
 * const step = { loss: tf.scalar(1), penalty: tf.scalar(2), cost: tf.scalar(3), metrics: {}, gradients: new Map(), l2: new Map() };
 * tidyStep(() => mapStep(step, tensor => tf.add(tf.mul(tensor, 2), 1))).cost; // 7
 */
export const tidyStep = (f: () => StepResult): StepResult => tidied(f, stepTensors);
