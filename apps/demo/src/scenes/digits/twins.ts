/** The two networks: equal at birth; one is then regularized by plugins whose values follow the page's controls. */
import type { TrainingPlugin } from '@keepprob/core';
import { l2, maxNorm } from '@keepprob/l2';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { withDropout } from '../../stage/worker/dropout.ts';
import { denseNetwork } from '../../stage/worker/network.ts';
import { keepProbsOf, type Settings } from './params.ts';
import { sizes } from './reports.ts';

const network = (seed: number): LayersModel => denseNetwork(Object.values(sizes), 'softmax', seed);

export interface TwinNetwork {
  readonly model: LayersModel;
  readonly plugins: readonly TrainingPlugin[];
}

export const plainTwin = (seed: number): TwinNetwork => ({ model: network(seed), plugins: [] });

/** No weights of this net come near: max-norm off. */
const unbounded = 1e9;

/** @param settings of this moment; read anew at every step. */
export const regularizedTwin = (seed: number, settings: () => Settings): TwinNetwork => ({
  model: withDropout(network(seed), keepProbsOf(settings())),
  plugins: [l2({ strength: () => settings().lambda }), maxNorm({ maxNorm: () => settings().maxNorm || unbounded })],
});
