import { checkModel } from '@keepprob/core/driver';
import { noisesOf, turnOff } from '@keepprob/core/layers';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { inReverse } from './inReverse.ts';

/**
 * Turns off everything random in the model's layers, both ours and stock: every dropout, including that of recurrent cells, and Gaussian noise. Training then
 * follows J itself. Batch norm and penalties do not change. A layer plugin of your own is turned off if its definition describes its `noise`.
 * @example
 * const restore = noiseOff(model);
 * const steady = model.apply(x, { training: true });
 * restore();
 * @returns a function that turns it on again, as it was
 * @throws OptionError if `model` is not a built LayersModel
 */
export function noiseOff(model: LayersModel): () => void {
  checkModel(model, 'noiseOff');
  return inReverse(
    noisesOf(model).map(
      ({ noise }) =>
        () =>
          turnOff(noise),
    ),
  );
}
