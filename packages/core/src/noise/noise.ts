/**
 * How a layer describes its noise. Code that turns noise off, sets a keepProb, samples a model or explains its dropout asks the layer, so custom layers
 * work as well as those of TF.js.
 */
import type { Moment } from '../contract.ts';
import { type Schedule, valueAt } from '../options/schedule.ts';

/** As in Keras, including the batch axis: 1 shares one draw along an axis, null follows the input; null alone follows it along every axis. */
export type NoiseShape = readonly (number | null)[] | null;

/**
 * The meaning of a strength, and the value at which there is no noise: 'kept', the probability that something is kept, is off at 1; 'dropped', the
 * probability that it is dropped, and 'stddev', the standard deviation of the noise, are off at 0.
 */
export type StrengthKind = keyof typeof OFF;

const OFF = { kept: 1, dropped: 0, stddev: 0 } as const;

interface Nature {
  readonly strength: StrengthKind;
  /** Whether the noise multiplies its target, is added to it, or replaces it. */
  readonly effect: 'multiplies' | 'adds' | 'replaces';
  /**
   * What it acts on: the `activations` that pass through the layer, the `inputs` that a layer with weights reads, the `state` of a recurrent
   * layer, or `weights`.
   */
  readonly target: 'activations' | 'inputs' | 'state' | 'weights';
  /**
   * How it differs from plain dropout, which is x / keepProb where a mask keeps x and 0 elsewhere: a clause such as "it drops weights, not activations".
   * It is given as the reason wherever a formula for dropout does not apply.
   */
  readonly unlike?: string;
}

/** One noise of a layer, described under the name of the option that sets its strength. */
export interface NoiseDefinition<O extends object> extends Nature {
  /**
   * Shape of the mask for an input of this shape. It promises that the layer's first draw in a pass is `keepBits(shape, keepProb, at.key(), at.rows)`, or,
   * with 1 at the batch axis, the mask of row 0 for all rows, so that the mask of any past step can be drawn again. Leave it out if the noise is not such
   * a mask.
   */
  noiseShape?(input: readonly (number | null)[], options: Required<O>): NoiseShape;
}

/** The options that can be a strength: numbers, including those that may be a schedule or absent. */
type StrengthOption<O extends object> = { [K in keyof O]-?: number extends O[K] ? K : never }[keyof O];

/** The noises of a layer, by the option that sets the strength of each: `{ keepProb: { strength: 'kept', effect: 'multiplies', target: 'activations' } }`. */
export type NoiseDefinitions<O extends object> = { readonly [K in StrengthOption<O>]?: NoiseDefinition<O> };

/** The current state of one noise of a layer. */
export interface Noise extends Nature {
  /** The option, or the field of a layer of TF.js, that sets its strength. */
  readonly option: string;
  /** The value of the strength; `strength` says what it means. */
  readonly value: number | Schedule;
  /** False if the strength means that there is no noise. A schedule counts as on. */
  readonly isOn: boolean;
  /** The layer's own seed; null if it uses the run's seed, or has none. */
  readonly seed: number | null;
  /** The shape of its mask, with the promise of `NoiseDefinition.noiseShape`. */
  noiseShape?(input: readonly (number | null)[]): NoiseShape;
  /** Changes the strength, checked as in the factory, and returns a function that restores the old value. */
  set(value: number | Schedule): () => void;
}

/** A layer that describes its noise: every layer plugin, and any other layer that has this method. */
export interface DescribesNoise {
  /** Its current noises; none for a layer that is not random. */
  describeNoise(): readonly Noise[];
  /** Whether it is the identity at inference, as every layer made by `defineLayer` is. False by default. */
  readonly isIdentity?: boolean;
}

/**
 * Turns the noise off, and returns a function that restores it.
 * @example
 * const layer = dropout({ keepProb: 0.5 });
 * const turnOn = turnOff(noiseOf(layer)[0]);
 * layer.options.keepProb; // 1
 * turnOn();
 */
export const turnOff = (noise: Noise): (() => void) => noise.set(OFF[noise.strength]);

/** Whether this value of a strength means that there is no noise. */
export const isOff = (strength: StrengthKind, value: unknown): boolean => value === OFF[strength];

/**
 * Whether the strength of a noise is the probability that something is kept or dropped.
 * @example
 * noiseOf(dropout({ rate: 0.2 })).map(hasKeepProb); // [true]
 * noiseOf(gaussianNoise({ stddev: 0.1 })).map(hasKeepProb); // [false]
 */
export const hasKeepProb = ({ strength }: Nature): boolean => strength !== 'stddev';

/**
 * The keepProb of a noise that has one, at a moment. Schedules read `step` and `epoch` of it.
 * @example
 * const [noise] = noiseOf(dropout({ keepProb: linear({ from: 1, to: 0.5, steps: 100 }) }));
 * keepProbAt(noise, { step: 50, epoch: 0 }); // 0.75
 */
export function keepProbAt({ strength, value }: Noise, at: Pick<Moment, 'step' | 'epoch'>): number {
  const number = valueAt(value, at as Moment);
  return strength === 'dropped' ? 1 - number : number;
}

/**
 * Sets the keepProb of a noise that has one, and returns a function that restores the old value.
 * @example
 * const layer = dropout({ keepProb: 0.5 });
 * const restore = setKeepProbOf(noiseOf(layer)[0], 0.8);
 * layer.options.keepProb; // 0.8
 * restore();
 */
export const setKeepProbOf = (noise: Noise, keepProb: number): (() => void) =>
  noise.set(noise.strength === 'dropped' ? 1 - keepProb : keepProb);

/**
 * How a noise differs from plain dropout of activations; undefined if it does not.
 * @example
 * unlikeDropout(noiseOf(dropout({ keepProb: 0.5 }))[0]); // undefined
 * unlikeDropout(noiseOf(alphaDropout({ keepProb: 0.5 }))[0]); // 'what it drops becomes another number than 0'
 */
export function unlikeDropout(noise: Noise): string | undefined {
  if (noise.unlike !== undefined) return noise.unlike;
  if (!hasKeepProb(noise)) return 'its strength is a standard deviation, not a keepProb';
  if (noise.target !== 'activations') return `it acts on the ${noise.target}, not on activations`;
  if (noise.effect === 'adds') return 'it adds noise';
  if (noise.effect === 'replaces') return 'what it drops is replaced, not set to 0';
  return noise.noiseShape ? undefined : 'the shape of its mask is not known';
}

/**
 * The shape of the mask for an input of this shape.
 * @example
 * sizesOf([null, 1, null], [64, 10, 3]); // [64, 1, 3]
 */
export const sizesOf = (noiseShape: NoiseShape, input: readonly number[]): number[] =>
  input.map((size, axis) => noiseShape?.[axis] ?? size);

interface Adjustable<O extends object> {
  readonly options: Required<O>;
  setOptions(patch: Partial<O>): () => void;
}

/**
 * The noises of a layer plugin, read from its options. For authors of layers that are not made by `defineLayer`.
 * @example
 * const layer = dropout({ keepProb: 0.5 });
 * const noises = noisesFrom(layer, { keepProb: { strength: 'kept', effect: 'multiplies', target: 'activations' } }, null);
 * noises[0].value; // 0.5
 */
export function noisesFrom<O extends object>(
  layer: Adjustable<O>,
  definitions: NoiseDefinitions<O>,
  seed: number | null,
): Noise[] {
  return Object.entries<NoiseDefinition<O> | undefined>(definitions).flatMap(([option, definition]) => {
    if (!definition) return [];
    const { noiseShape, ...nature } = definition;
    const value = layer.options[option as keyof O] as number | Schedule;
    return {
      ...nature,
      option,
      value,
      isOn: !isOff(nature.strength, value),
      seed,
      ...(noiseShape && { noiseShape: (input: readonly (number | null)[]) => noiseShape(input, layer.options) }),
      set: (to: number | Schedule) => layer.setOptions({ [option]: to } as Partial<O>),
    };
  });
}
