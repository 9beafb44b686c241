import type { Weight } from './contract.ts';
import { type Option, option } from './options.ts';
import { isKernel } from './weights.ts';

/** Which weights a plugin acts on. */
export type WeightFilter = (weight: Weight) => boolean;

/** The option `where`: by default kernels, depthwise and recurrent kernels; not biases, gains, embeddings. */
export const whereOption = (fallback: WeightFilter = isKernel): Option<WeightFilter> =>
  option.fn<WeightFilter>({ fallback });
