import { define, type Entry } from '@keepprob/core/catalogue';
import { initializers, layers } from '@tensorflow/tfjs-layers';
import { spectralNorm } from './spectralNorm.ts';
import { weightNorm } from './weightNorm.ts';

const dense = () =>
  layers.dense({ units: 3, kernelInitializer: initializers.glorotUniform({ seed: 1 }), biasInitializer: 'ones' });

export const wrappers: readonly Entry[] = [
  define.wrapper({
    factory: weightNorm,
    around: dense,
    calls: ['weightNorm(layer)'],
    what: 'trains the length and direction of each unit separately; g starts as ‖v‖; `l2`, `weightDecay`, `maxNorm` and the other norms act on g, since ‖w‖ = |g|',
    goodFor: 'networks for which batch norm is out of place: recurrent ones, reinforcement learning, small batches',
    formula: 'w = g v / ‖v‖, at inference too',
    papers: [
      {
        authors: 'Salimans & Kingma',
        year: 2016,
        title: 'Weight normalization: a simple reparameterization to accelerate training of deep neural networks',
        venue: 'NIPS',
      },
    ],
    torchName: 'weight_norm',
    cost: 'a pass over the kernel, and one backward',
    combinesBadlyWith: {
      'batch norm after it': 'removes the scale',
      orthogonal: 'is about the entries of w',
      l1: 'is about the entries of w',
    },
    table: 'layers',
    options: {},
    bench: {
      net: 'mlp',
      place: 'around',
      why: 'the kernel is recomputed at each step, and its gradient is split into length and direction',
    },
    trial: { inputShape: [4], random: false, identity: false, variants: [], bad: [] },
  }),
  define.wrapper({
    factory: spectralNorm,
    around: dense,
    calls: ['spectralNorm(layer, { powerIterations })'],
    what: 'divides by the largest singular value σ, found by power iteration on a saved vector u; the gradient includes that of σ',
    goodFor: 'the critic of a GAN, and any function whose slope must be bounded',
    formula: 'W / σ, at inference too; u does not change there',
    papers: [
      {
        authors: 'Miyato et al.',
        year: 2018,
        title: 'Spectral normalization for generative adversarial networks',
        venue: 'ICLR',
      },
    ],
    torchName: 'spectral_norm',
    cost: 'two matrix-vector products per iteration, and a pass',
    combinesBadlyWith: {
      l2: 'the length of W does not affect W / σ; the same holds for `weightDecay` and `maxNorm`',
      'files of Keras’ `SpectralNormalization`': 'it overwrites the kernel, so they are not loaded',
    },
    table: 'layers',
    options: {},
    bench: { net: 'mlp', place: 'around', why: 'a power iteration at each step, and W / σ with its gradient' },
    trial: {
      inputShape: [4],
      random: false,
      identity: false,
      variants: [{ powerIterations: 2 }],
      bad: [
        { options: { powerIterations: 0 }, option: 'powerIterations' },
        { options: { powerIterations: 1.5 }, option: 'powerIterations' },
      ],
    },
  }),
];
