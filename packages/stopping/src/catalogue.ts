/** Every technique of this package, told once. The command line, the tests, the benchmarks and the README read it. */
import { define, type Entry, type Paper } from '@keepprob/core/catalogue';
import { earlyStopping } from './earlyStopping.ts';
import { reduceOnPlateau } from './reduceOnPlateau.ts';
import { stopOnGeneralizationLoss } from './stopOnGeneralizationLoss.ts';
import { stopOnIncreases } from './stopOnIncreases.ts';
import { stopOnProgressQuotient } from './stopOnProgressQuotient.ts';
import { terminateOnNaN } from './terminateOnNaN.ts';

const prechelt: Paper = {
  authors: 'Prechelt',
  year: 1998,
  title: 'Early stopping – but when?',
  venue: 'Neural Networks: Tricks of the Trade, LNCS 1524',
};
const cost = 'a copy of the weights at each best epoch';
/** What all that stop refuse. */
const badMonitors = (required: object) => [
  { options: { ...required, monitor: '' }, option: 'monitor' },
  { options: { ...required, restoreBest: 1 }, option: 'restoreBest' },
];

/**
 * The entries of this package.
 * @example
 * catalogue.some(({ name }) => name === 'earlyStopping'); // true
 */
export const catalogue: readonly Entry[] = [
  define.plugin({
    factory: earlyStopping,
    calls: ['earlyStopping({ patience })'],
    what: 'stops when `monitor` has not fallen by more than `minDelta` below its best for `patience` epochs',
    goodFor: 'any run with validation data',
    papers: [prechelt],
    kerasName: 'EarlyStopping',
    cost,
    combinesBadlyWith: {
      swa: 'before this one it has no effect on the final weights: the best epoch wins over the mean',
    },
    options: { patience: 5 },
    bench: { net: 'mlp' },
    trial: {
      neutral: true,
      options: { monitor: 'valLoss', patience: 2 },
      variants: [
        { monitor: 'loss', patience: 2 },
        { patience: 3 },
        { patience: 2, minDelta: 0.1 },
        { patience: 2, baseline: 3 },
        { patience: 2, mode: 'max' },
        { patience: 2, startEpoch: 1 },
        { patience: 2, restoreBest: false },
      ],
      bad: [
        { options: { patience: -1 }, option: 'patience' },
        { options: { minDelta: -1 }, option: 'minDelta' },
        { options: { mode: 'up' }, option: 'mode' },
        { options: { baseline: 'low' }, option: 'baseline' },
        { options: { startEpoch: -1 }, option: 'startEpoch' },
        ...badMonitors({}),
      ],
    },
  }),
  define.plugin({
    factory: stopOnGeneralizationLoss,
    calls: ['stopOnGeneralizationLoss(α)'],
    what: 'stops when the error E on validation data is α % above its lowest; α is 1 to 5',
    goodFor: 'finding a good solution with high probability (Prechelt)',
    formula: 'GL(t) = 100 (E(t) / min E − 1) > α',
    papers: [{ ...prechelt, at: 'GL_α' }],
    cost,
    combinesBadlyWith: { 'noisy validation curves': 'they reach α by chance' },
    options: { threshold: 5 },
    bench: { net: 'mlp' },
    trial: {
      neutral: true,
      variants: [{ threshold: 4 }, { threshold: 5, monitor: 'loss' }, { threshold: 5, restoreBest: false }],
      bad: [{ options: { threshold: 0 }, option: 'threshold' }, ...badMonitors({ threshold: 5 })],
    },
  }),
  define.plugin({
    factory: stopOnProgressQuotient,
    calls: ['stopOnProgressQuotient(α)'],
    what: 'stops when GL is large compared with the training progress P over a strip of k epochs; α is 0.5 to 3',
    goodFor: 'the best solutions on average, if the network overfits little (Prechelt)',
    formula: 'GL(t) / P(t) > α, P(t) = 1000 (Σ E_tr / (k min E_tr) − 1)',
    papers: [{ ...prechelt, at: 'PQ_α' }],
    cost,
    options: { threshold: 1 },
    bench: { net: 'mlp' },
    trial: {
      neutral: true,
      options: { threshold: 1, trainMonitor: 'loss' },
      variants: [
        { threshold: 2, trainMonitor: 'loss' },
        { threshold: 1, trainMonitor: 'valLoss' },
        { threshold: 1, trainMonitor: 'loss', stripEpochs: 4 },
      ],
      bad: [
        { options: { threshold: -1 }, option: 'threshold' },
        { options: { threshold: 1, stripEpochs: 1 }, option: 'stripEpochs' },
        { options: { threshold: 1, trainMonitor: '' }, option: 'trainMonitor' },
        ...badMonitors({ threshold: 1 }),
      ],
    },
  }),
  define.plugin({
    factory: stopOnIncreases,
    calls: ['stopOnIncreases(s)'],
    what: 'stops when the error has grown at the ends of s strips of k epochs in a row; s is 2 to 8',
    goodFor: 'the best solutions on average, if the network overfits much (Prechelt)',
    formula: 'E(t) > E(t − k)',
    papers: [{ ...prechelt, at: 'UP_s' }],
    cost,
    options: { increases: 3 },
    bench: { net: 'mlp' },
    trial: {
      neutral: true,
      options: { increases: 2 },
      variants: [{ increases: 3 }, { increases: 2, stripEpochs: 4 }],
      bad: [
        { options: { increases: 0 }, option: 'increases' },
        { options: { increases: 2, stripEpochs: 0 }, option: 'stripEpochs' },
        ...badMonitors({ increases: 2 }),
      ],
    },
  }),
  define.plugin({
    factory: reduceOnPlateau,
    calls: ['reduceOnPlateau({ factor, patience })'],
    what: 'lowers the learning rate when `monitor` has not improved for `patience` epochs',
    goodFor: 'runs whose length is not known, when the loss stops falling',
    formula: 'η ← max(η × factor, minLearningRate)',
    kerasName: 'ReduceLROnPlateau',
    torchName: 'ReduceLROnPlateau',
    cost: 'nothing',
    combinesBadlyWith: {
      earlyStopping: 'give this one less patience than early stopping',
      swa: 'if it sets a learning rate, the last in the list wins',
      schedule: 'if it sets the learning rate, it overrides this one',
    },
    options: {},
    bench: { net: 'mlp' },
    trial: {
      neutral: true,
      options: { factor: 0.5, patience: 1 },
      variants: [
        {},
        { monitor: 'loss' },
        { mode: 'max' },
        { patience: 3 },
        { minDelta: 0.1 },
        { cooldown: 1 },
        { minLearningRate: 0.1 },
      ],
      bad: [
        { options: { factor: 1 }, option: 'factor' },
        { options: { monitor: '' }, option: 'monitor' },
        { options: { mode: 'up' }, option: 'mode' },
        { options: { patience: -1 }, option: 'patience' },
        { options: { minDelta: -1 }, option: 'minDelta' },
        { options: { cooldown: -1 }, option: 'cooldown' },
        { options: { minLearningRate: -1 }, option: 'minLearningRate' },
      ],
    },
  }),
  define.plugin({
    factory: terminateOnNaN,
    calls: ['terminateOnNaN()'],
    what: 'stops at the end of an epoch if a log is NaN or infinite',
    goodFor: 'logs of your own that may be NaN. J and the gradients are checked before every update anyway',
    kerasName: 'TerminateOnNaN',
    cost: 'nothing',
    options: {},
    bench: { net: 'mlp' },
    trial: { neutral: true, variants: [], bad: [] },
  }),
];
