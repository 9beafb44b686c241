/** Elements, channels, squares and samples that are dropped. */
import { define, type Entry, type Paper } from '@keepprob/core/catalogue';
import { badKeepProbs } from '../../options/badKeepProbs.ts';
import { dropBlock2D } from '../dropBlock.ts';
import { dropout } from '../dropout.ts';
import { dropPath } from '../dropPath.ts';
import { spatialDropout1D, spatialDropout2D, spatialDropout3D } from '../spatialDropout.ts';
import { badDataFormat, badNoiseShape, falling, fewChannels, half, otherKeepProbs, srivastava } from './common.ts';

const tompson: Paper = {
  authors: 'Tompson et al.',
  year: 2015,
  title: 'Efficient object localization using convolutional networks',
  venue: 'CVPR',
};
/** What the three spatial dropouts say alike. */
const spatial = {
  what: 'drops whole channels',
  goodFor: 'convolutions, whose neighbors are so alike that dropping single activations removes little',
  formula: 'x / keepProb or 0, one draw for each sample and channel',
  papers: [tompson],
  cost: 'a draw per channel',
  combinesBadlyWith: fewChannels,
  options: { keepProb: 0.8 },
};
const spatialTrial = {
  options: half,
  variants: [...otherKeepProbs, { keepProb: 0.5, seed: 1, dataFormat: 'channelsFirst' as const }],
  bad: [...badKeepProbs, badDataFormat],
};

export const dropping: readonly Entry[] = [
  define.layer({
    factory: dropout,
    calls: ['dropout({ keepProb })'],
    what: 'drops elements, a new mask at every step',
    goodFor:
      'networks of dense layers that overfit. It needs longer training, and it hurts a network that does not overfit',
    formula: 'x / keepProb or 0',
    papers: [srivastava],
    kerasName: 'Dropout',
    torchName: 'Dropout',
    cost: 'a draw per element, forward and backward; nothing is kept',
    combinesBadlyWith: { 'batch norm after it': 'its statistics are those of activations with dropout' },
    options: { keepProb: 0.5 },
    bench: { net: 'mlp', place: 'behind' },
    trial: {
      inputShape: [6],
      options: half,
      variants: [...otherKeepProbs, { keepProb: 0.5, seed: 1, noiseShape: [null, 1] }, { keepProb: falling, seed: 1 }],
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
    bench: {
      net: 'volume',
      place: 'behind',
      why: 'volumes are read and written once more each way, next to a short step',
    },
    trial: { ...spatialTrial, inputShape: [2, 2, 2, 3] },
  }),
  define.layer({
    factory: dropBlock2D,
    calls: ['dropBlock2D({ keepProb, blockSize })'],
    what: 'drops squares of `blockSize`² pixels, each with probability γ, and rescales the rest of the sample',
    goodFor: 'deep convolutional networks on larger images',
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
      'maps hardly larger than a block': 'a whole map goes at once',
      'keepProb near 1 with large blocks': 'γ has 16 bits',
    },
    options: { keepProb: 0.8, blockSize: 3 },
    bench: { net: 'cnn', place: 'behind', why: 'blocks are drawn and counted, forward and backward' },
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
    what: 'drops whole samples: stochastic depth, after a residual branch; `linearDepth({ blocks, lastKeepProb })` gives the keepProbs p_l',
    goodFor: 'deep networks of residual blocks, with keepProbs that fall with depth',
    formula: 'x / keepProb or 0; p_l = 1 − (l/L)(1 − p_L)',
    papers: [{ authors: 'Huang et al.', year: 2016, title: 'Deep networks with stochastic depth', venue: 'ECCV' }],
    torchName: 'torchvision.ops.StochasticDepth',
    cost: 'a draw per sample',
    combinesBadlyWith: { 'branches that are not added to their input': 'the whole sample is lost' },
    options: { keepProb: 0.8 },
    bench: { net: 'cnn', place: 'behind' },
    trial: {
      inputShape: [6],
      options: half,
      variants: [...otherKeepProbs, { ...half, scaleByKeep: false }],
      bad: [...badKeepProbs, { options: { keepProb: 0.5, scaleByKeep: 1 }, option: 'scaleByKeep' }],
    },
  }),
];
