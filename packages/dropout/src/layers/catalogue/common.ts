/** What several entries say alike. */
import type { Paper } from '@keepprob/core/catalogue';
import { linear } from '@keepprob/core/schedules';

export const srivastava: Paper = {
  authors: 'Srivastava et al.',
  year: 2014,
  title: 'Dropout: a simple way to prevent neural networks from overfitting',
  venue: 'Journal of Machine Learning Research 15',
};

/** What the kit tries of a layer that drops with a keepProb. */
export const half = { keepProb: 0.5, seed: 1 };
export const otherKeepProbs = [
  { keepProb: 0.8, seed: 1 },
  { rate: 0.3, seed: 1 },
  { keepProb: 0.5, seed: 2 },
];
export const falling = linear({ from: 1, to: 0.5, steps: 3 });

export const badDataFormat = { options: { keepProb: 0.5, dataFormat: 'first' }, option: 'dataFormat' };
export const badNoiseShape = { options: { keepProb: 0.5, noiseShape: [0] }, option: 'noiseShape' };
export const fewChannels = { 'few channels': 'a whole channel is missing at a time' };
