import type { LayersModel } from '@tensorflow/tfjs';

/** The model that `change` makes from another one, whose layers it shares, and which is then let go of: the weights stay with the one that is left. */
export function replaced(model: LayersModel, change: (model: LayersModel) => LayersModel): LayersModel {
  const made = change(model);
  model.dispose();
  return made;
}
