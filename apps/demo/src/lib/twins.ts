/** The two networks: equal at birth; one is then regularized by plugins whose values follow the page's controls. */
import type { TrainingPlugin } from '@keepprob/core';
import { keepProbs, setKeepProb } from '@keepprob/dropout';
import { l2, maxNorm } from '@keepprob/l2';
import * as tf from '@tensorflow/tfjs';
import type { Settings } from './params.ts';
import { sizes } from './protocol.ts';

/** 784-128-64-10, ReLU; weights from the seed. */
function network(seed: number): tf.LayersModel {
  const initializer = (layer: number): ReturnType<typeof tf.initializers.heNormal> =>
    tf.initializers.heNormal({ seed: 3 * seed + layer });
  const input = tf.input({ shape: [sizes.input], name: 'input' });
  const hidden1 = tf.layers.dense({
    name: 'hidden1',
    units: sizes.hidden1,
    activation: 'relu',
    kernelInitializer: initializer(1),
  });
  const hidden2 = tf.layers.dense({
    name: 'hidden2',
    units: sizes.hidden2,
    activation: 'relu',
    kernelInitializer: initializer(2),
  });
  const output = tf.layers.dense({
    name: 'output',
    units: sizes.output,
    activation: 'softmax',
    kernelInitializer: initializer(3),
  });
  const outputs = [hidden1, hidden2, output].reduce<tf.SymbolicTensor>(
    (tensor, layer) => layer.apply(tensor) as tf.SymbolicTensor,
    input,
  );
  return tf.model({ inputs: input, outputs });
}

export interface TwinNetwork {
  readonly model: tf.LayersModel;
  readonly plugins: readonly TrainingPlugin[];
}

export const plainTwin = (seed: number): TwinNetwork => ({ model: network(seed), plugins: [] });

/** No weights of this net come near: max-norm off. */
const unbounded = 1e9;

/** @param settings of this moment; read anew at every step. */
export function regularizedTwin(seed: number, settings: () => Settings): TwinNetwork {
  // keepProbs inserts nothing for 1, and a control that starts at 1 must be able to move: so insert at ½, then set.
  const model = keepProbs(network(seed), ['hidden1', 'hidden2'], 0.5, { input: 0.5 });
  applyKeepProbs(model, settings());
  return {
    model,
    plugins: [l2({ l2: () => settings().lambda }), maxNorm({ maxNorm: () => settings().maxNorm || unbounded })],
  };
}

/** From the next step on. */
export function applyKeepProbs(model: tf.LayersModel, { keepProbInput, keepProb1, keepProb2 }: Settings): void {
  setKeepProb(model, { input_dropout: keepProbInput, hidden1_dropout: keepProb1, hidden2_dropout: keepProb2 });
}
