/** Every schedule of the catalogues that is made from numbers. Made from the catalogues: test/compose.test.ts says how. */
import { type Technique, technique } from './technique.ts';

export const schedules: readonly Technique[] = [
  technique(
    'dropout',
    'keepProb',
    'earlyDropout',
    "keepProb of dropout behind each hidden layer: rises evenly from keepProb to 1 within “steps” (with decline: 'constant', at once at the end); against underfitting",
    { keepProb: 0.9, steps: 1000 },
  ),
  technique(
    'dropout',
    'keepProb',
    'lateDropout',
    'keepProb of dropout behind each hidden layer: 1 for “steps” updates, then keepProb',
    { keepProb: 0.9, steps: 1000 },
  ),
  technique(
    'dropout',
    'keepProb',
    'curriculum',
    'keepProb of dropout behind each hidden layer: falls from 1, fast at first',
    { keepProb: 0.5, steps: 10000 },
  ),
  technique('schedules', 'rate', 'linear', 'the learning rate: straight line to “to”, then constant', {
    from: 0.001,
    to: 0,
    steps: 10000,
  }),
  technique('schedules', 'rate', 'cosine', 'the learning rate: half a cosine to “to”, then constant', {
    from: 0.001,
    to: 0,
    steps: 10000,
  }),
  technique(
    'schedules',
    'rate',
    'warmRestarts',
    'the learning rate: half a cosine, repeated; each cycle is “stretch” times as long and starts “shrink” times as far from “to”',
    { from: 0.001, to: 0, steps: 1000, stretch: 2 },
  ),
  technique('schedules', 'rate', 'polynomial', 'the learning rate: a power of the remaining fraction, then constant', {
    from: 0.01,
    to: 0,
    steps: 10000,
    power: 0.9,
  }),
  technique('schedules', 'rate', 'exponential', 'the learning rate: fast at first, approaches “to”', {
    from: 0.01,
    to: 0.0001,
    decayRate: 0.001,
  }),
  technique('schedules', 'rate', 'inverseTime', 'the learning rate: falls forever, more and more slowly', {
    from: 0.01,
    decayRate: 0.001,
  }),
  technique('schedules', 'rate', 'staircase', 'the learning rate: step decay', { from: 0.1, factor: 0.5, every: 1000 }),
  technique('schedules', 'rate', 'warmup', 'the learning rate: straight line up to where “into” begins, then “into”', {
    steps: 500,
    into: 0.001,
  }),
  technique('schedules', 'rate', 'oneCycle', 'the learning rate: up to the peak, then down to far below the start', {
    peak: 0.1,
    steps: 1000,
  }),
];
