import * as tf from '@tensorflow/tfjs-core';

export type Named = Record<string, tf.Tensor>;
export interface Operation {
  readonly inputs: Named;
  readonly forwardFunc: (backend: unknown, save: (tensors: tf.Tensor[]) => void) => tf.Tensor[];
  readonly backwardsFunc: (dys: tf.Tensor | tf.Tensor[], saved: tf.Tensor[]) => Record<string, () => tf.Tensor>;
}
/** `customGrad` with several results, and with gradients that are computed on request. A marked seam: read in tfjs-core 4.22. */
// biome-ignore lint/complexity/useLiteralKeys: private
export const runOperation = (op: Operation): tf.Tensor[] => tf.engine()['runKernelFunc'](op);
