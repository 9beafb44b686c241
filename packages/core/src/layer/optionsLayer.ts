/** The base of layers that are made from a definition: options that are checked, changed and saved. */
import type { serialization } from '@tensorflow/tfjs-core';
import type { Noise } from '../noise/noise.ts';
import { changeOptions, noisesBy, type OptionsDefinition, ownOptions } from './ownOptions.ts';
import { type LayerArguments, PluginLayer, savedOptions } from './pluginLayer.ts';

/** Translates a config to and from that of another library, such as Keras, for a layer with that library's class name. `load` undoes `save`. */
export interface ConfigFormat {
  /** Converts the layer's own config to that of the other library. */
  save(config: serialization.ConfigDict): serialization.ConfigDict;
  /** Converts the config of the other library to the layer's own. */
  load(config: serialization.ConfigDict): serialization.ConfigDict;
}

/** The part of a layer definition that describes its options and how they are saved. */
export interface SavedDefinition<O extends object> extends OptionsDefinition<O> {
  /** How a saved model stores the layer's config, including the arguments of every layer; unchanged by default. */
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
