import { counterDropout, type Moment, messages, OptionError, option, type Schedule, valueAt } from '@keepprob/core';
import { defineLayer, type LayerFactory, type LayerOptions, type PluginLayer } from '@keepprob/core/layers';
import type * as tf from '@tensorflow/tfjs-core';

/** The checked options of a dropout layer: what `layer.options` and a saved model hold. */
export interface DropoutConfig {
  /** Probability that an element is kept, in (0, 1]; resolution 2⁻¹⁶. May be a schedule. */
  readonly keepProb: number | Schedule;
  /**
   * Shape of the mask, batch axis included, as in Keras: 1 shares one draw along an axis, null follows the input.
   * `[null, 1, null]` drops whole features of a sequence.
   */
  readonly noiseShape?: readonly (number | null)[] | null;
  /** Of this layer alone; replaces the run's. */
  readonly seed?: number | null;
}

type Rest = Omit<DropoutConfig, 'keepProb'>;

/** Exactly one of `keepProb`, the lecture's, and `rate`, TF.js': rate = 1 − keepProb. */
export type DropoutOptions = LayerOptions<
  Rest &
    (
      | { readonly keepProb: number | Schedule; readonly rate?: never }
      | { readonly rate: number; readonly keepProb?: never }
    )
>;

/** The noise shape for an input: null entries follow it. */
function resolve(noiseShape: DropoutConfig['noiseShape'], shape: readonly number[]): number[] {
  return shape.map((size, axis) => noiseShape?.[axis] ?? size);
}

function checkNoiseShape(shape: readonly (number | null)[], noiseShape: DropoutConfig['noiseShape']): void {
  const fits =
    !noiseShape ||
    (noiseShape.length === shape.length &&
      noiseShape.every((n, axis) => n === null || n === 1 || shape[axis] === null || n === shape[axis]));
  if (!fits) {
    const expected = `one entry per axis of the input [${shape.map(String)}], each null, 1 or the size of that axis`;
    throw OptionError.of('dropout', 'noiseShape', expected, noiseShape);
  }
}

/** `rate` becomes `keepProb`, so that there is one field to look at, and one in a saved model. */
function oneField(given: { keepProb?: unknown; rate?: unknown }): object {
  const { keepProb, rate, ...rest } = given;
  if (keepProb !== undefined && rate !== undefined)
    throw new OptionError(messages.keepProbOrRate('dropout'), { option: 'rate' });
  if (rate === undefined) return given;
  if (typeof rate !== 'number' || !(rate >= 0 && rate < 1))
    throw OptionError.of('dropout', 'rate', 'a number ≥ 0 < 1', rate);
  return { ...rest, keepProb: 1 - rate };
}

const keepProb = option.schedule({ above: 0, max: 1 });

const factory: LayerFactory<DropoutConfig> = defineLayer<DropoutConfig>({
  name: 'dropout',
  className: 'KeepprobDropout',
  options: {
    keepProb: { ...keepProb, expected: `${keepProb.expected}; or instead \`rate\`, a number ≥ 0 < 1` },
    noiseShape: option.custom(
      'a list of null and integers ≥ 1',
      value =>
        value === null || (Array.isArray(value) && value.every(n => n === null || (Number.isSafeInteger(n) && n >= 1))),
      { fallback: null },
    ),
    seed: option.custom(
      'an integer ≥ 0, or null',
      value => value === null || (Number.isSafeInteger(value) && Number(value) >= 0),
      {
        fallback: null,
      },
    ),
  },
  normalize: oneField,
  checkShape: (shape, { noiseShape }) => checkNoiseShape(shape, noiseShape),
  forward: (x, { keepProb, noiseShape }, at) => dropoutForward(x, valueAt(keepProb, at), noiseShape, at),
});

/** y = keep ? x / keepProb : 0, elementwise, with the mask of this moment. */
export function dropoutForward(
  x: tf.Tensor,
  keepProb: number,
  noiseShape: DropoutConfig['noiseShape'],
  at: Moment,
): tf.Tensor {
  checkNoiseShape(x.shape, noiseShape);
  return counterDropout(x, { keepProb, noiseShape: resolve(noiseShape, x.shape), key: at.key(), rows: at.rows });
}

/**
 * Inverted dropout (Srivastava et al. 2014): in training each element is kept with probability keepProb and divided by
 * it, or set to 0; at inference the identity. Every step draws a fresh mask, the same one again from the same seed, on
 * every backend. The backward pass draws the mask again: nothing but the output stays on the tape.
 *
 * `dropout({ keepProb: 0.5 })`, `dropout({ rate: 0.5, noiseShape: [null, 1, null], name: 'drop1' })`; also takes
 * TF.js' layer arguments. Monte-Carlo dropout: `model.apply(x, { training: true })`.
 * @throws OptionError for both or neither of keepProb and rate, or a value out of (0, 1]
 */
export const dropout = factory as ((options: DropoutOptions) => PluginLayer<DropoutConfig>) &
  Pick<typeof factory, 'layerClass'>;
