/** Words that are dropped. */
import { define, type Entry } from '@keepprob/core/catalogue';
import { tensor2d } from '@tensorflow/tfjs-core';
import { badKeepProbs } from '../../options/badKeepProbs.ts';
import { wordDropout } from '../wordDropout.ts';
import { half, otherKeepProbs } from './common.ts';

/** Eight texts of the words 5 … 8, with padding in between. */
const texts = () =>
  tensor2d(
    Array.from({ length: 48 }, (_, i) => (i % 6 === 5 ? 0 : 5 + (i % 4))),
    [8, 6],
    'int32',
  );

export const words: readonly Entry[] = [
  define.layer({
    factory: wordDropout,
    calls: ['wordDropout({ keepProb })'],
    what: 'in ids [batch, time], replaces words by `unknownId` with probability rate; `maskId` stays',
    goodFor:
      'language models and classifiers of text that rely on single words. It also trains the embedding of unknown words',
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
      options: half,
      variants: [
        ...otherKeepProbs,
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
];
