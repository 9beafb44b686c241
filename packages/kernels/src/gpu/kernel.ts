/** The dropout kernel, made of two operations for which each GPU backend has its own shaders. */
import { DROPOUT_KERNEL, type DropoutKernelAttrs } from '@keepprob/core/kernels';
import type { DataId, KernelConfig, TensorInfo } from '@tensorflow/tfjs-core';

/** The operations of a backend. Tensors are float32 of rank ≤ 6; the results are new. */
export interface Shaders<Backend> {
  /** keep ? x × scale : 0 for x in the shape of the noise; without x, keep ? scale : 0. */
  draw(backend: Backend, attrs: DropoutKernelAttrs, x?: TensorInfo): TensorInfo;
  /** keep ≠ 0 ? x × scale : 0; dimensions of 1 in keep broadcast. */
  select(backend: Backend, x: TensorInfo, keep: TensorInfo, scale: number): TensorInfo;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/**
 * y = keep ? x × scale : 0. Noise that broadcasts is drawn separately first and disposed before this returns; otherwise it would be drawn again for each
 * repetition.
 */
export function dropoutKernel<Backend extends { disposeData(dataId: DataId): unknown }>(
  backendName: string,
  { draw, select }: Shaders<Backend>,
): KernelConfig {
  return {
    kernelName: DROPOUT_KERNEL,
    backendName,
    kernelFunc({ inputs, attrs: given, backend: instance }) {
      const x = inputs.x as TensorInfo;
      const attrs = given as unknown as DropoutKernelAttrs;
      const backend = instance as Backend;
      if (sizeOf(attrs.noiseShape) === sizeOf(x.shape)) return draw(backend, attrs, x);
      const keep = draw(backend, { ...attrs, scale: 1 });
      const y = select(backend, x, keep, attrs.scale);
      backend.disposeData(keep.dataId);
      return y;
    },
  };
}
