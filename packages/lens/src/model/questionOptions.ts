/** Options shared by several functions of the lens. */
import { option } from '@keepprob/core';
import type { FitOptions } from '@keepprob/trainer';

/** A loss as `fit` takes it. */
export const lossOption = option.custom<FitOptions['loss']>('a loss as fit takes it', value =>
  typeof value === 'string'
    ? value !== ''
    : typeof value === 'function' || (typeof value === 'object' && value !== null),
);

const keepProb = option.keepProb();

/** Where to assume dropout, as in `keepProbs(model, table, { input })` of @keepprob/dropout. */
export const dropoutOptions = {
  keepProbs: option.orNull({ ...option.record(keepProb), expected: 'an object of keepProbs by layer name' }),
  input: option.either(
    keepProb,
    { ...option.record(keepProb), expected: 'an object of these by input name' },
    { fallback: 1 },
  ),
};
