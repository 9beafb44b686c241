import { define, type Entry } from '@keepprob/core/catalogue';
import { cutout } from './cutout.ts';
import { randomErasing } from './randomErasing.ts';

export const erasing: readonly Entry[] = [
  define.plugin({
    factory: cutout,
    calls: ['cutout(s)'],
    what: 'fills a square of s pixels around a random pixel',
    goodFor: 'images in which one part gives the class away: the network has to learn the other parts, too',
    papers: [
      {
        authors: 'DeVries & Taylor',
        year: 2017,
        title: 'Improved regularization of convolutional neural networks with cutout',
        venue: 'arXiv:1708.04552',
        at: '§3.2',
      },
    ],
    cost: 'a select',
    combinesBadlyWith: { 'images whose mean is not 0': 'pass the mean as `fillValue`' },
    table: 'erasing',
    options: { size: 8 },
    bench: { net: 'cnn' },
    trial: {
      images: true,
      options: { size: 2 },
      variants: [{ size: 3 }, { size: 2, fillValue: 1 }],
      bad: [
        { options: { size: 1.5 }, option: 'size' },
        { options: { size: 2, fillValue: 'mean' }, option: 'fillValue' },
      ],
    },
  }),
  define.plugin({
    factory: randomErasing,
    calls: ['randomErasing()'],
    what: 'with probability ½, fills a rectangle of 2 % to 33 % of the image',
    goodFor: 'images whose objects may be covered by others',
    papers: [
      {
        authors: 'Zhong et al.',
        year: 2020,
        title: 'Random erasing data augmentation',
        venue: 'AAAI',
        at: 'algorithm 1',
      },
    ],
    kerasName: 'RandomErasing',
    torchName: 'torchvision.transforms.RandomErasing',
    cost: 'a select',
    combinesBadlyWith: {
      'images whose mean is not 0': 'pass the mean as `fillValue`',
      'a scaling layer in the model': 'it changes the value that was filled in',
    },
    table: 'erasing',
    options: {},
    bench: { net: 'cnn' },
    trial: {
      images: true,
      variants: [{ probability: 1 }, { scale: [0.3, 0.5] }, { ratio: [2, 4], scale: [0.3, 0.5] }, { fillValue: 1 }],
      bad: [
        { options: { probability: -1 }, option: 'probability' },
        { options: { scale: [0, 0.3] }, option: 'scale' },
        { options: { scale: [0.1, 1.3] }, option: 'scale' },
        { options: { ratio: [3, 0.3] }, option: 'ratio' },
        { options: { fillValue: 'random' }, option: 'fillValue' },
      ],
    },
  }),
];
