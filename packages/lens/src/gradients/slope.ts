/** The slope of a function along a direction, computed in two ways: from its gradient, and from its values on both sides. */

import type { RandomKey } from '@keepprob/core';
import { normalNoise } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { type Derivative, derivative, STENCIL } from './derivative.ts';

/** Length of the tensor measured along one direction: the slope from the gradient, its usual size, and f at each point of the stencil. */
export const MEASURED: number = 2 + STENCIL.length;

/** Step per point of the stencil, relative to the size of the moved tensors: the whole stencil moves them by 5 %. */
export const STEP = 2 ** -7;

export interface Slope {
  readonly step: number;
  readonly analytic: number;
  readonly numeric: Derivative;
  /** |analytic − numeric| / the largest of the two and the usual size of slopes of this gradient. */
  readonly relativeError: number;
  /** Five times the error of `numeric`, in the same unit, plus the uncertainty from a kink at the point. */
  readonly noise: number;
}

/** Relative errors below this are ignored. */
const TOLERANCE = 0.01;
/** Noise above this hides the errors of interest, of a tenth for example. */
const RESOLVED = 0.05;
/** The number of standard errors that a sound gradient does not exceed: t₄ > 5 in 4 of 1,000 cases, and in doubt the slope is measured again with another step. */
const SIGMAS = 5;

export type SlopeVerdict = 'sound' | 'wrong' | 'unresolved';

function verdictOf({ relativeError, noise }: Slope): SlopeVerdict {
  if (!(relativeError <= TOLERANCE + noise)) return 'wrong';
  return noise <= RESOLVED ? 'sound' : 'unresolved';
}

/**
 * Combines several step sizes. Sound at one step size is enough for `sound`, since kinks of ReLU may bend the slope at another. `wrong` takes two step sizes,
 * the smallest with that verdict, which must agree on the slope: kinks bend it differently at each.
 */
export function decide(slopes: readonly Slope[]): Slope & { readonly verdict: SlopeVerdict } {
  const clearest = [...slopes].sort((a, b) => a.noise - b.noise) as [Slope, ...Slope[]];
  const sound = clearest.find(slope => verdictOf(slope) === 'sound');
  if (sound) return { ...sound, verdict: 'sound' };
  const [near, far] = slopes.filter(slope => verdictOf(slope) === 'wrong').sort((a, b) => a.step - b.step);
  if (near && far && !apart(near, far)) return { ...near, verdict: 'wrong' };
  return { ...clearest[0], verdict: 'unresolved' };
}

function apart(a: Slope, b: Slope): boolean {
  const size = Math.max(Math.abs(a.numeric.value), Math.abs(b.numeric.value), Number.MIN_VALUE);
  return Math.abs(a.numeric.value - b.numeric.value) > (TOLERANCE + a.noise + b.noise) * size;
}

/** @param measured the result of `measure` */
export function slopeOf(measured: ArrayLike<number>, step: number): Slope {
  const [analytic, usual, ...values] = Array.from(measured) as [number, number, ...number[]];
  const numeric = derivative(values, step);
  const size = Math.max(Math.abs(analytic), Math.abs(numeric.value), usual, Number.MIN_VALUE);
  return {
    step,
    analytic,
    numeric,
    relativeError: Math.abs(analytic - numeric.value) / size,
    noise: (SIGMAS * numeric.error + numeric.kink) / size,
  };
}

/** The point, with each value moved up or down by a step of the stencil: the smaller steps do not reach back. */
export function nudged(point: tf.Tensor, key: RandomKey): tf.Tensor {
  const size = sizeOf(point);
  return tf.add(point, tf.mul(tf.sign(normalNoise(point.shape, key)), tf.mul(size, STEP)));
}

/** The direction to move in from a point: along the gradient, or random. */
export type Direction = 'gradient' | RandomKey;

/** Lower bound for sizes, since biases start at 0. */
const SMALLEST = 0.05;

const sizeOf = (point: tf.Tensor): tf.Tensor => tf.maximum(tf.sqrt(tf.mean(tf.square(point))), SMALLEST);

/**
 * Measures f around a point, moving `points` together along one direction; each moves by `step` times its size at one point of the stencil.
 * @param f a scalar function of the moved points
 * @param gradients the gradients of f at the points
 */
export function measure(
  f: (moved: readonly tf.Tensor[]) => tf.Tensor,
  points: readonly tf.Tensor[],
  gradients: readonly tf.Tensor[],
  direction: Direction,
  step: number,
): tf.Tensor {
  const sizes = points.map(sizeOf);
  const ways = points.map((_p, i) => tf.mul(way(gradients[i] as tf.Tensor, direction, i), sizes[i] as tf.Tensor));
  const slope = plus(ways.map((d, i) => tf.sum(tf.mul(d, gradients[i] as tf.Tensor))));
  const usual = tf.sqrt(plus(gradients.map((g, i) => tf.square(tf.mul(tf.norm(g), sizes[i] as tf.Tensor)))));
  const values = STENCIL.map(k =>
    tf.tidy(() => f(points.map((p, i) => tf.add(p, tf.mul(ways[i] as tf.Tensor, k * step))))),
  );
  return tf.stack([slope, usual, ...values].map(t => tf.cast(t, 'float32')));
}

const plus = (scalars: readonly tf.Tensor[]): tf.Tensor => scalars.reduce((sum, s) => tf.add(sum, s));

/** A direction whose components have mean square 1. If the gradient is 0, any direction will do. */
function way(gradient: tf.Tensor, direction: Direction, index: number): tf.Tensor {
  if (direction !== 'gradient') return normalNoise(gradient.shape, { ...direction, draw: index });
  const rms = tf.sqrt(tf.mean(tf.square(gradient)));
  return tf.where(tf.greater(rms, 0), tf.div(gradient, tf.maximum(rms, 1e-30)), tf.onesLike(gradient));
}
