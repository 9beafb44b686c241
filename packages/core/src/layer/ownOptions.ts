/** The options of a layer that is made from a definition: checking them, changing them, and describing their noise. */
import { type DescribesNoise, type Noise, type NoiseDefinitions, noisesFrom } from '../noise/noise.ts';
import { checkOptions, type OptionSpecs } from '../options/options.ts';
import { seedOf } from './forwardContext.ts';
import { ambiguousOption, split } from './pluginLayer.ts';

/** The part of a layer definition that describes its options. */
export interface OptionsDefinition<O extends object> {
  /** The name under which it is registered; a legal tensor name, such as `KeepprobDropout`. */
  readonly className: string;
  /** The name of the factory, as errors show it. */
  readonly name: string;
  /** What each option takes. */
  readonly options: OptionSpecs<O>;
  /**
   * The noise of the layer, by the option that sets its strength. `setKeepProb` sets it, `noiseOff` turns it off, and the lens explains it. Leave it out for
   * a layer that is not random.
   */
  readonly noise?: NoiseDefinitions<O>;
  /** Names of random streams in addition to the default one; none by default. */
  readonly streams?: readonly string[];
  /** Rewrites the given options before they are checked: aliases, and rules between options. */
  normalize?(given: object): object;
}

/** A layer with such options. */
type Holder<O extends object> = DescribesNoise & Parameters<typeof noisesFrom<O>>[0] & { options: Required<O> };

const same = (given: object): object => given;

/** The layer's own options, checked, and the arguments of every layer. */
export function ownOptions<O extends object>(
  { name, options: specs, noise = {}, normalize = same }: OptionsDefinition<O>,
  given: unknown,
): { readonly options: Required<O>; readonly base: object } {
  const { own, base } = split(given, name, ambiguousOption(specs, noise));
  return { options: checkOptions<O>(name, specs, normalize(own)), base };
}

/** Changes options, checked as in the factory, and returns a function that restores the old ones. */
export function changeOptions<O extends object>(
  layer: Holder<O>,
  { name, options: specs, normalize = same }: OptionsDefinition<O>,
  patch: Partial<O>,
): () => void {
  const before = layer.options;
  layer.options = checkOptions<O>(name, specs, { ...before, ...normalize(patch) });
  return () => {
    layer.options = before;
  };
}

/** The current noises of the layer. */
export const noisesBy = <O extends object>(layer: Holder<O>, { noise = {} }: OptionsDefinition<O>): readonly Noise[] =>
  noisesFrom<O>(layer, noise, seedOf(layer.options));
