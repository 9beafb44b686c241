/** The arrays that a model takes and gives: names, shapes and types, as data are checked against them. */
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

export interface Slot {
  readonly name: string;
  /** Batch axis first; null is any size. */
  readonly shape: readonly (number | null)[];
  readonly dtype: tf.DataType;
  /** Integer labels: the last axis is 1 or missing. */
  readonly sparse: boolean;
}

/** The arrays that a model takes and gives. */
export interface Layout {
  readonly inputs: readonly Slot[];
  readonly outputs: readonly Slot[];
}

/** What an objective knows of inputs and outputs. */
interface Named {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly sparse: readonly boolean[];
}

export const layoutOf = (model: LayersModel, { inputs, outputs, sparse }: Named): Layout => ({
  inputs: model.inputs.map(({ shape, dtype }, i) => ({
    name: inputs[i] as string,
    shape,
    dtype,
    sparse: false,
  })),
  outputs: model.outputs.map(({ shape, dtype }, i) => ({
    name: outputs[i] as string,
    shape,
    dtype,
    sparse: sparse[i] as boolean,
  })),
});
