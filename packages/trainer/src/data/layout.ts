/** The inputs and outputs of a model: names, shapes and types, against which data are checked. */
import type * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { ClassWeights } from '../classWeights.ts';
import type { Objective } from '../objective/losses.ts';
import { classesWeighed } from '../objective/weighting.ts';

export interface Slot {
  readonly name: string;
  /** Batch axis first; null is any size. */
  readonly shape: readonly (number | null)[];
  readonly dtype: tf.DataType;
}

/** Labels of an output. */
export interface LabelSlot extends Slot {
  /** Integer labels: the last axis is 1 or missing. */
  readonly sparse: boolean;
  /** The name of the output's loss, if it has one. */
  readonly lossName: string | undefined;
  /** How many classes have weights; undefined for none. */
  readonly weighed: number | undefined;
}

/** The inputs and outputs of a model. */
export interface Layout {
  readonly inputs: readonly Slot[];
  readonly outputs: readonly LabelSlot[];
  /** The number of rows that every batch must have; undefined for any number. */
  readonly batchSize: number | undefined;
}

export const layoutOf = (model: LayersModel, objective: Objective, classWeight: ClassWeights = []): Layout => {
  const slot = ({ shape, dtype }: LayersModel['inputs'][number], name = ''): Slot => ({ name, shape, dtype });
  return {
    inputs: model.inputs.map((input, i) => slot(input, objective.inputs[i])),
    outputs: objective.targets.flatMap(({ name, sparse, lossName }, i) =>
      model.outputs.slice(i, i + 1).map(output => {
        const weights = classWeight[i];
        const weighed = weights && classesWeighed(weights, output.shape.at(-1) ?? 1);
        return { ...slot(output, name), sparse, lossName, weighed };
      }),
    ),
    batchSize: model.inputs.map(({ shape }) => shape[0]).find(size => typeof size === 'number') ?? undefined,
  };
};
