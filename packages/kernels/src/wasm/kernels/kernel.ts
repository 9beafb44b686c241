/** The form of our kernels: a kernel function of TF.js on a bound backend, which returns undefined if the stock kernel should run. */
import type { NamedAttrMap, NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Bound } from '../backend/module.ts';

// biome-ignore lint/suspicious/noExplicitAny: a kernel's attributes are what its op defines; TF.js types them as any map
export type Attrs = NamedAttrMap & Record<string, any>;
export type Result = TensorInfo | TensorInfo[];

export type Kernel<A = Attrs> = (bound: Bound, inputs: NamedTensorInfoMap, attrs: A) => Result | undefined;
// biome-ignore lint/suspicious/noExplicitAny: the registry does not know what attributes a name goes with
export type AnyKernel = Kernel<any>;

export const isFloat = (...tensors: readonly (TensorInfo | undefined | null)[]): boolean =>
  tensors.every(t => t == null || t.dtype === 'float32');

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** The values of a float32 tensor: a view of the WASM memory, valid until the memory grows. */
export const numbersOf = (bound: Bound, tensor: TensorInfo): Float32Array =>
  new Float32Array(bound.memory.buffer, bound.at(tensor) >>> 0, sizeOf(tensor.shape));
