/** Every technique and every schedule of this package, told once. The command line, the tests, the benchmarks and the README read it. */
import { option, type Schedule } from '@keepprob/core';
import { define, type Entry, type Paper } from '@keepprob/core/catalogue';
import {
  byEpoch,
  byStep,
  cosine,
  exponential,
  inverseTime,
  linear,
  polynomial,
  sequence,
  staircase,
  warmRestarts,
} from '@keepprob/core/schedules';
import { layerRates } from './layerRates.ts';
import { oneCycle } from './oneCycle.ts';
import { schedule } from './schedule.ts';
import { warmup } from './warmup.ts';

/** Of the options the names alone are said here: their values are checked by the factories. */
const number = option.number();
const list = option.custom<readonly unknown[]>('a list', Array.isArray);
const pairs = option.custom<readonly unknown[]>(
  'a list of pairs [updates, a number or a schedule]',
  value => Array.isArray(value) && value.every(Array.isArray),
);
const ifGiven = option.custom<number | undefined>('a number', value => typeof value === 'number', {
  fallback: undefined,
});
const ramp = { from: number, to: number, steps: number };

const sgdr: Paper = {
  authors: 'Loshchilov & Hutter',
  year: 2017,
  title: 'SGDR: stochastic gradient descent with warm restarts',
  venue: 'ICLR',
};

/**
 * The entries of this package.
 * @example
 * catalogue.some(({ name }) => name === 'schedule'); // true
 */
export const catalogue: readonly Entry[] = [
  define.plugin({
    factory: schedule,
    calls: ['schedule({ learningRate, momentum })'],
    what: 'sets the learning rate, the momentum or both before every update; momentum works with `tf.train.momentum` and `tf.train.rmsprop`',
    goodFor:
      'runs of more than a few epochs: a rate that falls towards the end usually ends at a lower loss than a constant one',
    kerasName: 'LearningRateScheduler',
    torchName: 'lr_scheduler',
    cost: 'nothing',
    combinesBadlyWith: { reduceOnPlateau: 'cannot lower what it sets' },
    options: { learningRate: cosine({ from: 0.01, to: 0, steps: 10_000 }) },
    bench: { net: 'mlp' },
    trial: {
      options: { learningRate: linear({ from: 0.2, to: 0.1, steps: 4 }) },
      variants: [{ learningRate: 0.05 }, { learningRate: at => 0.1 / (1 + at.step) }],
      bad: [
        { options: {}, option: 'learningRate' },
        { options: { learningRate: -1 }, option: 'learningRate' },
        { options: { learningRate: linear({ from: 0.1, to: -0.1, steps: 4 }) }, option: 'learningRate' },
        { options: { momentum: 1 }, option: 'momentum' },
      ],
    },
    table: 'plugins',
  }),
  define.plugin({
    factory: layerRates,
    calls: ['layerRates({ rates })'],
    what: 'multiplies the updates of a layer by m; a schedule that starts at 0 unfreezes the layer later in the same run',
    goodFor: 'fine-tuning: early layers move less, or later',
    formula: 'w ← w₀ + m (w − w₀)',
    papers: [
      {
        authors: 'Howard & Ruder',
        year: 2018,
        title: 'Universal language model fine-tuning for text classification',
        venue: 'ACL',
        at: '§3.2',
      },
    ],
    torchName: 'parameter groups',
    cost: 'a copy of the chosen weights, and a pass over them',
    combinesBadlyWith: { 'maxNorm before it': 'its projection is scaled as well: put it after' },
    // the first hidden layer of the net that is measured
    options: { rates: { '1-Dense': 0.1 } },
    bench: { net: 'mlp' },
    trial: {
      options: { rates: { '0-Dense': 0.5 } },
      variants: [
        { rates: { '0-Dense': 0 } },
        { rates: { '0-Dense': byStep({ 0: 0, 2: 1 }) } },
        { rates: { '0-Dense': at => at.step } },
      ],
      bad: [
        { options: {}, option: 'rates' },
        { options: { rates: { a: -1 } }, option: 'rates' },
        { options: { rates: 0.1 }, option: 'rates' },
      ],
    },
    table: 'plugins',
  }),
  define.schedule({
    factory: linear,
    definition: { name: 'linear', options: ramp },
    make: linear,
    calls: ['linear({ from, to, steps })'],
    what: 'straight line to `to`, then constant',
    goodFor: 'fine-tuning, and a momentum or keepProb that moves evenly',
    table: 'schedules',
    options: { from: 1e-3, to: 0, steps: 10_000 },
  }),
  define.schedule({
    factory: cosine,
    definition: { name: 'cosine', options: ramp },
    make: cosine,
    calls: ['cosine({ from, to, steps })'],
    what: 'half a cosine to `to`, then constant',
    goodFor: 'runs whose length is known; the usual choice',
    papers: [{ ...sgdr, at: 'eq. 5' }],
    kerasName: 'CosineDecay',
    torchName: 'CosineAnnealingLR',
    table: 'schedules',
    options: { from: 1e-3, to: 0, steps: 10_000 },
  }),
  define.schedule({
    factory: warmRestarts,
    definition: {
      name: 'warmRestarts',
      options: { ...ramp, stretch: option.number({ fallback: 1 }), shrink: option.number({ fallback: 1 }) },
    },
    make: warmRestarts,
    calls: ['warmRestarts({ from, to, steps, stretch, shrink })'],
    what: 'half a cosine, repeated; each cycle is `stretch` times as long and starts `shrink` times as far from `to`',
    goodFor: 'runs whose length is not known: each cycle ends with a low rate',
    papers: [{ ...sgdr, at: '§3' }],
    kerasName: 'CosineDecayRestarts',
    torchName: 'CosineAnnealingWarmRestarts',
    table: 'schedules',
    options: { from: 1e-3, to: 0, steps: 1000, stretch: 2 },
  }),
  define.schedule({
    factory: polynomial,
    definition: { name: 'polynomial', options: { ...ramp, power: option.number({ fallback: 1 }) } },
    make: polynomial,
    calls: ['polynomial({ from, to, steps, power })'],
    what: 'a power of the remaining fraction, then constant',
    goodFor: 'runs whose length is known, with a choice of how the rate approaches its end',
    formula: 'to + (from − to) (1 − t / steps)^power',
    kerasName: 'PolynomialDecay',
    torchName: 'PolynomialLR',
    table: 'schedules',
    options: { from: 1e-2, to: 0, steps: 10_000, power: 0.9 },
  }),
  define.schedule({
    factory: exponential,
    definition: { name: 'exponential', options: { from: number, to: number, decayRate: number } },
    make: exponential,
    calls: ['exponential({ from, to, decayRate })'],
    what: 'fast at first, approaches `to`',
    goodFor: 'rates that fall by the same factor in equal times',
    formula: 'to + (from − to) exp(−decayRate t)',
    kerasName: 'ExponentialDecay',
    torchName: 'ExponentialLR',
    table: 'schedules',
    options: { from: 1e-2, to: 1e-4, decayRate: 1e-3 },
  }),
  define.schedule({
    factory: inverseTime,
    definition: { name: 'inverseTime', options: { from: number, decayRate: number } },
    make: inverseTime,
    calls: ['inverseTime({ from, decayRate })'],
    what: 'falls forever, more and more slowly',
    goodFor: 'SGD on convex problems, where theory asks for such a rate',
    formula: 'from / (1 + decayRate t)',
    papers: [
      {
        authors: 'Robbins & Monro',
        year: 1951,
        title: 'A stochastic approximation method',
        venue: 'Annals of Mathematical Statistics 22',
      },
    ],
    kerasName: 'InverseTimeDecay',
    table: 'schedules',
    options: { from: 1e-2, decayRate: 1e-3 },
  }),
  define.schedule({
    factory: staircase,
    definition: { name: 'staircase', options: { from: number, factor: number, every: option.everySteps() } },
    make: staircase,
    calls: ['staircase({ from, factor, every })'],
    what: 'step decay',
    goodFor: 'recipes that divide the rate by a factor after every so many updates',
    formula: 'from · factor^⌊t / every⌋, in updates',
    torchName: 'StepLR',
    table: 'schedules',
    options: { from: 0.1, factor: 0.5, every: 1000 },
  }),
  define.schedule({
    factory: byStep,
    definition: {
      name: 'byStep',
      options: {
        values: option.custom<Readonly<Record<number, number>>>(
          'an object of numbers by update',
          value => typeof value === 'object',
        ),
      },
    },
    make: ({ values }: { values: Readonly<Record<number, number>> }) => byStep(values),
    calls: ['byStep({ 0: .1, 1000: .01 })'],
    what: 'each value holds from its update on',
    goodFor: 'recipes that give rates by update',
    kerasName: 'PiecewiseConstantDecay',
    table: 'schedules',
    options: { values: { 0: 0.1, 1000: 0.01 } },
  }),
  define.schedule({
    factory: byEpoch,
    definition: { name: 'byEpoch', options: { values: list } },
    make: ({ values }: { values: readonly number[] }) => byEpoch(values),
    calls: ['byEpoch([.1, .01])'],
    what: 'one value per epoch; the last one holds',
    goodFor: 'recipes that give rates by epoch',
    table: 'schedules',
    options: { values: [0.1, 0.01] },
  }),
  define.schedule({
    factory: warmup,
    definition: {
      name: 'warmup',
      options: {
        steps: number,
        into: option.custom<number | Schedule>('a number or a schedule', value => value !== null),
        from: option.number({ fallback: 0 }),
      },
    },
    make: warmup,
    calls: ['warmup({ steps, into, from })'],
    what: 'straight line up to where `into` begins, then `into`',
    goodFor: 'Adam on transformers, and large batches: early updates would be too large',
    papers: [
      {
        authors: 'Goyal et al.',
        year: 2017,
        title: 'Accurate, large minibatch SGD: training ImageNet in 1 hour',
        venue: 'arXiv:1706.02677',
      },
    ],
    table: 'schedules',
    options: { steps: 500, into: 1e-3 },
  }),
  define.schedule({
    factory: oneCycle,
    definition: {
      name: 'oneCycle',
      options: { peak: number, steps: number, from: ifGiven, to: ifGiven, rise: ifGiven },
    },
    make: oneCycle,
    calls: ['oneCycle({ peak, steps })'],
    what: 'up to the peak, then down to far below the start',
    goodFor: 'short runs at a large rate; `findLearningRate` of @keepprob/lens finds the peak',
    papers: [
      {
        authors: 'Smith & Topin',
        year: 2018,
        title: 'Super-convergence: very fast training of neural networks using large learning rates',
        venue: 'arXiv:1708.07120',
      },
    ],
    torchName: 'OneCycleLR',
    table: 'schedules',
    options: { peak: 0.1, steps: 1000 },
  }),
  define.schedule({
    factory: sequence,
    definition: { name: 'sequence', options: { parts: pairs } },
    // JSON has no Infinity: null updates last for ever
    make: ({ parts }: { parts: readonly (readonly [number | null, number | Schedule])[] }) =>
      sequence(...parts.map(([steps, part]) => [steps ?? Infinity, part] as const)),
    calls: ['sequence([500, a], [Infinity, b])'],
    what: 'one schedule after the other',
    goodFor: 'training in phases, each with a schedule of its own',
    table: 'schedules',
    options: {
      parts: [
        [500, 0.1],
        [null, 0.01],
      ],
    },
  }),
];
