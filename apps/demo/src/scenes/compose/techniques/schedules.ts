/** What the catalogue of @keepprob/schedules offers here. Made from the catalogues: test/compose.test.ts says how. */
import { fallback, given } from '../option.ts';
import { type Technique, technique } from '../technique.ts';

export const schedules: readonly Technique[] = [
  technique(
    'schedules',
    'plugin',
    'layerRates',
    'multiplies the updates of a layer by m; a schedule that starts at 0 unfreezes the layer later in the same run',
    { rates: given({ hidden1: 0.1, hidden2: 0.3 }, { min: 0, keys: ['hidden1', 'hidden2', 'output'] }) },
  ),
  technique('schedules', 'rate', 'linear', 'the learning rate: straight line to “to”, then constant', {
    from: given(0.001, { min: 0 }),
    to: given(0, { min: 0 }),
    steps: given(10000, { min: 1, integer: true }),
  }),
  technique('schedules', 'rate', 'cosine', 'the learning rate: half a cosine to “to”, then constant', {
    from: given(0.001, { min: 0 }),
    to: given(0, { min: 0 }),
    steps: given(10000, { min: 1, integer: true }),
  }),
  technique(
    'schedules',
    'rate',
    'warmRestarts',
    'the learning rate: half a cosine, repeated; each cycle is “stretch” times as long and starts “shrink” times as far from “to”',
    {
      from: given(0.001, { min: 0 }),
      to: given(0, { min: 0 }),
      steps: given(1000, { min: 1, integer: true }),
      stretch: given(2, { min: 1 }),
      shrink: fallback(1, { above: 0, max: 1 }),
    },
  ),
  technique('schedules', 'rate', 'polynomial', 'the learning rate: a power of the remaining fraction, then constant', {
    from: given(0.01, { min: 0 }),
    to: given(0, { min: 0 }),
    steps: given(10000, { min: 1, integer: true }),
    power: given(0.9, { above: 0 }),
  }),
  technique('schedules', 'rate', 'exponential', 'the learning rate: fast at first, approaches “to”', {
    from: given(0.01, { min: 0 }),
    to: given(0.0001, { min: 0 }),
    decayRate: given(0.001, { above: 0 }),
  }),
  technique('schedules', 'rate', 'inverseTime', 'the learning rate: falls forever, more and more slowly', {
    from: given(0.01, { min: 0 }),
    decayRate: given(0.001, { above: 0 }),
  }),
  technique('schedules', 'rate', 'staircase', 'the learning rate: step decay', {
    from: given(0.1, { min: 0 }),
    factor: given(0.5, { above: 0, max: 1 }),
    every: given(1000, { min: 1, integer: true }),
  }),
  technique('schedules', 'rate', 'byStep', 'the learning rate: each value holds from its update on', {
    values: given({ '0': 0.01, '100': 0.001 }, { min: 0 }),
  }),
  technique('schedules', 'rate', 'byEpoch', 'the learning rate: one value per epoch; the last one holds', {
    values: given([0.01, 0.003, 0.001], { min: 0 }),
  }),
  technique('schedules', 'rate', 'warmup', 'the learning rate: straight line up to where “into” begins, then “into”', {
    steps: given(500, { min: 1, integer: true }),
    into: given(0.001, { min: 0 }),
    from: fallback(0, { min: 0 }),
  }),
  technique('schedules', 'rate', 'oneCycle', 'the learning rate: up to the peak, then down to far below the start', {
    peak: given(0.1, { above: 0 }),
    steps: given(1000, { min: 2, integer: true }),
  }),
  technique(
    'schedules',
    'rates',
    'sequence',
    'the learning rate: one schedule after the other; here those right behind it in the list, each for so many updates, the last for ever',
    { steps: given(50, { min: 1, integer: true }) },
  ),
];
