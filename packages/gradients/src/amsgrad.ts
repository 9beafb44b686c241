import * as tf from '@tensorflow/tfjs-core';
import { AmsgradOptimizer, type AmsgradOptions } from './amsgradOptimizer.ts';

export type { AmsgradOptions };

/**
 * AMSGrad (Reddi, Kale & Kumar 2018), as PyTorch's `Adam(amsgrad=True)`: Adam whose steps are divided by the largest mean of squares so far, so that the rate of a
 * weight never grows again. With g the gradient, at update t = 1, 2, …:
 *
 *     m ← β₁ m + (1 − β₁) g    v ← β₂ v + (1 − β₂) g²    v̂ ← max(v̂, v)
 *     w ← w − η m / (1 − β₁ᵗ) / (√(v̂ / (1 − β₂ᵗ)) + ε)
 *
 * An optimizer, for `fit`, `attach`, `trainingLoop` and stock `model.compile`. It remembers a third tensor for each weight, and runs as operations where Adam is one
 * kernel. Schedules, decoupled weight decay and exact resume work as with Adam. A model that was saved with it loads once `amsgrad` was called.
 * @example
 * const reg = attach(model, amsgrad({ learningRate: 1e-3 }), weightDecay(1e-2));
 * model.compile({ optimizer: reg.optimizer, loss: 'categoricalCrossentropy' });
 * @throws OptionError for a value out of range
 */
export function amsgrad(options: AmsgradOptions = {}): tf.Optimizer {
  tf.serialization.registerClass(AmsgradOptimizer);
  return new AmsgradOptimizer(options);
}
