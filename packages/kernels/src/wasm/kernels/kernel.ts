/** What a kernel of ours is: TF.js' kernel function on a bound backend, or undefined where the stock kernel shall run. */
import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Bound } from '../backend/module.ts';

// biome-ignore lint/suspicious/noExplicitAny: a kernel's attributes are what its op defines; TF.js types them as any map
export type Attrs = NamedAttrMap & Record<string, any>;
export type Inputs = Readonly<Record<string, TensorInfo>>;
export type Result = TensorInfo | TensorInfo[];

export type Kernel = (bound: Bound, inputs: Inputs, attrs: Attrs) => Result | undefined;

export const isFloat = (...tensors: readonly (TensorInfo | undefined | null)[]): boolean =>
  tensors.every(t => t == null || t.dtype === 'float32');

export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
