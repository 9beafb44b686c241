import { option } from '@keepprob/core';
import { define, type Entry, type Paper } from '@keepprob/core/catalogue';
import { curriculum, earlyDropout, lateDropout } from './keepProbSchedules.ts';

const liu: Paper = { authors: 'Liu et al.', year: 2023, title: 'Dropout reduces underfitting', venue: 'ICML' };
const phase = { keepProb: option.number(), steps: option.number() };

export const schedules: readonly Entry[] = [
  define.schedule({
    factory: earlyDropout,
    definition: {
      name: 'earlyDropout',
      options: { ...phase, decline: option.oneOf(['linear', 'constant'], { fallback: 'linear' }) },
    },
    make: earlyDropout,
    calls: ['earlyDropout({ keepProb, steps, decline })'],
    what: "rises evenly from keepProb to 1 within `steps` (with `decline: 'constant'`, at once at the end); against underfitting",
    goodFor: 'networks that underfit: dropout at the start makes the gradients of batches more alike (Liu et al. 2023)',
    papers: [liu],
    table: 'schedules',
    options: { keepProb: 0.9, steps: 1000 },
  }),
  define.schedule({
    factory: lateDropout,
    definition: { name: 'lateDropout', options: phase },
    make: lateDropout,
    calls: ['lateDropout({ keepProb, steps })'],
    what: '1 for `steps` updates, then keepProb',
    goodFor: 'networks that overfit late in training, and that dropout would slow down at first',
    papers: [liu],
    table: 'schedules',
    options: { keepProb: 0.9, steps: 1000 },
  }),
  define.schedule({
    factory: curriculum,
    definition: { name: 'curriculum', options: phase },
    make: curriculum,
    calls: ['curriculum({ keepProb, steps })'],
    what: 'falls from 1, fast at first',
    goodFor: 'networks that dropout from the first update on would slow down',
    formula: '(1 − keepProb) exp(−10 t / steps) + keepProb',
    papers: [{ authors: 'Morerio et al.', year: 2017, title: 'Curriculum dropout', venue: 'ICCV' }],
    table: 'schedules',
    options: { keepProb: 0.5, steps: 10_000 },
  }),
];
