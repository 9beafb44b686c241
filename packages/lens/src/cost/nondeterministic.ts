/** Finds layers whose output differs between two identical passes: dropout that is still on, noise, anything random. */
import { inputNames } from '@keepprob/core/driver';
import { type Layer, layerTree } from '@keepprob/core/layers';
import type { TrainingData } from '@keepprob/trainer';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { ask, type Question, type Setting, type View } from '../model/ask.ts';
import { labelsOf } from '../model/labels.ts';
import { infer, type Tap, withTaps } from '../model/tap.ts';

/** A layer that gives other outputs for the same inputs although all known noise is off. */
export interface Nondeterministic {
  /** The first layer, in the order of the forward pass. */
  readonly layer: string;
  /** Its class. */
  readonly className: string;
  /** Whether it is random only in training, or at inference too. */
  readonly when: 'training' | 'inference';
}

/** The output of one layer in one pass; a layer that is used twice has two. The caller disposes the tensors. */
export interface Output {
  readonly layer: Layer;
  /** Name of the model's layer that this layer is or is part of; with its path if several have that name. */
  readonly name: string;
  readonly tensors: readonly tf.Tensor[];
}

/** The output of each layer while `f` runs, in the order in which the layers finish. */
export function outputsOf(model: LayersModel, f: () => unknown): Output[] {
  const outputs: Output[] = [];
  const labelOf = labelsOf(model);
  const taps = layerTree(model).map(({ layer, path }): [Layer, Tap] => [
    layer,
    (x, call) => {
      const y = call(x);
      // tensors on the tape end with it
      outputs.push({ layer, name: labelOf(path), tensors: [y].flat().map(t => tf.keep(tf.clone(t))) });
      return y;
    },
  ]);
  try {
    withTaps(new Map(taps), f);
    return outputs;
  } catch (error) {
    forget(outputs);
    throw error;
  }
}

export const forget = (outputs: readonly Output[]): void => tf.dispose(outputs.flatMap(o => [...o.tensors]));

/** Number of rows compared: a few are enough to show randomness. */
const ROWS = 16;

/** Compares two passes with the same weights and batch, at inference and in training, with the noise that is on now. Null if they agree everywhere. */
export async function nondeterministicLayer(
  model: LayersModel,
  data: TrainingData,
  setting: Setting,
): Promise<Nondeterministic | null> {
  let first: readonly Output[] = [];
  const found: Nondeterministic[] = [];
  const compared = (second: readonly Output[]): tf.Tensor => {
    const flags = first.map(({ tensors }, i) => differ(tensors, second[i]?.tensors ?? []));
    forget(second);
    return tf.cast(tf.stack(flags), 'float32');
  };
  const inference: Question = ({ batch }) => {
    const pass = (): unknown =>
      infer(
        model,
        inputNames(model).map(name => batch.x[name] as tf.Tensor),
      );
    first = outputsOf(model, pass);
    return compared(outputsOf(model, pass));
  };
  const inTraining = ({ look }: View): Output[] => outputsOf(model, () => look({ gradients: false }));
  const before: Question = view => {
    forget(first);
    first = inTraining(view);
    return tf.scalar(0);
  };
  // one step later: anything that draws from the run draws again
  const after: Question = view => compared(inTraining(view));
  try {
    const few = { ...setting, limitRows: Math.min(setting.limitRows, ROWS) };
    await ask(model, data, few, [inference, before, after], (index, flags) => {
      const random = first[flags.indexOf(1)];
      if (!random) return;
      const { layer, name } = random;
      found.push({ layer: name, className: layer.getClassName(), when: index === 0 ? 'inference' : 'training' });
    });
    return found[0] ?? null;
  } finally {
    forget(first);
  }
}

/** Whether any value differs; NaN equals NaN. */
function differ(a: readonly tf.Tensor[], b: readonly tf.Tensor[]): tf.Tensor {
  const each = a.map((one, i): tf.Tensor => {
    const other = b[i];
    if (!other || one.size !== other.size) return tf.scalar(true, 'bool');
    const different = tf.notEqual(one, other);
    if (one.dtype !== 'float32') return tf.any(different);
    return tf.any(tf.logicalAnd(different, tf.logicalNot(tf.logicalAnd(tf.isNaN(one), tf.isNaN(other)))));
  });
  return tf.any(tf.stack(each));
}
