import { chain, type TrainingPlugin } from '@keepprob/core';
import { define, type Entry } from '@keepprob/core/catalogue';
import { cutout } from '../erasing/cutout.ts';
import { cutmix } from '../mixing/cutmix.ts';
import { mixup } from '../mixing/mixup.ts';
import { randomFlip } from '../warps/randomFlip.ts';
import { fromEpoch, untilEpoch } from './epochs.ts';
import { oneOf } from './oneOf.ts';
import { randAugment } from './randAugment.ts';
import { randomApply } from './randomApply.ts';

/** Several plugins of a list as the one that a factory takes. */
const one = ([first, ...others]: readonly TrainingPlugin[]): TrainingPlugin =>
  first && !others.length ? first : chain(first, others);

const others = {
  'plugins with another hook than `batch`':
    'they are refused, since they act on the whole batch and not on single samples',
};

export const combinators: readonly Entry[] = [
  define.plugin({
    factory: randAugment,
    calls: ['randAugment()'],
    what: 'applies `count` of 13 operations to each sample, all with the same `magnitude` from 0 to 10; without equalize',
    goodFor: 'photographs, when you do not want to choose operations: there are two numbers to search, not a policy',
    papers: [
      {
        authors: 'Cubuk et al.',
        year: 2020,
        title: 'RandAugment: practical automated data augmentation with a reduced search space',
        venue: 'NeurIPS',
      },
    ],
    kerasName: 'RandAugment',
    torchName: 'torchvision.transforms.RandAugment',
    cost: 'six kinds of operations on the whole batch, `count` times',
    combinesBadlyWith: { 'other augmentation': 'it takes their place; add flips and crops only' },
    table: 'colors',
    options: {},
    bench: { net: 'colour', why: 'two operations on each row, and copies of the batch between them' },
    trial: {
      images: true,
      variants: [{ count: 1 }, { magnitude: 5 }, { valueRange: [0, 2] }],
      bad: [
        { options: { count: 0 }, option: 'count' },
        { options: { magnitude: 11 }, option: 'magnitude' },
        { options: { valueRange: [0] }, option: 'valueRange' },
      ],
    },
  }),
  define.combinator({
    factory: randomApply,
    make: (of, { probability }) => randomApply(one(of), probability),
    of: () => [randomFlip({ probability: 1 })],
    calls: ['randomApply(plugin, p)'],
    what: 'applies a plugin to a fraction p of the samples',
    goodFor: 'an augmentation that should leave some samples as they are',
    torchName: 'torchvision.transforms.RandomApply',
    cost: 'the plugin on all rows, and a select',
    combinesBadlyWith: others,
    table: 'combinators',
    options: { probability: 0.5 },
    bench: { net: 'cnn', why: 'a warp, and a selection by rows' },
    trial: {
      images: true,
      variants: [{ probability: 1 }],
      bad: [{ options: { probability: 2 }, option: 'probability' }],
    },
  }),
  define.combinator({
    factory: oneOf,
    make: of => oneOf(...of),
    of: () => [mixup(0.2), cutmix(1)],
    calls: ['oneOf(a, b, …)'],
    what: 'applies one of several plugins to each sample, all equally likely',
    goodFor: 'augmentations that are too much together, such as `mixup` and `cutmix`',
    torchName: 'torchvision.transforms.RandomChoice',
    cost: 'all of them on all rows, and a gather',
    combinesBadlyWith: others,
    table: 'combinators',
    options: {},
    bench: { net: 'cnn', why: 'both are computed for all rows, and selected' },
    trial: { images: true, variants: [], bad: [] },
  }),
  define.combinator({
    factory: untilEpoch,
    make: (of, { epochs }) => untilEpoch(one(of), epochs),
    of: () => [cutout(2)],
    calls: ['untilEpoch(plugin, n)'],
    what: 'applies a plugin in the first n epochs; stock fit needs `callbacks: reg.callback`',
    goodFor: 'last epochs that should see the data as they are',
    cost: 'the plugin in those epochs',
    combinesBadlyWith: others,
    table: 'combinators',
    options: { epochs: 1 },
    bench: { net: 'cnn' },
    trial: {
      images: true,
      variants: [{ epochs: 2 }],
      bad: [
        { options: { epochs: -1 }, option: 'epochs' },
        { options: { epochs: 0.5 }, option: 'epochs' },
      ],
    },
  }),
  define.combinator({
    factory: fromEpoch,
    make: (of, { epochs }) => fromEpoch(one(of), epochs),
    of: () => [cutout(2)],
    calls: ['fromEpoch(plugin, n)'],
    what: 'applies a plugin after the first n epochs; stock fit needs `callbacks: reg.callback`',
    goodFor: 'first epochs that should see the data as they are',
    cost: 'the plugin in those epochs',
    combinesBadlyWith: others,
    table: 'combinators',
    options: { epochs: 1 },
    bench: { net: 'cnn' },
    trial: {
      images: true,
      variants: [{ epochs: 0 }],
      bad: [
        { options: { epochs: -1 }, option: 'epochs' },
        { options: { epochs: 0.5 }, option: 'epochs' },
      ],
    },
  }),
];
