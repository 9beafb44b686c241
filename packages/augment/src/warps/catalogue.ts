import { define, type Entry, type PluginBench } from '@keepprob/core/catalogue';
import { randomAffine } from './randomAffine.ts';
import { randomCrop } from './randomCrop.ts';
import { randomFlip } from './randomFlip.ts';
import { randomRotation } from './randomRotation.ts';
import { randomShear } from './randomShear.ts';
import { randomTranslation } from './randomTranslation.ts';
import { randomZoom } from './randomZoom.ts';

/** A table of its own in the README; a pass over the images in the benchmarks. */
const table = 'warps';
const cost = 'a warp of the batch';
const bench: PluginBench = { net: 'cnn', why: 'a warp of the images' };
const again = { 'another of these warps': 'each interpolates again; `randomAffine` does all in one' };

export const warps: readonly Entry[] = [
  define.plugin({
    factory: randomFlip,
    calls: ['randomFlip()'],
    what: 'flips horizontally, vertically or both, each with probability ½; exact',
    goodFor: 'images whose mirror image is as likely: photographs, not digits or letters',
    kerasName: 'RandomFlip',
    torchName: 'torchvision.transforms.RandomHorizontalFlip',
    cost,
    combinesBadlyWith: { 'digits and text': 'a mirrored character is another one, or none' },
    table,
    options: {},
    bench,
    trial: {
      images: true,
      variants: [{ horizontal: false, vertical: true }, { vertical: true }, { probability: 1 }],
      bad: [
        { options: { horizontal: 1 }, option: 'horizontal' },
        { options: { vertical: 'yes' }, option: 'vertical' },
        { options: { probability: 1.1 }, option: 'probability' },
        { options: { input: 3 }, option: 'input' },
      ],
    },
  }),
  define.plugin({
    factory: randomCrop,
    calls: ['randomCrop(p)'],
    what: 'pads by p pixels and cuts out a random window; exact',
    goodFor: 'images in which the object may be anywhere; with `randomFlip` the usual first augmentation',
    papers: [
      {
        authors: 'He et al.',
        year: 2016,
        title: 'Deep residual learning for image recognition',
        venue: 'CVPR',
        at: '§4.2',
      },
    ],
    kerasName: 'RandomCrop',
    torchName: 'torchvision.transforms.RandomCrop',
    cost,
    combinesBadlyWith: { 'a model of one image size': 'with `size`, which changes it' },
    table,
    options: { padding: 4 },
    bench,
    trial: {
      images: true,
      options: { padding: 2 },
      variants: [
        { padding: 1 },
        { padding: 2, fillValue: 1 },
        { padding: 2, fillMode: 'reflect' },
        { padding: 2, size: [6, 6], fillMode: 'nearest' },
      ],
      bad: [
        { options: { padding: 0.5 }, option: 'padding' },
        { options: { padding: 1, size: [0, 4] }, option: 'size' },
        { options: { padding: 1, fillMode: 'wrap' }, option: 'fillMode' },
        { options: { padding: 1, fillValue: null }, option: 'fillValue' },
      ],
    },
  }),
  define.plugin({
    factory: randomRotation,
    calls: ['randomRotation(f)'],
    what: 'turns by up to f turns',
    goodFor: 'images without a fixed upright, or from a tilted camera. Digits bear only a few degrees',
    kerasName: 'RandomRotation',
    torchName: 'torchvision.transforms.RandomRotation',
    cost,
    combinesBadlyWith: again,
    table,
    options: { factor: 0.05 },
    bench,
    trial: {
      images: true,
      options: { factor: 0.1 },
      variants: [
        { factor: [0, 0.1] },
        { factor: 0.1, interpolation: 'nearest' },
        { factor: 0.1, fillMode: 'nearest' },
        { factor: 0.1, fillMode: 'constant' },
        { factor: 0.1, fillMode: 'constant', fillValue: 1 },
      ],
      bad: [
        { options: { factor: -0.1 }, option: 'factor' },
        { options: { factor: [0.2, 0.1] }, option: 'factor' },
        { options: { factor: [0, 1.5] }, option: 'factor' },
        { options: { factor: 0.1, fillMode: 'wrap' }, option: 'fillMode' },
        { options: { factor: 0.1, interpolation: 'cubic' }, option: 'interpolation' },
        { options: { factor: 0.1, fillValue: '0' }, option: 'fillValue' },
      ],
    },
  }),
  define.plugin({
    factory: randomZoom,
    calls: ['randomZoom(f)'],
    what: 'shows 1 − f to 1 + f of the image; above 1 things get smaller, as in Keras',
    goodFor: 'images in which objects come in different sizes',
    kerasName: 'RandomZoom',
    cost,
    combinesBadlyWith: again,
    table,
    options: { heightFactor: 0.1 },
    bench,
    trial: {
      images: true,
      options: { heightFactor: 0.2 },
      variants: [
        { heightFactor: [0, 0.2] },
        { heightFactor: 0.2, widthFactor: 0.3 },
        { heightFactor: 0.2, fillMode: 'constant' },
      ],
      bad: [
        { options: { heightFactor: 1 }, option: 'heightFactor' },
        { options: { heightFactor: 0.1, widthFactor: [-1, 0] }, option: 'widthFactor' },
      ],
    },
  }),
  define.plugin({
    factory: randomTranslation,
    calls: ['randomTranslation({ heightFactor, widthFactor })'],
    what: 'moves the image by a fraction of its sides, not only by whole pixels',
    goodFor: 'images in which objects are not always in the same place',
    kerasName: 'RandomTranslation',
    cost,
    combinesBadlyWith: again,
    table,
    options: { heightFactor: 0.1, widthFactor: 0.1 },
    bench,
    trial: {
      images: true,
      options: { heightFactor: 0.2, widthFactor: 0.2 },
      variants: [
        { heightFactor: 0.2, widthFactor: 0 },
        { heightFactor: [0, 0.2], widthFactor: 0.2 },
        { heightFactor: 0.2, widthFactor: 0.2, fillMode: 'constant' },
      ],
      bad: [{ options: { heightFactor: 2, widthFactor: 0 }, option: 'heightFactor' }],
    },
  }),
  define.plugin({
    factory: randomShear,
    calls: ['randomShear(f)'],
    what: 'slants the image',
    goodFor: 'handwriting, and images taken at different angles',
    formula: 'x′ = x + f y',
    kerasName: 'RandomShear',
    cost,
    combinesBadlyWith: again,
    table,
    options: { xFactor: 0.1 },
    bench,
    trial: {
      images: true,
      options: { xFactor: 0.2 },
      variants: [{ xFactor: 0.3 }, { yFactor: 0.2 }, { xFactor: 0.2, fillMode: 'constant' }],
      bad: [
        { options: { xFactor: Number.NaN }, option: 'xFactor' },
        { options: { yFactor: [1, 2, 3] }, option: 'yFactor' },
      ],
    },
  }),
  define.plugin({
    factory: randomAffine,
    calls: ['randomAffine({ rotation, zoom, translation, shear })'],
    what: 'rotates, zooms, translates and shears in one map, with one interpolation',
    goodFor: 'several warps at once: the image is resampled once, not once for each',
    torchName: 'torchvision.transforms.RandomAffine',
    cost,
    table,
    options: { rotation: 0.05, zoom: 0.1, translation: 0.1, shear: 0.1 },
    bench,
    trial: {
      images: true,
      options: { rotation: 0.1 },
      variants: [
        { rotation: 0.2 },
        { rotation: 0.1, zoom: 0.1 },
        { rotation: 0.1, translation: 0.1 },
        { rotation: 0.1, shear: 0.1 },
        { rotation: 0.1, fillMode: 'constant' },
      ],
      bad: [
        { options: { rotation: 2 }, option: 'rotation' },
        { options: { zoom: 1 }, option: 'zoom' },
        { options: { translation: 'x' }, option: 'translation' },
        { options: { shear: 2 }, option: 'shear' },
      ],
    },
  }),
];
