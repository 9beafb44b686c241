/**
 * What TF.js leaves behind where a gradient cannot be taken. A marked seam: read in tfjs-core 4.22, `Engine.gradients`, which lets go of what its tape
 * has saved at the end of the way back, and not when an operation without a gradient throws on that way.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Lets go of the tape of a gradient that failed; one inside another gradient is let go of with that one. */
export function dropTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0) return;
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved);
  state.activeTape = [];
}
