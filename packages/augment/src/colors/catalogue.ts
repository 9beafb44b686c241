import { define, type Entry } from '@keepprob/core/catalogue';
import { colorJitter } from './colorJitter.ts';
import { randomGrayscale } from './randomGrayscale.ts';

export const colors: readonly Entry[] = [
  define.plugin({
    factory: colorJitter,
    calls: ['colorJitter({ brightness, contrast, saturation, hue })'],
    what: 'scales brightness, contrast and saturation by 1 ± strength, and turns the hue about the axis of grays',
    goodFor: 'photographs in different light, unless color is what tells the classes apart',
    papers: [
      {
        authors: 'Krizhevsky, Sutskever & Hinton',
        year: 2012,
        title: 'ImageNet classification with deep convolutional neural networks',
        venue: 'NIPS',
        at: '§4.1',
      },
    ],
    kerasName: 'RandomColorJitter',
    torchName: 'torchvision.transforms.ColorJitter',
    cost: 'one pass over the images',
    combinesBadlyWith: {
      'standardized images': 'put this first, since results are clipped to `valueRange`',
    },
    table: 'colors',
    options: { brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 },
    bench: { net: 'colour' },
    trial: {
      images: true,
      options: { brightness: 0.2 },
      variants: [
        { brightness: 0.4 },
        { brightness: 0.2, contrast: 0.4 },
        { brightness: 0.2, saturation: 0.4 },
        { brightness: 0.2, hue: 0.1 },
        { brightness: 0.2, valueRange: [0, 0.5] },
      ],
      bad: [
        { options: { brightness: -1 }, option: 'brightness' },
        { options: { contrast: '1' }, option: 'contrast' },
        { options: { saturation: Number.NaN }, option: 'saturation' },
        { options: { hue: 0.6 }, option: 'hue' },
        { options: { valueRange: [1, 0] }, option: 'valueRange' },
        { options: { valueRange: 255 }, option: 'valueRange' },
      ],
    },
  }),
  define.plugin({
    factory: randomGrayscale,
    calls: ['randomGrayscale(p)'],
    what: 'with probability p, sets all channels to the luma; needs no range',
    goodFor: 'photographs whose class does not depend on color',
    kerasName: 'RandomGrayscale',
    torchName: 'torchvision.transforms.RandomGrayscale',
    cost: 'one pass over the images',
    table: 'colors',
    options: {},
    bench: { net: 'colour' },
    trial: {
      images: true,
      options: { probability: 0.5 },
      variants: [{ probability: 1 }],
      bad: [{ options: { probability: 1.5 }, option: 'probability' }],
    },
  }),
];
