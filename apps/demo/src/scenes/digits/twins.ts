/** The two networks: equal at birth; one is then regularized by plugins whose values follow the page's controls. */
import type { TrainingPlugin } from '@keepprob/core';
import { keepProbs, setKeepProb } from '@keepprob/dropout';
import { l2, maxNorm } from '@keepprob/l2';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { denseNetwork, disposeModels } from '../../stage/worker/network.ts';
import type { Settings } from './params.ts';
import { sizes } from './reports.ts';

const network = (seed: number): LayersModel => denseNetwork(Object.values(sizes), 'softmax', seed);

export interface TwinNetwork {
  readonly model: LayersModel;
  readonly plugins: readonly TrainingPlugin[];
  dispose(): void;
}

export function plainTwin(seed: number): TwinNetwork {
  const model = network(seed);
  return { model, plugins: [], dispose: () => disposeModels([model]) };
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
      disposeModels([model]);
    },
  };
}

/** From the next step on. */
export function applyKeepProbs(model: LayersModel, { keepProbInput, keepProb1, keepProb2 }: Settings): void {
  setKeepProb(model, { input_dropout: keepProbInput, hidden1_dropout: keepProb1, hidden2_dropout: keepProb2 });
}
