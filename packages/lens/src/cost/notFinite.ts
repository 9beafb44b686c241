/** Finds where a NaN or Infinity comes from: the first layer whose weights or output are not finite. */
import { weightsOf } from '@keepprob/core';
import type { TrainingData } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ask, type Setting } from '../model/ask.ts';
import { labelsOf } from '../model/labels.ts';
import { forget, outputsOf } from './nondeterministic.ts';

/** Where NaN or Infinity comes from. */
export interface NotFinite {
  /** `weights`: an update made them not finite, because the gradient was not finite or the step was too large. `J`: every output is finite, but the loss or a penalty is not. */
  readonly what: 'weights' | 'output' | 'J';
  /** Name of the layer; null for J. */
  readonly layer: string | null;
}

/** Finds the source with the current weights. Null if J is finite. */
export async function whereNotFinite(
  model: LayersModel,
  data: TrainingData,
  setting: Setting,
): Promise<NotFinite | null> {
  const spoiled = (t: tf.Tensor): tf.Tensor => tf.logicalNot(tf.all(tf.isFinite(tf.cast(t, 'float32'))));
  const weights = weightsOf(model);
  let names: readonly string[] = [];
  const [flags] = (await ask(model, data, setting, [
    ({ look }) => {
      let cost: tf.Tensor | undefined;
      const outputs = outputsOf(model, () => {
        ({ cost } = look({ gradients: false }));
      });
      names = outputs.map(o => o.name);
      const all = [
        ...weights.map(w => spoiled(w.variable)),
        ...outputs.map(({ tensors }) => tf.any(tf.stack(tensors.map(spoiled)))),
        spoiled(cost as tf.Tensor),
      ];
      forget(outputs);
      return tf.cast(tf.stack(all), 'float32');
    },
  ])) as [Float32Array];
  const first = flags.indexOf(1);
  if (first < 0) return null;
  const weight = weights[first];
  if (weight) return { what: 'weights', layer: labelsOf(model)(weight.path) };
  const layer = names[first - weights.length];
  return layer === undefined ? { what: 'J', layer: null } : { what: 'output', layer };
}
