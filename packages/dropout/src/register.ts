import { OptionError } from '@keepprob/core';
import { register as registerLayers } from '@keepprob/core/layers';
import { alphaDropout } from './alphaDropout.ts';
import { dropout } from './dropout.ts';
import { dropoutGRU, dropoutLSTM, dropoutSimpleRNN } from './recurrentDropout.ts';
import { spatialDropout1D, spatialDropout2D, spatialDropout3D } from './spatialDropout.ts';

/** Classes of TF.js that ours can stand in for. */
const replacements = {
  Dropout: dropout,
  AlphaDropout: alphaDropout,
  SpatialDropout1D: spatialDropout1D,
  LSTM: dropoutLSTM,
  GRU: dropoutGRU,
  SimpleRNN: dropoutSimpleRNN,
} as const;

export interface RegisterOptions {
  /** Classes of TF.js that saved models name and that ours load from now on. */
  readonly override?: readonly (keyof typeof replacements)[];
}

/** Makes saved models with these layers loadable; call it once before `tf.loadLayersModel`. */
export function register({ override = [] }: RegisterOptions = {}): void {
  const classes = override.map(name => {
    if (!Object.hasOwn(replacements, name))
      throw OptionError.of('register', 'override', `names among ${Object.keys(replacements).join(', ')}`, name);
    const Ours = replacements[name].layerClass as unknown as new (config: never) => object;
    return {
      layerClass: class extends Ours {
        static readonly className = name;
      },
    };
  });
  registerLayers(dropout, spatialDropout1D, spatialDropout2D, spatialDropout3D, alphaDropout);
  registerLayers(dropoutLSTM, dropoutGRU, dropoutSimpleRNN, ...classes);
}
