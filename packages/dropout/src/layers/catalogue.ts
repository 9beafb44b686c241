import { define, type Entry, type Paper } from '@keepprob/core/catalogue';
import { linear } from '@keepprob/core/schedules';
import { tensor2d } from '@tensorflow/tfjs-core';
import { badKeepProbs } from '../options/badKeepProbs.ts';
import { alphaDropout } from './alphaDropout.ts';
import { concreteDropout } from './concreteDropout.ts';
import { dropBlock2D } from './dropBlock.ts';
import { dropout } from './dropout.ts';
import { dropPath } from './dropPath.ts';
import { featureAlphaDropout } from './featureAlphaDropout.ts';
import { gaussianDropout } from './gaussianDropout.ts';
import { gaussianNoise } from './gaussianNoise.ts';
import { spatialDropout1D, spatialDropout2D, spatialDropout3D } from './spatialDropout.ts';
import { wordDropout } from './wordDropout.ts';

const srivastava: Paper = {
  authors: 'Srivastava et al.',
  year: 2014,
  title: 'Dropout: a simple way to prevent neural networks from overfitting',
  venue: 'Journal of Machine Learning Research 15',
};
const klambauer: Paper = {
  authors: 'Klambauer et al.',
  year: 2017,
  title: 'Self-normalizing neural networks',
  venue: 'NIPS',
};
const tompson: Paper = {
  authors: 'Tompson et al.',
  year: 2015,
  title: 'Efficient object localization using convolutional networks',
  venue: 'CVPR',
};
const falling = linear({ from: 1, to: 0.5, steps: 3 });
const fewChannels = { 'few channels': 'a whole one is missing at a time' };
const badDataFormat = { options: { keepProb: 0.5, dataFormat: 'first' }, option: 'dataFormat' };
const badNoiseShape = { options: { keepProb: 0.5, noiseShape: [0] }, option: 'noiseShape' };

/** What the three spatial dropouts say alike. */
const spatial = {
  what: 'drops whole channels',
  formula: 'x / keepProb or 0, one draw for each sample and channel',
  papers: [tompson],
  cost: 'a draw per channel',
  combinesBadlyWith: fewChannels,
  options: { keepProb: 0.8 },
};
const spatialTrial = {
  options: { keepProb: 0.5, seed: 1 },
  variants: [
    { keepProb: 0.8, seed: 1 },
    { rate: 0.3, seed: 1 },
    { keepProb: 0.5, seed: 2 },
    { keepProb: 0.5, seed: 1, dataFormat: 'channelsFirst' as const },
  ],
  bad: [...badKeepProbs, badDataFormat],
};

/** Eight texts of the words 5 … 8, with padding in between. */
const texts = () =>
  tensor2d(
    Array.from({ length: 48 }, (_, i) => (i % 6 === 5 ? 0 : 5 + (i % 4))),
    [8, 6],
    'int32',
  );

/** Regularizers of concrete dropout need a layer behind it; the conformance kit has none. */
const alone = { weightRegularizer: 0, dropoutRegularizer: 0, initialRate: 0.4, seed: 1 };

export const layers: readonly Entry[] = [
  define.layer({
    factory: dropout,
    calls: ['dropout({ keepProb })'],
    what: 'drops elements, a new mask at every step',
    formula: 'x / keepProb or 0',
    papers: [srivastava],
    kerasName: 'Dropout',
    torchName: 'Dropout',
    cost: 'a draw per element, forward and backward; nothing is kept',
    combinesBadlyWith: { 'batch norm behind it': 'its statistics are those of thinned activations' },
    options: { keepProb: 0.5 },
    bench: { net: 'mlp', place: 'behind' },
    trial: {
      inputShape: [6],
      options: { keepProb: 0.5, seed: 1 },
      variants: [
        { keepProb: 0.8, seed: 1 },
        { rate: 0.3, seed: 1 },
        { keepProb: 0.5, seed: 2 },
        { keepProb: 0.5, seed: 1, noiseShape: [null, 1] },
        { keepProb: falling, seed: 1 },
      ],
      bad: [...badKeepProbs, badNoiseShape],
    },
  }),
  define.layer({
    ...spatial,
    factory: spatialDropout1D,
    calls: ['spatialDropout1D({ keepProb })'],
    kerasName: 'SpatialDropout1D',
    torchName: 'Dropout1d',
    bench: { net: 'text', place: 'behind' },
    trial: { ...spatialTrial, inputShape: [4, 3] },
  }),
  define.layer({
    ...spatial,
    factory: spatialDropout2D,
    calls: ['spatialDropout2D({ keepProb })'],
    kerasName: 'SpatialDropout2D',
    torchName: 'Dropout2d',
    bench: { net: 'cnn', place: 'behind' },
    trial: { ...spatialTrial, inputShape: [2, 3, 4] },
  }),
  define.layer({
    ...spatial,
    factory: spatialDropout3D,
    calls: ['spatialDropout3D({ keepProb })'],
    kerasName: 'SpatialDropout3D',
    torchName: 'Dropout3d',
    bench: { net: 'volume', place: 'behind' },
    trial: { ...spatialTrial, inputShape: [2, 2, 2, 3] },
  }),
  define.layer({
    factory: dropBlock2D,
    calls: ['dropBlock2D({ keepProb, blockSize })'],
    what: 'drops squares of `blockSize`² pixels, each with probability γ; the rest is rescaled in its sample',
    formula: 'γ = (q/s²) hw / ((h−s+1)(w−s+1)); x · count / kept',
    papers: [
      {
        authors: 'Ghiasi, Lin & Le',
        year: 2018,
        title: 'DropBlock: a regularization method for convolutional networks',
        venue: 'NeurIPS',
        at: 'algorithm 1',
      },
    ],
    torchName: 'torchvision.ops.DropBlock2d',
    cost: 'as `dropout` on the CPU; the mask is made there on every backend',
    combinesBadlyWith: {
      'maps hardly larger than a block': 'all of a map goes at once',
      'keepProb near 1 with large blocks': 'γ has 16 bits',
    },
    options: { keepProb: 0.8, blockSize: 3 },
    bench: { net: 'cnn', place: 'behind', why: 'the mask is made in JavaScript' },
    trial: {
      inputShape: [4, 5, 3],
      options: { keepProb: 0.7, seed: 1, blockSize: 2 },
      variants: [
        { rate: 0.5, seed: 1, blockSize: 2 },
        { keepProb: 0.7, seed: 2, blockSize: 2 },
        { keepProb: 0.7, seed: 1, blockSize: 3 },
        { keepProb: 0.7, seed: 1, blockSize: 2, dataFormat: 'channelsFirst' },
        { keepProb: falling, seed: 1, blockSize: 2 },
      ],
      bad: [
        ...badKeepProbs,
        { options: { keepProb: 0.5, blockSize: 0 }, option: 'blockSize' },
        { options: { keepProb: 0.5, blockSize: 1.5 }, option: 'blockSize' },
        badDataFormat,
      ],
    },
  }),
  define.layer({
    factory: dropPath,
    calls: ['dropPath({ keepProb })'],
    what: 'drops whole samples: stochastic depth, behind a residual branch; `linearDepth({ blocks, lastKeepProb })` gives the keepProbs p_l',
    formula: 'x / keepProb or 0; p_l = 1 − (l/L)(1 − p_L)',
    papers: [{ authors: 'Huang et al.', year: 2016, title: 'Deep networks with stochastic depth', venue: 'ECCV' }],
    torchName: 'torchvision.ops.StochasticDepth',
    cost: 'a draw per sample',
    combinesBadlyWith: { 'branches that are not added to their input': 'nothing is left of the sample' },
    options: { keepProb: 0.8 },
    bench: { net: 'cnn', place: 'behind' },
    trial: {
      inputShape: [6],
      options: { keepProb: 0.5, seed: 1 },
      variants: [
        { keepProb: 0.8, seed: 1 },
        { rate: 0.3, seed: 1 },
        { keepProb: 0.5, seed: 2 },
      ],
      bad: badKeepProbs,
    },
  }),
  define.layer({
    factory: alphaDropout,
    calls: ['alphaDropout({ keepProb })'],
    what: 'drops to SELU’s lower limit α′ and keeps mean 0 and variance 1',
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
      why: 'the mask is drawn in JavaScript once more, for the value in place of what is dropped',
    },
    trial: {
      inputShape: [6],
      options: { keepProb: 0.5, seed: 1 },
      variants: [
        { keepProb: 0.8, seed: 1 },
        { rate: 0.3, seed: 1 },
        { keepProb: 0.5, seed: 2 },
        { keepProb: 0.5, seed: 1, noiseShape: [null, 1] },
      ],
      bad: [...badKeepProbs, badNoiseShape],
    },
  }),
  define.layer({
    factory: featureAlphaDropout,
    calls: ['featureAlphaDropout({ keepProb })'],
    what: 'alpha dropout of whole channels',
    papers: [klambauer],
    torchName: 'FeatureAlphaDropout',
    cost: 'a draw per channel',
    combinesBadlyWith: { ...fewChannels, 'activations other than SELU': '' },
    options: { keepProb: 0.8 },
    bench: { net: 'cnn', place: 'behind' },
    trial: {
      inputShape: [3, 2, 2],
      options: { keepProb: 0.5, seed: 1 },
      variants: [
        { rate: 0.3, seed: 1 },
        { keepProb: 0.5, seed: 2 },
        { keepProb: 0.5, seed: 1, dataFormat: 'channelsFirst' },
      ],
      bad: [...badKeepProbs, badDataFormat],
    },
  }),
  define.layer({
    factory: gaussianDropout,
    calls: ['gaussianDropout({ keepProb })'],
    what: 'multiplies by noise of mean 1',
    formula: 'x · m, m ~ N(1, rate / (1 − rate))',
    papers: [{ ...srivastava, at: '§10' }],
    kerasName: 'GaussianDropout',
    cost: 'a normal number per element, forward and backward: some five times `dropout`',
    combinesBadlyWith: { 'ReLU right behind it, when rate is high': 'm < 0 flips signs' },
    options: { keepProb: 0.8 },
    bench: { net: 'mlp', place: 'behind', why: 'a normal number for each activation, forward and backward' },
    trial: {
      inputShape: [6],
      options: { keepProb: 0.5, seed: 1 },
      variants: [
        { keepProb: 0.8, seed: 1 },
        { rate: 0.3, seed: 1 },
        { keepProb: 0.5, seed: 2 },
        { keepProb: falling, seed: 1 },
      ],
      bad: badKeepProbs,
    },
  }),
  define.layer({
    factory: gaussianNoise,
    calls: ['gaussianNoise({ stddev })'],
    what: 'adds noise of mean 0',
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
  define.layer({
    factory: wordDropout,
    calls: ['wordDropout({ keepProb })'],
    what: 'ids [batch, time]: a word becomes `unknownId` with probability rate; `maskId` stays',
    papers: [
      {
        authors: 'Bowman et al.',
        year: 2016,
        title: 'Generating sentences from a continuous space',
        venue: 'CoNLL',
      },
    ],
    cost: 'a draw per word',
    combinesBadlyWith: { 'vocabularies in which `unknownId` is a word': 'that word is learned wrongly' },
    options: { keepProb: 0.8 },
    bench: { net: 'text', place: 'first' },
    trial: {
      inputShape: [6],
      input: texts,
      options: { keepProb: 0.5, seed: 1 },
      variants: [
        { rate: 0.3, seed: 1 },
        { keepProb: 0.5, seed: 2 },
        { keepProb: 0.5, seed: 1, unknownId: 3 },
        { keepProb: 0.5, seed: 1, maskId: 5 },
        { keepProb: 0.5, seed: 1, maskId: null },
      ],
      bad: [
        ...badKeepProbs,
        { options: { keepProb: 0.5, unknownId: -1 }, option: 'unknownId' },
        { options: { keepProb: 0.5, unknownId: 0.5 }, option: 'unknownId' },
        { options: { keepProb: 0.5, maskId: -1 }, option: 'maskId' },
      ],
    },
  }),
  define.layer({
    factory: concreteDropout,
    calls: ['concreteDropout()'],
    what: 'learns its rate r, next to the weights of the layer behind it',
    formula:
      'x (1 − z) / (1 − r), z = σ((logit r + logit u) / t); J gains wr ‖W‖² / (1 − r) + dr D (r log r + (1 − r) log(1 − r))',
    papers: [{ authors: 'Gal, Hron & Kendall', year: 2017, title: 'Concrete dropout', venue: 'NIPS' }],
    cost: 'a 32-bit number per element; the mask stays on the tape',
    combinesBadlyWith: { l2: 'on the same kernel, which it regularizes already' },
    options: {},
    bench: {
      net: 'mlp',
      place: 'behind',
      why: 'a logarithm and a sigmoid for each activation, and their gradients',
    },
    trial: {
      inputShape: [6],
      options: alone,
      variants: [
        { ...alone, initialRate: 0.2 },
        { ...alone, temperature: 0.5 },
        { ...alone, seed: 2 },
        { ...alone, noiseShape: [null, 1] },
        { ...alone, fixedKeepProb: 0.5 },
      ],
      bad: [
        { options: { initialRate: 0 }, option: 'initialRate' },
        { options: { initialRate: 1 }, option: 'initialRate' },
        { options: { temperature: 0 }, option: 'temperature' },
        { options: { weightRegularizer: -1 }, option: 'weightRegularizer' },
        { options: { dropoutRegularizer: Number.NaN }, option: 'dropoutRegularizer' },
        { options: { noiseShape: [0] }, option: 'noiseShape' },
        { options: { fixedKeepProb: 0 }, option: 'fixedKeepProb' },
        { options: { seed: 0.5 }, option: 'seed' },
        { options: 0.5 },
      ],
    },
  }),
];
