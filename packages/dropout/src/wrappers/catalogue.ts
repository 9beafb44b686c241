import { define, type Entry, type Paper } from '@keepprob/core/catalogue';
import { tensor3d } from '@tensorflow/tfjs-core';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import { badKeepProbs } from '../options/badKeepProbs.ts';
import { dropConnect } from './dropConnect.ts';
import { embeddingDropout } from './embeddingDropout.ts';

const merity: Paper = {
  authors: 'Merity, Keskar & Socher',
  year: 2018,
  title: 'Regularizing and optimizing LSTM language models',
  venue: 'ICLR',
};
const WORDS = 9;

export const wrappers: readonly Entry[] = [
  define.wrapper({
    factory: dropConnect,
    around: () =>
      layers.dense({ units: 3, kernelInitializer: initializers.glorotUniform({ seed: 1 }), biasInitializer: 'ones' }),
    calls: ['dropConnect(layer, { keepProb, roles })'],
    what: 'drops weights, with one draw for the batch (the paper draws for each example, which would take a matrix product each); W at inference',
    goodFor: 'recurrent kernels of language models, and dense layers in which dropping whole units is too coarse',
    formula: 'w / keepProb or 0',
    papers: [
      {
        authors: 'Wan et al.',
        year: 2013,
        title: 'Regularization of neural networks using DropConnect',
        venue: 'ICML',
      },
      { ...merity, at: 'on recurrent kernels' },
    ],
    cost: 'a pass over the weights',
    combinesBadlyWith: {
      weightNorm: 'inside `dropConnect` it would see a dropped kernel: put it outside',
      spectralNorm: 'put it outside, as `weightNorm`',
    },
    options: { keepProb: 0.8 },
    bench: { net: 'mlp', place: 'around', why: 'a mask for each weight is drawn at each step' },
    trial: {
      inputShape: [4],
      identity: false,
      options: { keepProb: 0.5, seed: 1 },
      variants: [
        { rate: 0.3, seed: 1 },
        { keepProb: 0.5, seed: 2 },
      ],
      bad: [
        ...badKeepProbs,
        { options: { keepProb: 0.5, roles: [] }, option: 'roles' },
        { options: { keepProb: 0.5, roles: ['bias'] }, option: 'roles' },
      ],
    },
  }),
  define.wrapper({
    factory: embeddingDropout,
    around: () =>
      layers.embedding({
        inputDim: WORDS,
        outputDim: 2,
        maskZero: false,
        inputLength: [2, 3],
        inputShape: [2, 3],
        embeddingsInitializer: initializers.randomUniform({ minval: 1, maxval: 2, seed: 1 }),
      }),
    calls: ['embeddingDropout(embedding, { keepProb })'],
    what: 'drops words everywhere in the batch at once; E at inference',
    goodFor: 'language models with a large embedding and few texts',
    formula: 'E / keepProb or 0, one draw for each word',
    papers: [
      {
        authors: 'Gal & Ghahramani',
        year: 2016,
        title: 'A theoretically grounded application of dropout in recurrent neural networks',
        venue: 'NIPS',
        at: '§4.2',
      },
      { ...merity, at: '§4.3' },
    ],
    cost: 'a pass over all embeddings',
    combinesBadlyWith: { 'a vocabulary much larger than the batch': 'most draws are for words that do not occur' },
    options: { keepProb: 0.8 },
    bench: { net: 'text', place: 'aroundEmbedding' },
    trial: {
      inputShape: [2, 3],
      // eight texts of two lines of three words
      input: () =>
        tensor3d(
          Array.from({ length: 48 }, (_, i) => i % WORDS),
          [8, 2, 3],
          'int32',
        ),
      identity: false,
      options: { keepProb: 0.5, seed: 1 },
      variants: [
        { rate: 0.3, seed: 1 },
        { keepProb: 0.5, seed: 2 },
      ],
      bad: badKeepProbs,
    },
  }),
];
