/** Problems whose answer is known: who made them knows what is learnable, and has rows without end. */
import { normals, uniforms } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs';

export interface Rows {
  readonly x: { readonly data: Float32Array; readonly shape: readonly [number, number] };
  readonly y: { readonly data: Float32Array; readonly shape: readonly [number, number] };
}

export interface Problem {
  readonly dims: number;
  /** Of the row: which class it is. */
  readonly rule: (x: Float32Array) => boolean;
  /** Rows nearer to the boundary than this are not drawn. */
  readonly margin?: (x: Float32Array) => boolean;
  /** Share of labels that are turned around. */
  readonly noise?: number;
}

/** Rows of a problem; another stream, other rows. */
export function rowsOf({ dims, rule, margin = () => true, noise = 0 }: Problem, count: number, seed: number): Rows {
  const [x, y] = [new Float32Array(count * dims), new Float32Array(count)];
  for (let i = 0, step = 0; i < count; step++) {
    const key = { seed, step, site: 0, draw: 0 };
    const row = Float32Array.from(normals(key, dims));
    if (!margin(row)) continue;
    x.set(row, i * dims);
    const turned = (uniforms({ ...key, draw: 1 }, 1)[0] as number) < noise;
    y[i++] = Number(rule(row) !== turned);
  }
  return { x: { data: x, shape: [count, dims] }, y: { data: y, shape: [count, 1] } };
}

const sum = (x: Float32Array): number => x.reduce((a, b) => a + b, 0) / Math.sqrt(x.length);
/** A straight boundary. */
export const straight = (dims: number, more: Partial<Problem> = {}): Problem => ({
  dims,
  rule: x => sum(x) > 0,
  ...more,
});
/** No straight boundary does better than a guess. */
export const crossed = (more: Partial<Problem> = {}): Problem => ({ dims: 2, rule: x => x[0]! * x[1]! > 0, ...more });
export const apart =
  (by: number) =>
  (x: Float32Array): boolean =>
    Math.abs(sum(x)) > by;

/** dims-hidden-1, or dims-1; the same weights from the same seed. */
export function network(dims: number, hidden: number, seed: number): tf.LayersModel {
  const glorot = (at: number) => ({ kernelInitializer: tf.initializers.glorotUniform({ seed: 10 * seed + at + 1 }) });
  const out = { units: 1, activation: 'sigmoid', name: 'out', ...glorot(1) } as const;
  if (!hidden) return tf.sequential({ layers: [tf.layers.dense({ ...out, inputShape: [dims] })] });
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: hidden, activation: 'relu', inputShape: [dims], name: 'hidden', ...glorot(0) }),
      tf.layers.dense(out),
    ],
  });
}
