/** Kernels and ops on the backend in use, and beside the cpu backend. */
import * as tf from '@tensorflow/tfjs-core';
import { expect } from 'vitest';
import { onCpu } from './builds.ts';
import { type Exact, expectWithin, floats, forwardBound, sizeOf } from './numbers.ts';

/** A kernel's result on the backend in use. */
export const run = (
  name: string,
  inputs: Readonly<Record<string, readonly [Float32Array, readonly number[]]>>,
  attrs: tf.NamedAttrMap,
) =>
  tf.tidy(() => {
    const tensors = Object.entries(inputs).map(([key, [values, shape]]) => [key, tf.tensor(values, [...shape])]);
    return tf.engine().runKernel(name, Object.fromEntries(tensors), attrs) as tf.Tensor;
  });

/** Sums over sums, of results that are wrong by themselves, on two backends: 2 · (terms + 2) roundings of Σ |term|. */
export const ofBoth = (terms: number, size: number): number => 2 * forwardBound(terms, size);

/**
 * What our kernels give for `f`, against the cpu backend: f(absolute) → one array of results each, computed from absolute values of all
 * numbers where `absolute`. f is linear in each of its inputs, so those are the sums of the absolute values of its terms.
 */
export function expectAsOnCpu(f: (absolute: boolean) => Float32Array[], terms: number): void {
  const [actual, value, size] = [f(false), onCpu(() => f(false)), onCpu(() => f(true))] as const;
  expect(actual.length).toBe(value.length);
  actual.forEach((values, i) => {
    const exact: Exact = {
      value: Float64Array.from(value[i]!),
      size: Float64Array.from(size[i]!),
      terms: new Float64Array(values.length).fill(terms),
    };
    expectWithin(values, exact, ofBoth);
  });
}

/** Gradients of Σ f(inputs) · dy by all inputs, and f(inputs), for numbers from this seed. */
export const valueAndGradients =
  (shapes: readonly (readonly number[])[], seed: number, f: (...inputs: tf.Tensor[]) => tf.Tensor) =>
  (absolute: boolean): Float32Array[] => {
    const made: tf.Tensor[] = [];
    return tf.tidy(() => {
      const tensor = (shape: readonly number[], of: number): tf.Tensor => {
        const values = floats(sizeOf(shape), seed + of);
        const result = tf.tensor(absolute ? values.map(Math.abs) : values, [...shape]);
        made.push(result);
        return result;
      };
      const inputs = shapes.map(tensor);
      const y = f(...inputs);
      const dy = tensor(y.shape, shapes.length);
      const gradients = tf.grads((...xs: tf.Tensor[]) => tf.sum(tf.mul(f(...xs), dy)))(inputs);
      return [y, ...gradients].map(t => t.dataSync<'float32'>());
    });
  };
