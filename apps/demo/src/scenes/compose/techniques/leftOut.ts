/** What of the catalogues is not offered, and why. Made from the catalogues: test/compose.test.ts says how. */
export const leftOut: readonly { readonly why: string; readonly names: readonly string[] }[] = [
  {
    why: 'for images or volumes; the rows here are 64 numbers each',
    names: [
      'spatialDropout2D',
      'spatialDropout3D',
      'dropBlock2D',
      'dropPath',
      'featureAlphaDropout',
      'cutmix',
      'randomFlip',
      'randomCrop',
      'randomRotation',
      'randomZoom',
      'randomTranslation',
      'randomShear',
      'randomAffine',
      'cutout',
      'randomErasing',
      'colorJitter',
      'randomGrayscale',
      'randAugment',
    ],
  },
  {
    why: 'for sequences of words; the rows here are 64 numbers each',
    names: ['spatialDropout1D', 'wordDropout', 'dropoutLSTM', 'dropoutGRU', 'dropoutSimpleRNN', 'embeddingDropout'],
  },
  {
    why: 'ends a training or lowers its rate by what dev data say, or by NaN; here every step is measured',
    names: [
      'earlyStopping',
      'stopOnGeneralizationLoss',
      'stopOnProgressQuotient',
      'stopOnIncreases',
      'reduceOnPlateau',
      'terminateOnNaN',
    ],
  },
  { why: 'is what each schedule in the list is given to', names: ['schedule'] },
];
