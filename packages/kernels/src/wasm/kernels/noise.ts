/** Random numbers by their index, made where they are needed. */
import type { NoiseKernelAttrs } from '@keepprob/core/kernels';
import { type Kernel, sizeOf } from './kernel.ts';

export const noise: Kernel<NoiseKernelAttrs> = (bound, _, attrs) => {
  const { distribution, shape, mean, scale, first, seedLow, seedHigh, step, site, draw } = attrs;
  const { run } = bound;
  const out = bound.output(shape);
  // beyond 2³⁴ numbers too: the counter takes the number of the block modulo 2³²
  const [block, lane] = [Math.floor(first / 4) % 2 ** 32, first % 4];
  run.setDraw(step, site, draw, seedLow, seedHigh);
  bound.withBytes(run.noiseBytes(), spare =>
    run.noise(bound.at(out), sizeOf(shape), block, lane, distribution === 'logistic', mean, scale, spare),
  );
  return out;
};
