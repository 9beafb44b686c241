import { checkOptions, option } from '@keepprob/core';
import { type ConfigFormat, register as registerLayers } from '@keepprob/core/layers';
import type { serialization } from '@tensorflow/tfjs-core';
import type { layers } from '@tensorflow/tfjs-layers';
import * as factories from '../layerFactories.ts';
import { alphaDropout } from '../layers/alphaDropout.ts';
import { dropout } from '../layers/dropout.ts';
import { gaussianDropout } from '../layers/gaussianDropout.ts';
import { gaussianNoise } from '../layers/gaussianNoise.ts';
import { spatialDropout1D } from '../layers/spatialDropout.ts';
import { dropoutGRU, dropoutLSTM, dropoutSimpleRNN } from '../recurrent/recurrentDropout.ts';
import { kerasRate, kerasRate1D, kerasRecurrent, kerasStddev } from './kerasConfig.ts';
import { readResetAfter } from './resetAfter.ts';

interface Registrable {
  readonly layerClass: unknown;
}

/** Classes of TF.js that ours can stand in for, and how Keras writes their configs. */
const replacements = {
  AlphaDropout: [alphaDropout, kerasRate],
  Dropout: [dropout, kerasRate],
  GaussianDropout: [gaussianDropout, kerasRate],
  GaussianNoise: [gaussianNoise, kerasStddev],
  SpatialDropout1D: [spatialDropout1D, kerasRate1D],
  LSTM: [dropoutLSTM, kerasRecurrent],
  GRU: [dropoutGRU, kerasRecurrent],
  SimpleRNN: [dropoutSimpleRNN, kerasRecurrent],
} as const satisfies Readonly<Record<string, readonly [Registrable, ConfigFormat]>>;

type Replaceable = keyof typeof replacements;

/** Our layer under the name of the stock one, with Keras' config, so that a file stays what it was. */
function standIn(name: Replaceable): Registrable {
  const [{ layerClass }, format] = replacements[name];
  const Ours = layerClass as unknown as typeof layers.Layer;
  return {
    layerClass: class extends Ours {
      static readonly className = name;
      static override fromConfig<T extends serialization.Serializable>(
        cls: serialization.SerializableConstructor<T>,
        config: serialization.ConfigDict,
      ): T {
        return Ours.fromConfig(cls, format.load(config));
      }
      override getConfig(): serialization.ConfigDict {
        return format.save(super.getConfig());
      }
    },
  };
}

/** Options of `register`. */
export interface RegisterOptions {
  /** Classes of TF.js in saved models that load as our layers from now on; none by default. */
  readonly override?: readonly Replaceable[];
}

const replaceable = Object.keys(replacements) as Replaceable[];
const specs = {
  override: option.custom<readonly Replaceable[]>(
    `a list of names among ${replaceable.join(', ')}`,
    value => Array.isArray(value) && [...value].every(name => replaceable.includes(name)),
    { fallback: [] },
  ),
};

/**
 * Makes saved models with these layers loadable; call it once before `tf.loadLayersModel`. A model loaded through `override` is saved under
 * the same class names and with Keras' configs, so Keras and stock TF.js can still read it. GRU layers with `reset_after`, Keras' default, which TF.js refuses, always
 * load.
 * @example
 * register(); // before tf.loadLayersModel
 * register({ override: ['Dropout'] }); // stock dropout layers load as ours
 * @throws OptionError for a class that no layer of ours replaces
 */
export function register(options: RegisterOptions = {}): void {
  const { override } = checkOptions('register', specs, options);
  registerLayers(...Object.values(factories), ...override.map(standIn));
  readResetAfter(standIn('GRU').layerClass);
}
