import { define, type Entry } from '@keepprob/core/catalogue';
import { inputNoise } from './inputNoise.ts';

export const noise: readonly Entry[] = [
  define.plugin({
    factory: inputNoise,
    calls: ['inputNoise(σ)'],
    what: 'Gaussian noise on inputs of any rank',
    goodFor: 'inputs that are measured with error, and outputs that must not change with small changes of the input',
    formula: 'x ← x + N(0, σ²)',
    papers: [
      {
        authors: 'Bishop',
        year: 1995,
        title: 'Training with noise is equivalent to Tikhonov regularization',
        venue: 'Neural Computation 7',
      },
    ],
    cost: 'a normal number per element, drawn in JavaScript',
    combinesBadlyWith: { 'inputs on different scales': 'name one by `input`' },
    table: 'labels',
    options: { stddev: 0.1 },
    bench: { net: 'cnn', why: 'a normal number for each pixel' },
    trial: {
      variants: [{ stddev: 0.2 }],
      bad: [
        { options: { stddev: -1 }, option: 'stddev' },
        { options: { stddev: 1, input: 0 }, option: 'input' },
      ],
    },
  }),
];
