/** The result of a step as a thing that holds tensors. */
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';
import type { StepResult } from '../contract.ts';
import { tidied } from './tidied.ts';

/** Every tensor of it. */
export const stepTensors = ({ loss, penalty, cost, metrics, gradients, counted }: StepResult): Tensor[] => [
  loss,
  penalty,
  cost,
  ...Object.values(metrics),
  ...gradients.values(),
  ...(counted ? [counted] : []),
];

/** The result with other tensors in it: `f` is called in the order of `stepTensors`. */
export const mapStep = (step: StepResult, f: (tensor: Tensor) => Tensor): StepResult => ({
  loss: f(step.loss) as Scalar,
  penalty: f(step.penalty) as Scalar,
  cost: f(step.cost) as Scalar,
  metrics: Object.fromEntries(Object.entries(step.metrics).map(([name, metric]) => [name, f(metric)])),
  gradients: new Map([...step.gradients].map(([path, gradient]) => [path, f(gradient)])),
  l2: step.l2,
  counted: step.counted && f(step.counted),
});

/** A tidy that lets go of everything but the result. */
export const tidyStep = (f: () => StepResult): StepResult => tidied(f, stepTensors);
