/** Random numbers by index, generated where they are needed. */
import type { KeyAttrs, NoiseKernelAttrs, WithNoiseKernelAttrs } from '@keepprob/core/kernels';
import type { Bound } from '../backend/module.ts';
import { isFloat, type Kernel, sizeOf } from './kernel.ts';

/** Calls `f` with the block and the lane of the first number of this draw, and with working memory. */
export function drawing(
  bound: Bound,
  { first, seedLow, seedHigh, step, site, draw }: KeyAttrs & { readonly first: number },
  f: (block: number, lane: number, spare: number) => void,
): void {
  bound.run.setDraw(step, site, draw, seedLow, seedHigh);
  // works beyond 2³⁴ numbers too: the counter uses the block number modulo 2³²
  bound.withBytes(bound.run.noiseBytes(), spare => f(Math.floor(first / 4) % 2 ** 32, first % 4, spare));
}

export const noise: Kernel<NoiseKernelAttrs> = (bound, _, attrs) => {
  const { distribution, shape, mean, scale } = attrs;
  const out = bound.output(shape);
  const [to, n] = [bound.at(out), sizeOf(shape)];
  drawing(bound, attrs, (block, lane, spare) =>
    bound.run.noise(to, n, block, lane, distribution === 'logistic', mean, scale, spare),
  );
  return out;
};

/** x + z, or x · z. */
export const withNoise =
  (times: boolean): Kernel<WithNoiseKernelAttrs> =>
  (bound, { x }, attrs) => {
    if (!x || !isFloat(x)) return undefined;
    const out = bound.output(x.shape);
    const [from, to, n] = [bound.at(x), bound.at(out), sizeOf(x.shape)];
    drawing(bound, attrs, (block, lane, spare) =>
      bound.run.withNoise(from, to, n, block, lane, times, attrs.mean, attrs.scale, spare),
    );
    return out;
  };
