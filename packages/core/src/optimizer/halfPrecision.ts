/**
 * WebGL textures of 16 bits a number: devices that cannot render to float32. What is below 6e-8 is 0 there, and what is above 65,504 is not finite. A marked seam:
 * in tfjs-backend-webgl 4.22 `floatPrecision()` says 16 where textures have 32 bits and 32 where they have 16, so its ε is 1e-4 and 1e-7 the wrong way round.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as messages from '../options/messages.ts';

/** What TF.js adds to denominators in half precision. */
const EPSILON = 1e-4;

/** Whether the backend in use computes in half precision. */
export const hasHalfPrecision = (): boolean =>
  tf.getBackend() === 'webgl' && !tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED');

/**
 * Lifts the ε of an optimizer that would vanish: squares of gradients do as well, and the update would be divided by 0.
 * @param warn told when it does
 */
export function liftEpsilon(optimizer: tf.Optimizer, warn: (message: string) => void = console.warn): void {
  if (!hasHalfPrecision() || !('epsilon' in optimizer)) return;
  const { epsilon } = optimizer;
  if (typeof epsilon !== 'number' || epsilon >= EPSILON) return;
  optimizer.epsilon = EPSILON;
  warn(messages.epsilonVanishes(optimizer.getClassName(), epsilon, EPSILON));
}
