/**
 * WebGL textures with 16 bits per number, on devices that cannot render to float32. Numbers below 6e-8 are 0 there, and numbers above 65,504 are not finite.
 * A marked seam: in tfjs-backend-webgl 4.22 `floatPrecision()` returns 16 if textures have 32 bits and 32 if they have 16, so its values 1e-4 and 1e-7 of ε
 * are swapped.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as messages from '../options/messages.ts';

/** The ε that TF.js adds to denominators in half precision. */
const EPSILON = 1e-4;

/** Whether the backend in use computes in half precision. */
export const hasHalfPrecision = (): boolean =>
  tf.getBackend() === 'webgl' && !tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');

/**
 * Raises the ε of an optimizer if it would underflow to 0: squares of gradients underflow as well, and the update would be divided by 0.
 * @param warn called with a message if ε is raised
 */
export function liftEpsilon(optimizer: tf.Optimizer, warn: (message: string) => void = console.warn): void {
  if (!hasHalfPrecision() || !('epsilon' in optimizer)) return;
  const { epsilon } = optimizer;
  if (typeof epsilon !== 'number' || epsilon >= EPSILON) return;
  optimizer.epsilon = EPSILON;
  warn(messages.epsilonVanishes(optimizer.getClassName(), epsilon, EPSILON));
}
