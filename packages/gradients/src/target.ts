import { type Gradients, type Option, option, type Weight } from '@keepprob/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** Which weights a plugin acts on. */
export type WeightFilter = (weight: Weight) => boolean;

/** All of them, by default: a clipped step that leaves out the biases is none. */
export const where: Option<WeightFilter> = option.fn<WeightFilter>({ fallback: () => true });

/** All gradients, those of the given weights changed by `f`. */
export function every(
  gradients: Gradients,
  weights: readonly Weight[],
  f: (gradient: Tensor, weight: Weight) => Tensor,
): Gradients {
  const changed = new Map(gradients);
  for (const weight of weights) changed.set(weight.path, f(gradients.get(weight.path)!, weight));
  return changed;
}
