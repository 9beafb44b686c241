import { define, type Entry } from '@keepprob/core/catalogue';
import { cutmix } from './cutmix.ts';
import { mixup } from './mixup.ts';

export const mixing: readonly Entry[] = [
  define.plugin({
    factory: mixup,
    calls: ['mixup(α)'],
    what: 'mixes inputs and labels of two samples, λ ~ Beta(α, α) for each',
    goodFor:
      'classifiers on few rows or with some wrong labels, for any input of which a mean makes sense. It needs longer training, because no row is seen as it is',
    formula: '(x, y) ← λ (x, y) + (1 − λ) (x, y)ₚ',
    papers: [
      {
        authors: 'Zhang et al.',
        year: 2018,
        title: 'mixup: beyond empirical risk minimization',
        venue: 'ICLR',
        at: 'eq. 2',
      },
    ],
    kerasName: 'MixUp',
    torchName: 'torchvision.transforms.v2.MixUp',
    cost: 'a gather and a pass over the batch',
    combinesBadlyWith: {
      'token inputs': 'a mean of two ids is another word',
      classWeight: 'mixed labels have no class',
      cutmix: 'do not use both on one sample; choose one with `oneOf`',
    },
    table: 'labels',
    options: { alpha: 0.2 },
    bench: { net: 'cnn' },
    trial: {
      variants: [{ alpha: 0.3 }, { alpha: 0.2, probability: 0.5 }],
      bad: [
        { options: { alpha: 0 }, option: 'alpha' },
        { options: { alpha: 1, probability: 2 }, option: 'probability' },
      ],
    },
  }),
  define.plugin({
    factory: cutmix,
    calls: ['cutmix(α)'],
    what: 'pastes a box of another sample into x, and mixes the labels by the fraction of pixels in the box',
    goodFor: 'classifiers of images, which stay sharp where `mixup` lays one over the other. It needs longer training',
    formula: 'y ← λ y + (1 − λ) yₚ',
    papers: [
      {
        authors: 'Yun et al.',
        year: 2019,
        title: 'CutMix: regularization strategy to train strong classifiers with localizable features',
        venue: 'ICCV',
        at: 'eqs. 1 and 2',
      },
    ],
    kerasName: 'CutMix',
    torchName: 'torchvision.transforms.v2.CutMix',
    cost: 'a gather and a select',
    combinesBadlyWith: {
      classWeight: 'mixed labels have no class',
      mixup: 'do not use both on one sample; choose one with `oneOf`',
      cutout: 'may cover what was pasted',
    },
    table: 'labels',
    options: { alpha: 1 },
    bench: { net: 'cnn' },
    trial: {
      images: true,
      variants: [{ alpha: 0.2 }, { alpha: 1, probability: 0.5 }],
      bad: [
        { options: { alpha: 0 }, option: 'alpha' },
        { options: { alpha: 1, probability: 2 }, option: 'probability' },
        { options: { alpha: 1, input: '' }, option: 'input' },
      ],
    },
  }),
];
