/**
 * TF.js does not notify callbacks of a failed fit. A marked seam, read in tfjs-layers 4.22: `fit` and `fitDataset` set `isTraining` of their model to true,
 * and back to false when they end or fail.
 */
import type { LayersModel } from '@tensorflow/tfjs-layers';

const FLAG = 'isTraining';

/** Calls `told` once, when the current fit of the model has ended or failed; never for a model that is not in training. */
export function whenTrainingEnds(model: LayersModel, told: () => void): void {
  const before = Object.getOwnPropertyDescriptor(model, FLAG);
  if (before === undefined || Reflect.get(model, FLAG) !== true) return;
  Object.defineProperty(model, FLAG, {
    configurable: true,
    enumerable: true,
    get: () => true,
    set(value: unknown) {
      Object.defineProperty(model, FLAG, before);
      Reflect.set(model, FLAG, value);
      told();
    },
  });
}
