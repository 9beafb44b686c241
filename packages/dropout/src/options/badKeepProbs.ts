/** For the catalogue: what no layer with keepProb or rate takes. */
import type { BadOptions } from '@keepprob/core/catalogue';

export const badKeepProbs: readonly BadOptions[] = [
  { options: { keepProb: 0 }, option: 'keepProb' },
  { options: { keepProb: 2 ** -17 }, option: 'keepProb' },
  { options: { rate: 1 - 2 ** -18 }, option: 'rate' },
  { options: { keepProb: 0.5, rate: 0.5 }, option: 'rate' },
  { options: { rate: 1 }, option: 'rate' },
  { options: {}, option: 'keepProb' },
  { options: { keepProb: 0.5, seed: 0.5 }, option: 'seed' },
  { options: 0.5 },
];
