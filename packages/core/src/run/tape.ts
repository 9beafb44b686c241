/**
 * The tape of TF.js. A marked seam: read in tfjs-core 4.22, `Engine.gradients`, which disposes the tensors saved on its tape at the end of the backward
 * pass, but not when an operation without a gradient throws an error during that pass.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Disposes the tape of a failed gradient; if it is inside another gradient, it is disposed with that one. */
export function dropTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0) return;
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved);
  state.activeTape = [];
}

/**
 * Whether operations are recorded for differentiation: inside the function of a gradient, but outside kernels. The gradient of a `customGrad` checks it
 * before it runs a kernel that has no gradient, or uses values from the forward pass.
 * @example
 * isTaped(); // false
 */
export function isTaped(): boolean {
  const { gradientDepth, kernelDepth } = tf.engine().state;
  return gradientDepth > 0 && kernelDepth === 0;
}
