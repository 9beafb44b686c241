/** Examines a model and always restores it: weights, batch norm statistics, dropout rates. */
import { weightsOf } from '@keepprob/core';
import { noiseOff } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

export interface Untouched {
  /** Restores all weights, including statistics, bit for bit to their values at the start. */
  rewind(): void;
  /** Switches all dropout off, or back to the model's own rates. */
  dropout(on: boolean): void;
}

/** Calls `f`, and restores the model on every exit. */
export async function untouched<T>(model: LayersModel, f: (model: Untouched) => Promise<T>): Promise<T> {
  const weights = weightsOf(model);
  const before = weights.map(({ variable }) => tf.keep(tf.clone(variable)));
  const rewind = (): void => {
    weights.forEach(({ variable }, i) => {
      variable.assign(before[i] as tf.Tensor<tf.Rank>);
    });
  };
  let restore: (() => void) | undefined;
  const dropout = (on: boolean): void => {
    restore?.();
    restore = on ? undefined : noiseOff(model);
  };
  try {
    return await f({ rewind, dropout });
  } finally {
    dropout(true);
    rewind();
    tf.dispose(before);
  }
}
