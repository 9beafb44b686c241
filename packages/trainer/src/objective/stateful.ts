import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Resets the layers that keep a state from batch to batch, so that no pass continues from the rows of another. */
export function resetStates(model: LayersModel): void {
  if (model.stateful) model.resetStates();
}
