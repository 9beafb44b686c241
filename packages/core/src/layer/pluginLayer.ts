/** The base class of layer plugins, and how their options are separated from the arguments of every layer. */
import type * as tf from '@tensorflow/tfjs-core';
import { layers, SymbolicTensor } from '@tensorflow/tfjs-layers';
import { thisCore } from '../copies.ts';
import { layerPlugin } from '../model/layerPlugins.ts';
import type { DescribesNoise, Noise, NoiseDefinitions } from '../noise/noise.ts';
import { OptionError } from '../options/errors.ts';
import type { Option } from '../options/kind.ts';
import * as messages from '../options/messages.ts';
import { entriesOf, type OptionSpecs } from '../options/options.ts';
import { resetClock } from './forwardContext.ts';

export type LayerArguments = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** Arguments that every layer of TF.js takes besides its own options. */
const layerArguments = [
  'name',
  'inputShape',
  'batchInputShape',
  'batchSize',
  'dtype',
  'inputDType',
  'trainable',
  'updatable',
  'weights',
] as const satisfies readonly (keyof LayerArguments | 'updatable')[];

/** Options of a layer: its own, and those that every layer of TF.js takes, such as `name` and `inputShape`. */
export type LayerOptions<O> = O &
  Partial<Pick<LayerArguments, Extract<(typeof layerArguments)[number], keyof LayerArguments>>>;

/**
 * A layer plugin: a `tf.layers.Layer`, to use wherever a layer goes.
 * @example
 * const layer = dropout({ keepProb: 0.5 });
 * layer instanceof PluginLayer; // true
 * const restore = layer.setOptions({ keepProb: 0.8 });
 * restore();
 */
export abstract class PluginLayer<O extends object = object> extends layers.Layer implements DescribesNoise {
  readonly [layerPlugin] = thisCore;
  /** Whether it returns its input unchanged at inference. */
  abstract readonly isIdentity: boolean;
  /** The checked options; frozen. */
  abstract readonly options: Required<O>;
  /** Changes options, checked as in the factory, and returns a function that restores the old ones. */
  abstract setOptions(patch: Partial<O>): () => void;
  /** Its current noises; none if it is not random. */
  abstract describeNoise(): readonly Noise[];
  /** @throws OptionError for the output of a layer of another copy of TensorFlow.js */
  override apply(...given: Parameters<layers.Layer['apply']>): ReturnType<layers.Layer['apply']> {
    const [inputs] = given;
    for (const input of Array.isArray(inputs) ? inputs : [inputs])
      if ('sourceLayer' in input && !(input instanceof SymbolicTensor))
        throw new OptionError(messages.twoTensorFlows(`layer "${this.name}": what it is applied to`));
    return super.apply(...given);
  }
  /** Outside a run, restarts the sequence of masks. */
  reset(): void {
    resetClock(this);
  }
}

/** The options as a saved model stores them; a function cannot be saved. */
export function savedOptions(name: string, options: object): tf.serialization.ConfigDict {
  for (const [key, value] of Object.entries(options)) {
    if (typeof value === 'function')
      throw new OptionError(messages.functionNotSaved(name, key), { option: key, received: value });
  }
  return options as tf.serialization.ConfigDict;
}

/** An option whose bare number could mean a probability of keeping or of dropping. */
interface Ambiguous {
  readonly option: string;
  readonly expected: string;
}

/** The required probability, if the layer has one. */
export function ambiguousOption<O extends object>(
  specs: OptionSpecs<O>,
  noise: NoiseDefinitions<O>,
): Ambiguous | undefined {
  const known = Object.entries<Option<unknown>>(specs);
  const [option, spec] =
    known.find(([key, spec]) => {
      const strength = noise[key as keyof typeof noise]?.strength;
      return (strength === 'kept' || strength === 'dropped') && !('fallback' in spec);
    }) ?? [];
  return option !== undefined && spec ? { option, expected: spec.expected } : undefined;
}

/** Separates the options of the plugin from the arguments of every layer. */
export function split(given: unknown, name: string, ambiguous: Ambiguous | undefined): { own: object; base: object } {
  if (ambiguous && typeof given === 'number')
    throw new OptionError(messages.bareNumber(name, ambiguous.option, ambiguous.expected, given), { received: given });
  const isBase = ([key]: [string, unknown]): boolean => (layerArguments as readonly string[]).includes(key);
  const entries = entriesOf(name, given).filter(([, value]) => value !== undefined);
  return {
    own: Object.fromEntries(entries.filter(entry => !isBase(entry))),
    base: Object.fromEntries(entries.filter(isBase)),
  };
}
