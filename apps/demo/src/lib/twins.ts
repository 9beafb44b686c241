/** The two networks: equal at birth; one is then regularized by plugins whose values follow the page's controls. */
import type { TrainingPlugin } from '@keepprob/core';
import { keepProbs, setKeepProb } from '@keepprob/dropout';
import { l2, maxNorm } from '@keepprob/l2';
import * as tfl from '@tensorflow/tfjs-layers';
import type { Settings } from './params.ts';
import { sizes } from './protocol.ts';

/** 784-128-64-10, ReLU; weights from the seed. */
function network(seed: number): tfl.LayersModel {
  const initializer = (layer: number): ReturnType<typeof tfl.initializers.heNormal> =>
    tfl.initializers.heNormal({ seed: 3 * seed + layer });
  const input = tfl.input({ shape: [sizes.input], name: 'input' });
  const hidden1 = tfl.layers.dense({
    name: 'hidden1',
    units: sizes.hidden1,
    activation: 'relu',
    kernelInitializer: initializer(1),
  });
  const hidden2 = tfl.layers.dense({
    name: 'hidden2',
    units: sizes.hidden2,
    activation: 'relu',
    kernelInitializer: initializer(2),
  });
  const output = tfl.layers.dense({
    name: 'output',
    units: sizes.output,
    activation: 'softmax',
    kernelInitializer: initializer(3),
  });
  const outputs = [hidden1, hidden2, output].reduce<tfl.SymbolicTensor>(
    (tensor, layer) => layer.apply(tensor) as tfl.SymbolicTensor,
    input,
  );
  return tfl.model({ inputs: input, outputs });
}

export interface TwinNetwork {
  readonly model: tfl.LayersModel;
  readonly plugins: readonly TrainingPlugin[];
  dispose(): void;
}

export function plainTwin(seed: number): TwinNetwork {
  const model = network(seed);
  return { model, plugins: [], dispose: () => void model.dispose() };
}

/** No weights of this net come near: max-norm off. */
const unbounded = 1e9;

/** @param settings of this moment; read anew at every step. */
export function regularizedTwin(seed: number, settings: () => Settings): TwinNetwork {
  // keepProbs inserts nothing for 1, and a control that starts at 1 must be able to move: so insert at ½, then set.
  const base = network(seed);
  const model = keepProbs(base, ['hidden1', 'hidden2'], 0.5, { input: 0.5 });
  applyKeepProbs(model, settings());
  return {
    model,
    plugins: [l2({ strength: () => settings().lambda }), maxNorm({ maxNorm: () => settings().maxNorm || unbounded })],
    dispose() {
      model.dispose();
      base.dispose();
    },
  };
}

/** From the next step on. */
export function applyKeepProbs(model: tfl.LayersModel, { keepProbInput, keepProb1, keepProb2 }: Settings): void {
  setKeepProb(model, { input_dropout: keepProbInput, hidden1_dropout: keepProb1, hidden2_dropout: keepProb2 });
}
