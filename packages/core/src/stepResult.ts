/** The result of a step as a thing that holds tensors. */
import { type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { StepResult } from './contract.ts';

/** Every tensor of it. */
export const stepTensors = ({ loss, penalty, cost, metrics, gradients }: StepResult): Tensor[] => [
  loss,
  penalty,
  cost,
  ...Object.values(metrics),
  ...gradients.values(),
];

/** A tidy that lets go of everything but the result. */
export function tidyStep(f: () => StepResult): StepResult {
  let result: StepResult | undefined;
  tidy(() => {
    result = f();
    return stepTensors(result);
  });
  return result!;
}
