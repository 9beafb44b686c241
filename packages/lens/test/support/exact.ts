/** Sums in float64 and layers with known kernels, to hold theory against. */
import * as tf from '@tensorflow/tfjs';
import { expect } from 'vitest';
import type { EffectiveL2 } from '../../src/index.ts';

export const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
export const times = (a: readonly number[], b: readonly number[]): number[] => a.map((v, i) => v * b[i]!);
export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
export const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t));
export const softplus = (t: number): number => Math.log1p(Math.exp(t));
export const relu = (t: number): number => Math.max(0, t);

/** A dense layer with these weights, [inputs][units]. */
export const dense = (
  kernel: number[][],
  activation: 'linear' | 'relu' | 'sigmoid' | 'softmax' = 'linear',
  more = {},
) => tf.layers.dense({ units: kernel[0]!.length, activation, useBias: false, weights: [tf.tensor2d(kernel)], ...more });
export const column = (values: readonly number[]): number[][] => values.map(v => [v]);
export const model = (...layers: tf.layers.Layer[]): tf.Sequential => tf.sequential({ layers });

/** |sampled − exact| within 4 standard errors, and the error small enough that this says something. */
export const agrees = ({ sampled }: Pick<EffectiveL2, 'sampled'>, exact: number): void => {
  expect(Math.abs(sampled.value - exact)).toBeLessThan(4 * sampled.error);
  expect(sampled.error).toBeLessThan(0.1 * Math.abs(exact));
};
