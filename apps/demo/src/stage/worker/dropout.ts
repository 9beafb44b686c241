/** Dropout that follows the controls of a scene. */
import { keepProbs, setKeepProb } from '@keepprob/dropout';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** keep.prob by the layer behind which units are dropped: input, hidden1, … */
export type Kept = Readonly<Record<string, number>>;

/** The network with dropout behind these layers, in place of the one given. */
export function withDropout(base: LayersModel, kept: Kept): LayersModel {
  const { input, ...hidden } = kept;
  // keepProbs inserts nothing for 1, and a control that starts at 1 must be able to move: so insert at ½, then set
  const model = keepProbs(base, Object.keys(hidden), 0.5, input === undefined ? {} : { input: 0.5 });
  base.dispose();
  setKept(model, kept);
  return model;
}

/** From the next step on. */
export function setKept(model: LayersModel, kept: Kept): void {
  setKeepProb(
    model,
    Object.fromEntries(Object.entries(kept).map(([layer, keepProb]) => [`${layer}_dropout`, keepProb])),
  );
}
