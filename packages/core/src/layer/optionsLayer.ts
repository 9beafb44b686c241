/** What layers that are made from a definition have in common: options that are checked, changed and saved. */
import type { serialization } from '@tensorflow/tfjs-core';
import type { Noise } from '../noise/noise.ts';
import { changeOptions, noisesBy, type OptionsDefinition, ownOptions } from './ownOptions.ts';
import { type LayerArguments, PluginLayer, savedOptions } from './pluginLayer.ts';

/** Translates a config to and from that of another library, such as Keras, whose class name the layer has. `load` undoes `save`. */
export interface ConfigFormat {
  /** From the layer's own config to that of the other library. */
  save(config: serialization.ConfigDict): serialization.ConfigDict;
  /** From the config of the other library to the layer's own. */
  load(config: serialization.ConfigDict): serialization.ConfigDict;
}

/** What every definition of a layer says of its options and of how they are saved. */
export interface SavedDefinition<O extends object> extends OptionsDefinition<O> {
  /** How a saved model holds the layer's config, including the arguments of every layer; by default as it is. */
  readonly config?: ConfigFormat;
}

export class OptionsLayer<O extends object> extends PluginLayer<O> {
  readonly isIdentity: boolean;
  options: Required<O>;
  readonly #saved: SavedDefinition<O>;

  /** @param isIdentity whether it returns its input at inference */
  constructor(definition: SavedDefinition<O>, given: unknown = {}, isIdentity = true) {
    const { options, base } = ownOptions(definition, given);
    super(base as LayerArguments);
    this.#saved = definition;
    this.isIdentity = isIdentity;
    this.options = options;
    this.supportsMasking = true;
  }

  override getConfig(): serialization.ConfigDict {
    const { name, config } = this.#saved;
    const whole = { ...super.getConfig(), ...savedOptions(name, this.options) };
    return config ? config.save(whole) : whole;
  }

  describeNoise(): readonly Noise[] {
    return noisesBy<O>(this, this.#saved);
  }

  setOptions(patch: Partial<O>): () => void {
    return changeOptions<O>(this, this.#saved, patch);
  }
}
