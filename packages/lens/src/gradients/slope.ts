/** Two ways to the slope of a function along a direction: its gradient, and its values on both sides. */

import type { RandomKey } from '@keepprob/core';
import { normalNoise } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';
import { type Derivative, derivative, STENCIL } from './derivative.ts';

/** What is to be compared along one direction, as one tensor: the slope by the gradient, its usual size, f at each point of the stencil. */
export const MEASURED: number = 2 + STENCIL.length;

/** Of the size of what is moved, for one point of the stencil: all of it moves by 5 %. */
export const STEP = 2 ** -7;

export interface Slope {
  readonly step: number;
  readonly analytic: number;
  readonly numeric: Derivative;
  /** |analytic − numeric| / the largest of the two and of the usual size of slopes of this gradient. */
  readonly relativeError: number;
  /** The error of `numeric` in the same unit, times 5, and what a kink at the point leaves open. */
  readonly noise: number;
}

/** Relative errors below this are taken for none. */
const TOLERANCE = 0.01;
/** Noise above this hides what is looked for: a tenth, say. */
const RESOLVED = 0.05;
/** Standard errors that nothing sound exceeds: t₄ > 5 in 4 of 1,000 cases, and in doubt the question is asked again at another step. */
const SIGMAS = 5;

export type SlopeVerdict = 'sound' | 'wrong' | 'unresolved';

function verdictOf({ relativeError, noise }: Slope): SlopeVerdict {
  if (!(relativeError <= TOLERANCE + noise)) return 'wrong';
  return noise <= RESOLVED ? 'sound' : 'unresolved';
}

/**
 * What several step sizes say together. Sound at one is sound: kinks of ReLU bend the slopes at another. Wrong takes two, the smallest that say so, and that
 * they agree on the slope: kinks bend it differently at each.
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

/** @param measured what `measure` gave */
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

/** The point, each number of it moved up or down by a step of the stencil: the smaller steps do not reach back. */
export function nudged(point: tf.Tensor, key: RandomKey): tf.Tensor {
  const size = sizeOf(point);
  return tf.add(point, tf.mul(tf.sign(normalNoise(point.shape, key)), tf.mul(size, STEP)));
}

/** Where to go from a point: along the gradient, or anywhere. */
export type Direction = 'gradient' | RandomKey;

/** Sizes below this are taken for this: biases start at 0. */
const SMALLEST = 0.05;

const sizeOf = (point: tf.Tensor): tf.Tensor => tf.maximum(tf.sqrt(tf.mean(tf.square(point))), SMALLEST);

/**
 * Measures f around a point, moving `points` together along one direction; each moves by `step` times its size at one point of the stencil.
 * @param f scalar, of moved points
 * @param gradients of f at the points
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

/** A direction whose components have mean square 1. A gradient of 0 leads nowhere, so any direction will do. */
function way(gradient: tf.Tensor, direction: Direction, index: number): tf.Tensor {
  if (direction !== 'gradient') return normalNoise(gradient.shape, { ...direction, draw: index });
  const rms = tf.sqrt(tf.mean(tf.square(gradient)));
  return tf.where(tf.greater(rms, 0), tf.div(gradient, tf.maximum(rms, 1e-30)), tf.onesLike(gradient));
}
