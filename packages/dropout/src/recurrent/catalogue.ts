import { define, type Entry } from '@keepprob/core/catalogue';
import { initializers } from '@tensorflow/tfjs-layers';
import { dropoutGRU, dropoutLSTM, dropoutSimpleRNN } from './recurrentDropout.ts';

/** What the three layers say alike. */
const recurrent = {
  what: 'drops parts of x_t, and of h_{t−1} where the recurrent kernel reads it, with one mask each for the whole sequence; at inference it is the stock layer',
  goodFor: 'recurrent layers that overfit: a new mask at every time step would erase their memory',
  formula: 'x_t / keepProb or 0, h_{t−1} / recurrentKeepProb or 0',
  papers: [
    {
      authors: 'Gal & Ghahramani',
      year: 2016,
      title: 'A theoretically grounded application of dropout in recurrent neural networks',
      venue: 'NIPS',
      at: 'eq. 7',
    },
  ],
  cost: 'a draw per element and time step, forward and backward; nothing is kept',
  combinesBadlyWith: { 'sequences of a step or two': '`dropout` does the same there' },
  options: { units: 64, keepProb: 0.8, recurrentKeepProb: 0.8 },
};

const seeded = {
  units: 3,
  seed: 1,
  kernelInitializer: initializers.glorotUniform({ seed: 1 }),
  recurrentInitializer: initializers.glorotUniform({ seed: 2 }),
  biasInitializer: initializers.randomUniform({ minval: -1, maxval: 1, seed: 3 }),
};
const kept = { ...seeded, keepProb: 0.5, recurrentKeepProb: 0.5 };
const trial = {
  inputShape: [4, 2],
  identity: false,
  options: kept,
  variants: [
    { ...kept, keepProb: 0.8 },
    { ...kept, recurrentKeepProb: 0.8 },
    { ...seeded, dropout: 0.3, recurrentDropout: 0.4 },
    { ...kept, seed: 2 },
    { ...kept, goBackwards: true },
    { ...kept, returnSequences: true },
    { ...kept, useBias: false },
    { ...kept, activation: 'relu' as const },
  ],
  bad: [
    { options: { units: 3, keepProb: 0 }, option: 'keepProb' },
    { options: { units: 3, recurrentKeepProb: 1.1 }, option: 'recurrentKeepProb' },
    { options: { units: 3, dropout: 1 }, option: 'dropout' },
    { options: { units: 3, recurrentDropout: -0.1 }, option: 'recurrentDropout' },
    { options: { units: 3, dropout: 0.5, keepProb: 0.5 }, option: 'dropout' },
    { options: { units: 3, seed: -1 }, option: 'seed' },
    { options: { units: 0 }, option: 'units' },
    { options: {}, option: 'units' },
    { options: 0.5 },
  ],
};

export const recurrentLayers: readonly Entry[] = [
  define.layer({
    ...recurrent,
    factory: dropoutLSTM,
    calls: ['dropoutLSTM({ units, keepProb, recurrentKeepProb })'],
    kerasName: 'LSTM',
    bench: { net: 'text', place: 'recurrent', stock: 'lstm' },
    trial,
  }),
  define.layer({
    ...recurrent,
    factory: dropoutGRU,
    calls: ['dropoutGRU({ units, keepProb, recurrentKeepProb })'],
    kerasName: 'GRU',
    bench: { net: 'text', place: 'recurrent', stock: 'gru' },
    trial,
  }),
  define.layer({
    ...recurrent,
    factory: dropoutSimpleRNN,
    calls: ['dropoutSimpleRNN({ units, keepProb, recurrentKeepProb })'],
    kerasName: 'SimpleRNN',
    bench: { net: 'text', place: 'recurrent', stock: 'simpleRNN' },
    trial,
  }),
];
