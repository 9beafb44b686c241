import type { Moment } from '@keepprob/core';
import type * as tf from '@tensorflow/tfjs';

/** A training call. */
export const train = (layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor =>
  layer.apply(x, { training: true }) as tf.Tensor;

/** What no layer with keepProb or rate takes. */
export const badKeepProbs = [
  { options: { keepProb: 0 }, option: 'keepProb' },
  { options: { keepProb: 0.5, rate: 0.5 }, option: 'rate' },
  { options: { rate: 1 }, option: 'rate' },
  { options: {}, option: 'keepProb' },
  { options: { keepProb: 0.5, seed: 0.5 }, option: 'seed' },
  { options: 0.5 },
];

/** Update 0 of a run with seed 1, on these rows of its batch. */
export const moment = (rows: readonly [number, number]): Moment =>
  ({ step: 0, rows, key: () => ({ seed: 1, step: 0, site: 0, draw: 0 }) }) as unknown as Moment;

/** Mean, variance and fourth central moment. */
export function momentsOf(values: Float32Array): { mean: number; variance: number; fourth: number } {
  const n = values.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += values[i]! / n;
  let [variance, fourth] = [0, 0];
  for (let i = 0; i < n; i++) {
    const square = (values[i]! - mean) ** 2;
    variance += square / n;
    fourth += square ** 2 / n;
  }
  return { mean, variance, fourth };
}
