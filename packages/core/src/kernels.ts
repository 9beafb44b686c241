/**
 * Kernels that a backend may bring beside its own, such as those of `@keepprob/kernels`. They are looked up by name in TF.js' kernel
 * registry, under the backend in use: whoever registers one is used, and nothing here depends on it.
 */
import * as tf from '@tensorflow/tfjs-core';

/** inputs { x: float32 } → keep ? x × scale : 0, with the mask of `mask.ts`. */
export const DROPOUT_KERNEL = 'KeepprobDropout';

/** All that makes a mask; every number but `scale` is a uint32. */
export interface DropoutKernelAttrs {
  /** As long as x's shape; dimensions of 1 broadcast. */
  readonly noiseShape: readonly number[];
  /** e0: number of the first element of the noise in the global batch. */
  readonly first: number;
  readonly seedLow: number;
  readonly seedHigh: number;
  readonly step: number;
  readonly site: number;
  readonly draw: number;
  /** T: keep iff u ≥ T. */
  readonly threshold: number;
  readonly scale: number;
}

/** Runs a kernel that the backend in use has; undefined where it has none of this name. */
export function runExtraKernel(name: string, inputs: tf.NamedTensorMap, attrs: object): tf.Tensor | undefined {
  if (!tf.getKernel(name, tf.getBackend())) return undefined;
  return tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor;
}
