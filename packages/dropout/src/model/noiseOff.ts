import { checkModel } from '@keepprob/core/driver';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { inReverse, strengthsOf } from './strength.ts';

/**
 * Turns off all that is random in the model's layers, ours and stock's: every dropout, that of recurrent cells, Gaussian noise. Training then
 * follows J itself: batch norm and penalties go on as they are.
 *
 * `const restore = noiseOff(model)`, look, `restore()`. A layer plugin of one's own is turned off where it has the option `keepProb` (or one
 * whose name ends in `KeepProb`) or `stddev`.
 * @returns what turns it on again, as it was
 * @throws OptionError for what is no model, or not built
 */
export function noiseOff(model: LayersModel): () => void {
  checkModel(model);
  return inReverse(strengthsOf(model).map(strength => strength.off()));
}
