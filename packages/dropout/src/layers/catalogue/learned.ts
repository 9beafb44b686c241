/** Rates that are learned. */
import { define, type Entry } from '@keepprob/core/catalogue';
import { concreteDropout } from '../concreteDropout.ts';

/** Regularizers of concrete dropout need a layer behind it; the conformance kit has none. */
const alone = { weightRegularizer: 0, dropoutRegularizer: 0, initialRate: 0.4, seed: 1 };

export const learned: readonly Entry[] = [
  define.layer({
    factory: concreteDropout,
    calls: ['concreteDropout()'],
    what: 'learns its rate r together with the weights of the layer after it',
    goodFor: 'networks for which a search of one rate per layer is too expensive',
    formula:
      'x (1 − z) / (1 − r), z = σ((logit r + logit u) / t); J gains wr ‖W‖² / (1 − r) + dr D (r log r + (1 − r) log(1 − r))',
    papers: [{ authors: 'Gal, Hron & Kendall', year: 2017, title: 'Concrete dropout', venue: 'NIPS' }],
    cost: 'a 32-bit number per element; the mask stays on the tape',
    combinesBadlyWith: { l2: 'this already regularizes the same kernel' },
    options: {},
    bench: {
      net: 'mlp',
      place: 'behind',
      why: 'a logarithm and a sigmoid for each activation, and their gradients',
    },
    trial: {
      inputShape: [6],
      options: alone,
      variants: [
        { ...alone, initialRate: 0.2 },
        { ...alone, temperature: 0.5 },
        { ...alone, seed: 2 },
        { ...alone, noiseShape: [null, 1] },
        { ...alone, fixedKeepProb: 0.5 },
      ],
      bad: [
        { options: { initialRate: 0 }, option: 'initialRate' },
        { options: { initialRate: 1 }, option: 'initialRate' },
        { options: { temperature: 0 }, option: 'temperature' },
        { options: { weightRegularizer: -1 }, option: 'weightRegularizer' },
        { options: { dropoutRegularizer: Number.NaN }, option: 'dropoutRegularizer' },
        { options: { noiseShape: [0] }, option: 'noiseShape' },
        { options: { fixedKeepProb: 0 }, option: 'fixedKeepProb' },
        { options: { seed: 0.5 }, option: 'seed' },
        { options: 0.5 },
      ],
    },
  }),
];
