/** What dropout must give, from the bits that the CPU draws. */
import { type Draw, keepBits, keepScale } from '@keepprob/core/random';
import * as tf from '@tensorflow/tfjs-core';

/** keep ? x × scale : 0 in float32, element by element, with dimensions of 1 of the noise repeated. */
export function dropped(x: ArrayLike<number>, shape: readonly number[], draw: Draw): Float32Array {
  const { noiseShape, keepProb, key, rows } = draw;
  const bits = keepBits(noiseShape, keepProb, key, rows);
  const scale = keepScale(keepProb);
  return Float32Array.from({ length: x.length }, (_, e) => {
    let rest = e;
    let at = 0;
    let stride = 1;
    for (let d = shape.length - 1; d >= 0; d--) {
      if (noiseShape[d] !== 1) at += stride * (rest % shape[d]!);
      stride *= noiseShape[d]!;
      rest = Math.floor(rest / shape[d]!);
    }
    return bits[at] ? x[e]! * scale : 0;
  });
}

/** Index of the first value that is not the same number, NaN and the sign of 0 included; −1 if there is none. */
export const firstDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a.length === b.length ? Array.from(a).findIndex((value, i) => !Object.is(value, b[i])) : Math.min(a.length, b.length);

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** 1, 2, 3, …: none of them 0, so that what is 0 was dropped. */
export const counting = (shape: readonly number[]): Float32Array =>
  Float32Array.from({ length: sizeOf(shape) }, (_, i) => i + 1);

interface Uploads {
  uploadToGPU(dataId: object): void;
}

/** The ways in which a tensor can lie on a backend when dropout gets it. */
export const layouts: Record<string, Record<string, (values: Float32Array, shape: number[]) => tf.Tensor>> = {
  webgl: {
    'not uploaded': (values, shape) => tf.tensor(values, shape, 'float32'),
    packed: (values, shape) => tf.tidy(() => tf.mul(tf.tensor(values, shape, 'float32'), 1)),
    'packed in another shape': (values, shape) =>
      tf.tidy(() => tf.reshape(tf.mul(tf.tensor(values, [values.length], 'float32'), 1), shape)),
    unpacked: (values, shape) => {
      const x = tf.tensor(values, shape, 'float32');
      (tf.backend() as unknown as Uploads).uploadToGPU(x.dataId);
      return x;
    },
    'a slice of an unpacked one': (values, shape) =>
      tf.tidy(() => {
        const whole = tf.tensor(Float32Array.from([-1, -2, -3, ...values, -4]), [values.length + 4], 'float32');
        (tf.backend() as unknown as Uploads).uploadToGPU(whole.dataId);
        return tf.reshape(tf.slice(whole, [3], [values.length]), shape);
      }),
  },
  webgpu: {
    'not uploaded': (values, shape) => tf.tensor(values, shape, 'float32'),
    uploaded: (values, shape) => tf.tidy(() => tf.mul(tf.tensor(values, shape, 'float32'), 1)),
  },
};
