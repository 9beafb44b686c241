import type { Weight } from '../contract.ts';
import { isKernel } from '../model/weights.ts';
import type { OptionWithFallback } from '../options/kind.ts';
import * as option from '../options/option.ts';

/** Which weights a plugin acts on. */
export type WeightFilter = (weight: Weight) => boolean;

/**
 * The option `where`. By default a plugin acts on kernels, including depthwise and recurrent kernels, but not on biases, gains and embeddings.
 * @example
 * const specs = { where: whereOption() };
 * checkOptions('myPlugin', specs, {}).where(weights[1]); // false
 */
export const whereOption = (fallback: WeightFilter = isKernel): OptionWithFallback<WeightFilter> =>
  option.fn({ fallback });
