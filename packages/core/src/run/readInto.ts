import type { Tensor } from '@tensorflow/tfjs-core';
import { READ_KERNEL, runExtraKernel } from '../kernels.ts';

/** Writes the numbers of a tensor to the beginning of `to`, which may be shared memory: without a copy in between where the backend can. */
export function readInto(x: Tensor, to: Float32Array): void {
  if (x.dtype !== 'float32' || !runExtraKernel<Tensor[]>(READ_KERNEL, { x }, { to })) to.set(x.dataSync());
}
