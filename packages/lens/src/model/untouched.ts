/** A model that is looked at and comes back as it was: weights, statistics of batch norm, strengths of dropout, whatever happens. */
import { weightsOf } from '@keepprob/core';
import { noiseOff } from '@keepprob/dropout';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

export interface Untouched {
  /** All weights as they were at the start, to the bit; statistics included. */
  rewind(): void;
  /** Every dropout off, or as strong as the model has it. */
  dropout(on: boolean): void;
}

/** Hands the model to `f`; on every exit it is as it was. */
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
