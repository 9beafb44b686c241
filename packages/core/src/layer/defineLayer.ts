import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import type { ForwardMoment } from '../contract.ts';
import { thisCore } from '../copies.ts';
import { layerPlugin } from '../model/layerPlugins.ts';
import { type DescribesNoise, type Noise, type NoiseDefinitions, noisesFrom } from '../noise/noise.ts';
import { OptionError, PluginError } from '../options/errors.ts';
import type { Option } from '../options/kind.ts';
import * as messages from '../options/messages.ts';
import { checkOptions, entriesOf, type OptionArguments, type OptionSpecs } from '../options/options.ts';
import { forwardContext, resetClock, seedOf } from './forwardContext.ts';

type LayerArguments = NonNullable<ConstructorParameters<typeof layers.Layer>[0]>;

/** What every layer of TF.js takes beside its own options. */
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

/** Options of a layer: its own, and what every layer of TF.js takes, such as `name` and `inputShape`. */
export type LayerOptions<O> = O &
  Partial<Pick<LayerArguments, Extract<(typeof layerArguments)[number], keyof LayerArguments>>>;

/** A config in the words of another library, such as Keras, whose class name the layer carries: `load` undoes `save`. */
export interface ConfigFormat {
  /** From the layer's own config to that of the other library. */
  save(config: tf.serialization.ConfigDict): tf.serialization.ConfigDict;
  /** From the config of the other library to the layer's own. */
  load(config: tf.serialization.ConfigDict): tf.serialization.ConfigDict;
}

/** What `defineLayer` makes a factory from. */
export interface LayerDefinition<O extends object> {
  /** Registered under this name; a legal tensor name, such as `KeepprobDropout`. */
  readonly className: string;
  /** How errors call it; the factory's name. */
  readonly name: string;
  /** What each option takes. */
  readonly options: OptionSpecs<O>;
  /**
   * What is random about it, by the option that sets how strong it is: what `setKeepProb` sets, `noiseOff` turns off and the lens explains. Leave it
   * out for a layer that is not random.
   */
  readonly noise?: NoiseDefinitions<O>;
  /** Names of random streams next to the default one. */
  readonly streams?: readonly string[];
  /** Rewrites what was given before it is checked: aliases, rules between options. */
  normalize?(given: object): object;
  /** How a saved model holds the layer's config, the arguments of every layer included; as it is, if left out. */
  readonly config?: ConfigFormat;
  /** Checks the options against the shape of the input, batch axis included: when the layer is built, and at each training call. */
  checkShape?(shape: readonly (number | null)[], options: Required<O>): void;
  /** The forward pass in training, a pure function of its arguments; at inference the layer is the identity. */
  forward(x: tf.Tensor, options: Required<O>, at: ForwardMoment): tf.Tensor;
}

/**
 * A layer plugin: a `tf.layers.Layer` that goes where a layer goes.
 * @example
 * const layer = dropout({ keepProb: 0.5 });
 * layer instanceof PluginLayer; // true
 * const restore = layer.setOptions({ keepProb: 0.8 });
 * restore();
 */
export abstract class PluginLayer<O extends object = object> extends layers.Layer implements DescribesNoise {
  readonly [layerPlugin] = thisCore;
  /** Whether it gives out at inference what it takes in. */
  abstract readonly isIdentity: boolean;
  /** The checked options; frozen. */
  abstract readonly options: Required<O>;
  /** Changes options, checked as in the factory, and returns what puts the old ones back. */
  abstract setOptions(patch: Partial<O>): () => void;
  /** Its noises as they are now; none if it is not random. */
  abstract describeNoise(): readonly Noise[];
  /** Outside a run, starts the sequence of masks again. */
  reset(): void {
    resetClock(this);
  }
}

/** `Given` is what callers write, where `normalize` makes the options `O` of it. */
export interface LayerFactory<O extends object, Given = O> {
  (...options: OptionArguments<LayerOptions<Given>>): PluginLayer<O>;
  /** The class of its layers, as saved models name it. */
  readonly layerClass: tf.serialization.SerializableConstructor<PluginLayer<O>>;
  /** What the factory was made from. */
  readonly definition: LayerDefinition<O>;
}

/**
 * Makes a factory of layers from a class name, options and a forward pass. At inference its layers are the identity. Call `register` with the
 * factory before you load a saved model that has such a layer.
 * @example
 * const shiver = defineLayer({
 *   name: 'shiver',
 *   className: 'MyShiver',
 *   options: { stddev: option.number({ min: 0 }) },
 *   forward: (x, { stddev }, at) => tf.add(x, normalNoise(x.shape, at.key(), { scale: stddev })),
 * });
 * model.add(shiver({ stddev: 0.1, name: 'shaken' }));
 */
export function defineLayer<O extends object, Given = O>(definition: LayerDefinition<O>): LayerFactory<O, Given> {
  const { className, name, options: specs, noise = {}, streams = [], normalize = same } = definition;
  const { config, checkShape, forward } = definition;
  const ambiguous = ambiguousOption(specs, noise);

  class DefinedLayer extends PluginLayer<O> {
    static readonly className = className;
    readonly isIdentity = true;
    options: Required<O>;

    constructor(given: unknown = {}) {
      const { own, base } = split(given, name, ambiguous);
      const options = checkOptions<O>(name, specs, normalize(own));
      super(base as LayerArguments);
      this.options = options;
      this.supportsMasking = true;
    }

    /** Loading adds `customObjects` to every config; an option it is not. */
    static override fromConfig<T extends tf.serialization.Serializable>(
      cls: tf.serialization.SerializableConstructor<T>,
      { customObjects: _, ...saved }: tf.serialization.ConfigDict,
    ): T {
      return new cls(config ? config.load(saved) : saved);
    }

    override build(shape: tf.Tensor['shape'] | tf.Tensor['shape'][]): void {
      checkShape?.(shape as number[], this.options);
      super.build(shape);
    }

    override computeOutputShape<S>(shape: S): S {
      return shape;
    }

    override call(inputs: tf.Tensor | tf.Tensor[], kwargs: { training?: boolean }): tf.Tensor {
      return tf.tidy(() => {
        const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
        const at = forwardContext(this, kwargs, { seed: seedOf(this.options), streams });
        if (!at) return x;
        checkShape?.(x.shape, this.options);
        try {
          return forward(x, this.options, at);
        } catch (error) {
          throw PluginError.from(error, this.name, 'forward');
        }
      });
    }

    override getConfig(): tf.serialization.ConfigDict {
      const whole = { ...super.getConfig(), ...savedOptions(name, this.options) };
      return config ? config.save(whole) : whole;
    }

    describeNoise(): readonly Noise[] {
      return noisesFrom<O>(this, noise, seedOf(this.options));
    }

    setOptions(patch: Partial<O>): () => void {
      const before = this.options;
      this.options = checkOptions<O>(name, specs, { ...before, ...normalize(patch) });
      return () => {
        this.options = before;
      };
    }
  }

  const factory = (...[given]: OptionArguments<LayerOptions<Given>>): PluginLayer<O> => new DefinedLayer(given);
  return Object.assign(factory, {
    layerClass: DefinedLayer as unknown as LayerFactory<O>['layerClass'],
    definition,
  });
}

const same = (given: object): object => given;

/** The options as a saved model holds them; a function cannot be saved. */
export function savedOptions(name: string, options: object): tf.serialization.ConfigDict {
  for (const [key, value] of Object.entries(options)) {
    if (typeof value === 'function')
      throw new OptionError(messages.functionNotSaved(name, key), { option: key, received: value });
  }
  return options as tf.serialization.ConfigDict;
}

/** An option whose number, given without a name, could be meant as kept or as dropped. */
interface Ambiguous {
  readonly option: string;
  readonly expected: string;
}

/** The probability that must be given, if there is one. */
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

/** Parts the options of the plugin from the arguments of every layer. */
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
