import { OptionError } from '@keepprob/core';
import type { FitOptions } from '@keepprob/trainer';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/**
 * The loss as asked for, else the one that the model was compiled with.
 * @throws OptionError where there is neither
 */
export function lossToUse(owner: string, model: LayersModel, asked: FitOptions['loss'] | null): FitOptions['loss'] {
  const loss = asked ?? (model as { readonly loss?: FitOptions['loss'] }).loss;
  if (loss) return loss;
  throw OptionError.of(owner, 'loss', 'a loss as fit takes it, or a model that was compiled with one', undefined);
}
