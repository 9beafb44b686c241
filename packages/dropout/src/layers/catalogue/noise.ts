/** Dropout that keeps mean and variance, and noise. */
import { define, type Entry, type Paper } from '@keepprob/core/catalogue';
import { linear } from '@keepprob/core/schedules';
import { badKeepProbs } from '../../options/badKeepProbs.ts';
import { alphaDropout } from '../alphaDropout.ts';
import { featureAlphaDropout } from '../featureAlphaDropout.ts';
import { gaussianDropout } from '../gaussianDropout.ts';
import { gaussianNoise } from '../gaussianNoise.ts';
import { badDataFormat, badNoiseShape, falling, fewChannels, half, otherKeepProbs, srivastava } from './common.ts';

const klambauer: Paper = {
  authors: 'Klambauer et al.',
  year: 2017,
  title: 'Self-normalizing neural networks',
  venue: 'NIPS',
};
export const noise: readonly Entry[] = [
  define.layer({
    factory: alphaDropout,
    calls: ['alphaDropout({ keepProb })'],
    what: 'drops to SELU’s lower limit α′ and keeps mean 0 and variance 1',
    goodFor: 'self-normalizing networks, which have SELU and LeCun initialization',
    formula: 'a (keep ? x : α′) + b',
    papers: [klambauer],
    kerasName: 'AlphaDropout',
    torchName: 'AlphaDropout',
    cost: 'two passes',
    combinesBadlyWith: { 'activations other than SELU': '', 'batch norm': 'does the same work' },
    options: { keepProb: 0.8 },
    bench: {
      net: 'mlp',
      place: 'behind',
      why: 'dropout between two passes over the activations',
    },
    trial: {
      inputShape: [6],
      options: half,
      variants: [...otherKeepProbs, { keepProb: 0.5, seed: 1, noiseShape: [null, 1] }],
      bad: [...badKeepProbs, badNoiseShape],
    },
  }),
  define.layer({
    factory: featureAlphaDropout,
    calls: ['featureAlphaDropout({ keepProb })'],
    what: 'alpha dropout of whole channels',
    goodFor: 'convolutional networks with SELU and LeCun initialization',
    papers: [klambauer],
    torchName: 'FeatureAlphaDropout',
    cost: 'a draw per channel',
    combinesBadlyWith: { ...fewChannels, 'activations other than SELU': '' },
    options: { keepProb: 0.8 },
    bench: { net: 'cnn', place: 'behind' },
    trial: {
      inputShape: [3, 2, 2],
      options: half,
      variants: [...otherKeepProbs, { keepProb: 0.5, seed: 1, dataFormat: 'channelsFirst' }],
      bad: [...badKeepProbs, badDataFormat],
    },
  }),
  define.layer({
    factory: gaussianDropout,
    calls: ['gaussianDropout({ keepProb })'],
    what: 'multiplies by noise of mean 1',
    goodFor: 'the same networks as `dropout`: the noise has the same mean and variance, and sets nothing to 0',
    formula: 'x · m, m ~ N(1, rate / (1 − rate))',
    papers: [{ ...srivastava, at: '§10' }],
    kerasName: 'GaussianDropout',
    cost: 'a normal number per element, forward and backward: about five times `dropout`',
    combinesBadlyWith: { 'ReLU right after it, if rate is high': 'm < 0 flips signs' },
    options: { keepProb: 0.8 },
    bench: { net: 'mlp', place: 'behind', why: 'a normal number for each activation, forward and backward' },
    trial: {
      inputShape: [6],
      options: half,
      variants: [...otherKeepProbs, { keepProb: falling, seed: 1 }],
      bad: badKeepProbs,
    },
  }),
  define.layer({
    factory: gaussianNoise,
    calls: ['gaussianNoise({ stddev })'],
    what: 'adds noise of mean 0',
    goodFor:
      'inputs that are measured with error, and networks with few rows: on inputs it acts like a penalty on the slopes of the output',
    formula: 'x + ε, ε ~ N(0, stddev²)',
    papers: [
      {
        authors: 'Bishop',
        year: 1995,
        title: 'Training with noise is equivalent to Tikhonov regularization',
        venue: 'Neural Computation 7',
      },
    ],
    kerasName: 'GaussianNoise',
    cost: 'a normal number per element, nothing backward',
    combinesBadlyWith: { 'inputs of different scales': 'standardize them first' },
    options: { stddev: 0.1 },
    bench: { net: 'mlp', place: 'first', why: 'a normal number for each activation' },
    trial: {
      inputShape: [6],
      options: { stddev: 0.5, seed: 1 },
      variants: [
        { stddev: 0.25, seed: 1 },
        { stddev: 0.5, seed: 2 },
        { stddev: linear({ from: 0, to: 1, steps: 3 }), seed: 1 },
      ],
      bad: [
        { options: { stddev: -0.1 }, option: 'stddev' },
        { options: { stddev: Infinity }, option: 'stddev' },
        { options: { stddev: '1' }, option: 'stddev' },
        { options: { stddev: 0.1, seed: -1 }, option: 'seed' },
        { options: { stddev: 0.1, rate: 0.1 }, option: 'rate' },
        { options: 0.1 },
      ],
    },
  }),
];
