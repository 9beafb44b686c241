import type { Gradients, Weight } from '@keepprob/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** A clipped step that leaves out the biases is none, so all weights by default. */
export const all = (): boolean => true;

/** All gradients, those of the given weights changed by `f`. */
export function every(
  gradients: Gradients,
  weights: readonly Weight[],
  f: (gradient: Tensor, weight: Weight) => Tensor,
): Gradients {
  const changed = new Map(gradients);
  for (const weight of weights) {
    const gradient = gradients.get(weight.path);
    if (gradient) changed.set(weight.path, f(gradient, weight));
  }
  return changed;
}
