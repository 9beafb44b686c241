import { define, type Entry } from '@keepprob/core/catalogue';
import { labelSmoothing } from './labelSmoothing.ts';

export const labels: readonly Entry[] = [
  define.plugin({
    factory: labelSmoothing,
    calls: ['labelSmoothing(ε)'],
    what: 'spreads a fraction ε of each label over all K classes',
    goodFor:
      'classifiers that become too sure of their training labels, above all with many classes or with some wrong labels',
    formula: 'y ← y (1 − ε) + ε / K',
    papers: [
      {
        authors: 'Szegedy et al.',
        year: 2016,
        title: 'Rethinking the Inception architecture for computer vision',
        venue: 'CVPR',
        at: '§7',
      },
    ],
    kerasName: 'label_smoothing',
    torchName: 'label_smoothing',
    cost: 'a pass over the labels',
    combinesBadlyWith: {
      distillation: 'smoothed labels teach less',
      mixup: 'with large α it already smooths; the order of the two does not matter',
    },
    table: 'labels',
    options: { smoothing: 0.1 },
    bench: { net: 'cnn' },
    trial: { variants: [{ smoothing: 0.2 }], bad: [{ options: { smoothing: 1 }, option: 'smoothing' }] },
  }),
];
