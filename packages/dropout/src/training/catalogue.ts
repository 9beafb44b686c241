import { define, type Entry } from '@keepprob/core/catalogue';
import { dropout } from '../layers/dropout.ts';
import { rDrop } from './rDrop.ts';

export const training: readonly Entry[] = [
  define.plugin({
    factory: rDrop,
    calls: ['rDrop(α)'],
    what: 'passes every batch twice, with two masks, and pulls the two predictions p and q together; in `fit` only',
    goodFor: 'fine-tuning with dropout, where twice the training time is no obstacle',
    formula: 'J gains α · ½ (KL(p‖q) + KL(q‖p))',
    papers: [
      {
        authors: 'Liang et al.',
        year: 2021,
        title: 'R-Drop: regularized dropout for neural networks',
        venue: 'NeurIPS',
      },
    ],
    cost: 'two passes, forward and backward',
    combinesBadlyWith: { 'a model without dropout': 'the two predictions are the same' },
    options: { strength: 1 },
    bench: { net: 'mlp', why: 'two passes, forward and backward' },
    trial: {
      layers: () => [dropout({ keepProb: 0.5, seed: 1 })],
      variants: [{ strength: 2 }, { strength: 1, fromLogits: true }],
      bad: [
        { options: { strength: -1 }, option: 'strength' },
        { options: { strength: 1, fromLogits: 'odds' }, option: 'fromLogits' },
      ],
    },
  }),
];
