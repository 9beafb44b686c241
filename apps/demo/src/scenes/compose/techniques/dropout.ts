/** What the catalogue of @keepprob/dropout offers here. Made from the catalogues: test/compose.test.ts says how. */
import { fallback, given } from '../option.ts';
import { type Technique, technique } from '../technique.ts';

export const dropout: readonly Technique[] = [
  technique('dropout', 'layer', 'dropout', 'drops elements, a new mask at every step', {
    keepProb: given(0.5, { min: 0.00001, max: 1 }),
  }),
  technique('dropout', 'layer', 'alphaDropout', 'drops to SELU’s lower limit α′ and keeps mean 0 and variance 1', {
    keepProb: given(0.8, { min: 0.00001, max: 1 }),
  }),
  technique('dropout', 'layer', 'gaussianDropout', 'multiplies by noise of mean 1', {
    keepProb: given(0.8, { min: 0.00001, max: 1 }),
  }),
  technique('dropout', 'layer', 'gaussianNoise', 'adds noise of mean 0', { stddev: given(0.1, { min: 0 }) }),
  technique(
    'dropout',
    'layer',
    'concreteDropout',
    'learns its rate r together with the weights of the layer after it',
    {
      initialRate: fallback(0.1, { above: 0, below: 1 }),
      temperature: fallback(0.1, { above: 0 }),
      weightRegularizer: fallback(0.000001, { min: 0 }),
      dropoutRegularizer: fallback(0.00001, { min: 0 }),
    },
    { l2: 'this already regularizes the same kernel' },
  ),
  technique(
    'dropout',
    'wrapper',
    'dropConnect',
    'drops weights, with one draw for the batch (the paper draws for each example, which would take a matrix product each); W at inference',
    { keepProb: given(0.8, { min: 0.00001, max: 1 }) },
    {
      weightNorm: 'inside dropConnect it would see a dropped kernel: put it outside',
      spectralNorm: 'put it outside, as weightNorm',
    },
  ),
  technique(
    'dropout',
    'plugin',
    'rDrop',
    'passes every batch twice, with two masks, and pulls the two predictions p and q together; in fit only',
    { strength: given(1, { min: 0 }) },
  ),
  technique(
    'dropout',
    'keepProb',
    'earlyDropout',
    "keepProb of dropout behind each hidden layer: rises evenly from keepProb to 1 within “steps” (with decline: 'constant', at once at the end); against underfitting",
    { keepProb: given(0.9, { min: 0.00001, max: 1 }), steps: given(1000, { min: 1, integer: true }) },
  ),
  technique(
    'dropout',
    'keepProb',
    'lateDropout',
    'keepProb of dropout behind each hidden layer: 1 for “steps” updates, then keepProb',
    { keepProb: given(0.9, { min: 0.00001, max: 1 }), steps: given(1000, { min: 1, integer: true }) },
  ),
  technique(
    'dropout',
    'keepProb',
    'curriculum',
    'keepProb of dropout behind each hidden layer: falls from 1, fast at first',
    { keepProb: given(0.5, { min: 0.00001, max: 1 }), steps: given(10000, { min: 1, integer: true }) },
  ),
];
