/** Every technique of this package, told once. The command line, the tests, the benchmarks and the README read it. */
import { define, type Entry } from '@keepprob/core/catalogue';
import { ema } from './ema.ts';
import { lookahead } from './lookahead.ts';
import { swa } from './swa.ts';

/**
 * The entries of this package.
 * @example
 * catalogue.some(({ name }) => name === 'ema'); // true
 */
export const catalogue: readonly Entry[] = [
  define.plugin({
    factory: ema,
    calls: ['ema(d)'],
    what: 'averages the weights after every update, or after every nth (`every`); evaluation uses the average, and the model ends with it',
    goodFor: 'long runs at a rate that does not fall to 0: the average is less noisy than the weights',
    formula: 'e ← d e + (1 − d) w',
    papers: [
      {
        authors: 'Polyak & Juditsky',
        year: 1992,
        title: 'Acceleration of stochastic approximation by averaging',
        venue: 'SIAM Journal on Control and Optimization 30',
      },
    ],
    kerasName: 'use_ema',
    torchName: 'swa_utils.get_ema_multi_avg_fn',
    cost: 'a pass over the weights per update, and a copy of them',
    combinesBadlyWith: {
      'batch norm':
        'its statistics stay those of the trained weights; if the weights move fast, call `updateBatchNorm`',
    },
    options: { decay: 0.999 },
    bench: { net: 'mlp', why: 'a mean of each weight, to be read and written' },
    trial: {
      options: { decay: 0.9, evaluate: false },
      variants: [
        { decay: 0.8, evaluate: false },
        { decay: 0.9, start: 'initial', evaluate: false },
        { decay: 0.9, start: 'first', evaluate: false },
        { decay: 0.9, warmup: true, evaluate: false },
        { decay: 0.9, every: 2, evaluate: false },
      ],
      bad: [
        { options: { decay: 1 }, option: 'decay' },
        { options: { decay: -0.1 }, option: 'decay' },
        { options: { decay: 0.9, warmup: 1 }, option: 'warmup' },
        { options: { decay: 0.9, every: 0 }, option: 'every' },
        { options: { decay: 0.9, start: 'zero' }, option: 'start' },
        { options: { decay: 0.9, evaluate: 1 }, option: 'evaluate' },
      ],
    },
  }),
  define.plugin({
    factory: lookahead,
    calls: ['lookahead()'],
    what: 'every 5 updates slow weights follow the fast ones, and training continues from them; the model ends with the slow weights',
    goodFor: 'optimizers that wobble at a large learning rate',
    formula: 'φ ← φ + α (θ − φ), θ ← φ',
    papers: [
      {
        authors: 'Zhang, Lucas, Hinton & Ba',
        year: 2019,
        title: 'Lookahead optimizer: k steps forward, 1 step back',
        venue: 'NeurIPS',
      },
    ],
    cost: 'a pass over the weights every k updates, and a copy of them',
    combinesBadlyWith: {
      ema: 'averages the fast weights and their jumps back; use one of the two',
    },
    options: {},
    bench: { net: 'mlp' },
    trial: {
      options: { every: 2, evaluate: false },
      variants: [
        { every: 1, evaluate: false },
        { every: 2, stepSize: 0.8, evaluate: false },
      ],
      bad: [
        { options: { every: 0 }, option: 'every' },
        { options: { stepSize: 0 }, option: 'stepSize' },
        { options: { stepSize: 1.5 }, option: 'stepSize' },
        { options: { evaluate: 1 }, option: 'evaluate' },
      ],
    },
  }),
  define.plugin({
    factory: swa,
    calls: ['swa({ startEpoch })'],
    what: 'averages the weights at the ends of epochs from `startEpoch` on; the model ends with that mean',
    goodFor: 'a last phase of training at a constant or cyclical rate',
    papers: [
      {
        authors: 'Izmailov et al.',
        year: 2018,
        title: 'Averaging weights leads to wider optima and better generalization',
        venue: 'UAI',
      },
    ],
    torchName: 'swa_utils.AveragedModel',
    cost: 'a pass per epoch, and a copy of the weights',
    combinesBadlyWith: {
      'batch norm': 'call `updateBatchNorm` afterwards',
      earlyStopping: 'the later of the two in the list wins; with `evaluate`, the best of the means',
      'a rate that has decayed to nothing': 'the weights to average are all the same',
    },
    options: { startEpoch: 0, learningRate: 0.01 },
    bench: { net: 'mlp' },
    trial: {
      options: { startEpoch: 0, learningRate: 0.05 },
      variants: [
        { startEpoch: 1, learningRate: 0.05 },
        { startEpoch: 0, learningRate: 0.1 },
        { startEpoch: 0, learningRate: 0.05, every: { epochs: 2 } },
        { startEpoch: 0, learningRate: 0.05, annealEpochs: 1 },
      ],
      bad: [
        { options: { startEpoch: -1 }, option: 'startEpoch' },
        { options: { startEpoch: 0, every: { epochs: 0 } }, option: 'every' },
        { options: { startEpoch: 0, learningRate: 0 }, option: 'learningRate' },
        { options: { startEpoch: 0, annealEpochs: 0.5 }, option: 'annealEpochs' },
        { options: { startEpoch: 0, evaluate: 1 }, option: 'evaluate' },
      ],
    },
  }),
];
