/**
 * The tape of TF.js. A marked seam: read in tfjs-core 4.22, `Engine.gradients`, which lets go of what its tape has saved at the end of the way back, and not when an
 * operation without a gradient throws on that way.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Lets go of the tape of a gradient that failed; one inside another gradient is let go of with that one. */
export function dropTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0) return;
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved);
  state.activeTape = [];
}

/**
 * Whether operations are recorded, to be differentiated: inside the function of a gradient that is being taken, outside of kernels. The gradient of a `customGrad` asks for it, where it would
 * otherwise run a kernel that has no gradient, or use what was computed on the way forward.
 * @example
 * isTaped(); // false
 */
export function isTaped(): boolean {
  const { gradientDepth, kernelDepth } = tf.engine().state;
  return gradientDepth > 0 && kernelDepth === 0;
}
