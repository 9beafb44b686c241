import { isKernel, type Option, option, type Weight } from '@keepprob/core';

/** Which weights a plugin acts on. */
export type WeightFilter = (weight: Weight) => boolean;

/** By default kernels, depthwise kernels and recurrent kernels; not biases, gains, embeddings. */
export const where: Option<WeightFilter> = option.fn<WeightFilter>({ fallback: isKernel });
