import type { Tensor } from '@tensorflow/tfjs-core';
import { READ_KERNEL, runExtraKernel } from '../kernels.ts';

/**
 * Writes the numbers of a tensor to the beginning of `to`, which may be shared memory, without an intermediate copy if the backend supports it.
 * @example
 * const to = new Float32Array(3);
 * readInto(tf.tensor1d([1, 2]), to);
 * [...to]; // [1, 2, 0]
 */
export function readInto(x: Tensor, to: Float32Array): void {
  if (x.dtype !== 'float32' || !runExtraKernel<Tensor[]>(READ_KERNEL, { x }, { to })) to.set(x.dataSync());
}
