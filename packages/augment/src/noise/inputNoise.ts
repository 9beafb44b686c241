import { type Batch, DataError, definePlugin, option, type RandomKey } from '@keepprob/core';
import { addNormalNoise } from '@keepprob/core/random';
import type * as tf from '@tensorflow/tfjs-core';
import { type ImageOptions, imageOptions } from '../images.ts';

/** Options of `inputNoise`. */
export interface InputNoiseOptions extends ImageOptions {
  /** Standard deviation σ ≥ 0, in the units of the input. */
  readonly stddev: number;
  /** Name of the input to act on; every float32 input by default. */
  readonly input?: string | null;
}

/**
 * x + N(0, σ²), for each element by its index in the global batch, whose row `first` is the first row of x.
 * @example
 * addNoise(tf.zeros([2, 3]), 0.1, at.key()).shape; // [2, 3]
 */
export function addNoise(x: tf.Tensor, stddev: number, key: RandomKey, first = 0): tf.Tensor {
  const [rows = 1] = x.shape;
  return addNormalNoise(x, key, { scale: stddev, first: first * (x.size / rows) });
}

/**
 * Gaussian noise on the inputs, of any rank: x ← x + N(0, σ²). For small σ and squared error it acts as Tikhonov's penalty ½ σ² ‖∂f/∂x‖² (Bishop 1995).
 * Values are not clipped.
 * @example
 * await fit(model, { x, y }, { ...options, plugins: [inputNoise(0.1)] });
 * @throws OptionError for a negative stddev
 */
export const inputNoise = definePlugin<InputNoiseOptions, 'stddev'>({
  name: 'inputNoise',
  shorthand: 'stddev',
  options: { stddev: option.number({ min: 0 }), ...imageOptions },
  setup: ({ stddev, input }) => ({
    batch(batch, at) {
      const names = floatInputs(batch, input);
      const x = Object.fromEntries(
        names.map(name => [name, addNoise(batch.x[name] as tf.Tensor, stddev, at.key(), at.rows[0])]),
      );
      return { ...batch, x: { ...batch.x, ...x } };
    },
  }),
});

function floatInputs({ x }: Batch, input: string | null): string[] {
  const names = Object.entries(x).flatMap(([name, t]) =>
    t.dtype === 'float32' && (input === null || input === name) ? [name] : [],
  );
  if (names.length) return names;
  const received = Object.entries(x).map(([name, t]) => `"${name}" of ${t.dtype}`);
  throw DataError.of(
    'inputNoise, inputs',
    input === null ? 'a float32 input' : `a float32 input "${input}"`,
    `${received}`,
  );
}
