import type { LayersModel } from '@tensorflow/tfjs-layers';

/** Layers that keep a state from batch to batch begin every pass with zeros: no pass continues from the rows of another. */
export function resetStates(model: LayersModel): void {
  if (model.stateful) model.resetStates();
}
