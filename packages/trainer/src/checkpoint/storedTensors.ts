/** Uploads the tensors of a checkpoint to the backend. */
import type { Weight } from '@keepprob/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from './parts.ts';
import type { StoredTensor } from './safetensors.ts';

const uploaded = ({ data, shape, dtype }: StoredTensor): tf.Tensor => tf.tensor(data, [...shape], dtype as tf.DataType);

/** The caller owns them. */
export const upload = (stored: Checkpoint['tensors']): Record<string, tf.Tensor> =>
  Object.fromEntries(Object.entries(stored).map(([name, tensor]) => [name, uploaded(tensor)]));

/** Assigns their values to the weights that are in the checkpoint. Call it in a tidy. */
export function assignWeights(weights: readonly Weight[], { tensors }: Checkpoint): void {
  for (const { path, variable } of weights) {
    const stored = tensors[path];
    if (stored) variable.assign(uploaded(stored) as tf.Tensor<tf.Rank>);
  }
}
