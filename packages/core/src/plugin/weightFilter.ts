import type { Weight } from '../contract.ts';
import { isKernel } from '../model/weights.ts';
import type { OptionWithFallback } from '../options/kind.ts';
import * as option from '../options/option.ts';

/** Which weights a plugin acts on. */
export type WeightFilter = (weight: Weight) => boolean;

/** The option `where`: by default kernels, depthwise and recurrent kernels; not biases, gains, embeddings. */
export const whereOption = (fallback: WeightFilter = isKernel): OptionWithFallback<WeightFilter> =>
  option.fn({ fallback });
